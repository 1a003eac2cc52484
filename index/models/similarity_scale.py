"""Measure the range of a model's cosines, to make the similarities of different models comparable.

Measured on 200 question-answer pairs that come with the program, so that the scale depends on the model alone. The
spread of the cosines within the index, tried first, depends on its texts: three yearbooks that share their titles
differ from a hundred unrelated articles, and every added document would shift the weights of the ranking.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.filesystem import cache_folder
from index.models.encoder import Encoder

PAIRS_FILE = Path(__file__).with_name("scale_pairs.tsv")
"""One pair per line: kind, question and answer, each pair about another subject. The kinds are facts, questions in
everyday words, keywords, and other languages. Changing the pairs changes every score."""

Cosines = TypeVar("Cosines", float, npt.NDArray[np.float64])

CLEAR_MATCH = 1.24
"""Distance of a clear match from unrelated texts, as a multiple of that of the median matching pair.

Calibrated so that all-MiniLM-L6-v2 keeps the scale of existing indexes.
"""

CLEAR_RELATEDNESS = 0.58
"""Relatedness of a clear match, between 0 (unrelated) and 1 (equal): with it, the small model's map is linear."""


@dataclass(frozen=True, slots=True)
class SimilarityScale:
    """Range of a model's cosines."""

    mean: float
    """Median cosine of unrelated question-passage pairs."""
    spread: float
    """Difference between the cosine of a clear match and `mean`."""

    def standardise(self, cosine: Cosines) -> Cosines:
        """Map a cosine, or an array of them, linearly: 0 for unrelated texts, 1 for a clear match."""
        return (cosine - self.mean) / self.spread

    def relatedness(self, cosines: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Map cosines to [0, 1], linearly from 0 (unrelated) to CLEAR_RELATEDNESS (a clear match) and on to 1 (equal).

        Thresholds on it mean the same for every model: the cosines of some models lie between .7 and 1.
        """
        clear = min(self.mean + self.spread, 1 - 1e-6)
        return np.asarray(np.interp(cosines, [self.mean, clear, 1.0], [0.0, CLEAR_RELATEDNESS, 1.0]), dtype=np.float64)


class Pair(NamedTuple):
    """A question, a text that answers it, and the kind of the question."""

    kind: str
    question: str
    answer: str


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the pairs that come with the program."""
    return tuple(Pair(*line.split("\t")) for line in PAIRS_FILE.read_text(encoding="utf-8").splitlines())


def measure_scale(encoder: Encoder) -> SimilarityScale:
    """Measure the scale of an encoder's model on `pairs()`, once per model and machine.

    The medians ignore the kinds of pairs that a model does not understand, such as other languages.
    """
    key = hashlib.sha256(f"{CLEAR_MATCH}\0{encoder.fingerprint}\0{pairs()}".encode()).hexdigest()[:32]
    memo = cache_folder() / "scales" / f"{key}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return SimilarityScale(**json.loads(memo.read_text(encoding="ascii")))
    questions = encoder.encode([pair.question for pair in pairs()], query=True)
    answers = encoder.encode([pair.answer for pair in pairs()])
    cosines = (questions @ answers.T).astype(np.float64)
    related = float(np.median(cosines.diagonal()))
    unrelated = float(np.median(cosines[~np.eye(len(cosines), dtype=bool)]))
    scale = SimilarityScale(round(unrelated, 6), round(max(CLEAR_MATCH * (related - unrelated), 1e-3), 6))
    with contextlib.suppress(OSError):  # a read-only cache: measured again next time
        memo.parent.mkdir(parents=True, exist_ok=True)
        memo.write_text(json.dumps(asdict(scale)), encoding="ascii")
    return scale
