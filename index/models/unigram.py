"""A Unigram vocabulary as a memory-mapped hash table, for the single text of a question.

A multilingual vocabulary has 250,000 pieces. `tokenizers` builds a trie of them when it loads: 0.6 s and 270 MB before
the first question. This module keeps the pieces in a file that is mapped and searched in place; normalization and word
splitting are still done by `tokenizers`, with the vocabulary left out. The segmentation is that of `tokenizers`
(Viterbi search for the most probable pieces, Kudo 2018), which tests compare on text in many scripts. Batches use
`tokenizers` itself: it is faster per text and its loading time does not matter there.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PIECES, RULES = "pieces.bin", "tokenizer_rules.json"

_MAGIC = b"YQU1"
_HEADER = struct.Struct("<4sIIIIId")  # magic, pieces, slots, bytes of text, longest piece, unknown piece, its score
_UNKNOWN_PENALTY = 10.0
"""Difference between the lowest score of a piece and the score of an unknown character; as in `tokenizers`."""

_FREE = 0xFFFFFFFF
_SMALLEST = 50_000
"""Vocabularies with fewer pieces load in `tokenizers` in under 0.1 s and are left to it."""


def write(tokenizer_file: Path, folder: Path) -> bool:
    """Write the vocabulary of a `tokenizer.json` as `pieces.bin`, and its rules without the vocabulary.

    Returns:
        False, with nothing written, where the tokenizer is not a large Unigram model of the usual form.
    """
    definition: dict[str, Any] = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    model = definition["model"]
    if model.get("type") != "Unigram" or model.get("byte_fallback") or len(model["vocab"]) < _SMALLEST:
        return False
    vocabulary, unknown = model["vocab"], model["unk_id"]
    encoded = [piece.encode("utf-8") for piece, _ in vocabulary]
    slots = 1 << (2 * len(encoded) - 1).bit_length()
    table = [_FREE] * slots
    for number, piece in enumerate(encoded):
        slot = zlib.crc32(piece) & (slots - 1)
        while table[slot] != _FREE:
            slot = (slot + 1) & (slots - 1)
        table[slot] = number
    offsets = [0]
    for piece in encoded:
        offsets.append(offsets[-1] + len(piece))
    score = min(score for _, score in vocabulary) - _UNKNOWN_PENALTY
    with (folder / PIECES).open("wb") as stream:
        longest = max(map(len, encoded))
        stream.write(_HEADER.pack(_MAGIC, len(encoded), slots, offsets[-1], longest, unknown, score))
        stream.write(struct.pack(f"<{len(encoded)}d", *(score for _, score in vocabulary)))
        stream.write(struct.pack(f"<{slots}I", *table))
        stream.write(struct.pack(f"<{len(offsets)}I", *offsets))
        stream.write(b"".join(encoded))
    needed = {unknown} | {token["id"] for token in definition["added_tokens"]}
    definition["model"] = {
        **model,
        "unk_id": 0,
        "vocab": [vocabulary[unknown], *_entries(vocabulary, needed - {unknown})],
    }
    (folder / RULES).write_text(json.dumps(definition, ensure_ascii=False), encoding="utf-8")
    return True


def _entries(vocabulary: Sequence[Any], numbers: set[int]) -> list[Any]:
    return [vocabulary[number] for number in sorted(numbers) if number < len(vocabulary)]


class UnigramVocabulary:
    """Segments texts with a vocabulary written by `write`. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files in `folder`; raises OSError or ValueError where they are missing or damaged."""
        from tokenizers import Tokenizer

        definition = json.loads((folder / RULES).read_text(encoding="utf-8"))
        self._special = {token["content"]: token["id"] for token in definition["added_tokens"]}
        template = definition["post_processor"]
        tokens = template["special_tokens"]
        before, after = _around_text(template["single"])
        self._before = [number for name in before for number in tokens[name]["ids"]]
        self._after = [number for name in after for number in tokens[name]["ids"]]
        self._rules: Tokenizer = Tokenizer.from_file(str(folder / RULES))
        with (folder / PIECES).open("rb") as stream:
            view = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        magic, pieces, slots, size, self._longest, self._unknown, self._unknown_score = _HEADER.unpack_from(view)
        bounds = [_HEADER.size]
        for length in (8 * pieces, 4 * slots, 4 * (pieces + 1), size):
            bounds.append(bounds[-1] + length)
        if magic != _MAGIC or len(view) != bounds[-1]:
            raise ValueError(f"{folder / PIECES} is damaged")
        self._mask = slots - 1
        self._scores = view[bounds[0] : bounds[1]].cast("d")
        self._table = view[bounds[1] : bounds[2]].cast("I")
        self._offsets = view[bounds[2] : bounds[3]].cast("I")
        self._text = view[bounds[3] :]

    def encode(self, text: str, max_tokens: int) -> list[int] | None:
        """Return the token numbers of a text, special tokens included, cut to `max_tokens`.

        Returns None for a text that spells out a special token, such as `<mask>`: `tokenizers` treats these specially.
        """
        if any(token in text for token in self._special):
            return None
        numbers: list[int] = []
        for word, _ in self._rules.pre_tokenizer.pre_tokenize_str(self._rules.normalizer.normalize_str(text)):
            numbers += self._segment(word)
        room = max_tokens - len(self._before) - len(self._after)
        return [*self._before, *numbers[:room], *self._after]

    def _segment(self, word: str) -> list[int]:
        """Return the pieces of the most probable segmentation; runs of unknown characters become one."""
        data = word.encode("utf-8")
        ends, place = [], 0  # where each character ends, in bytes
        for character in word:
            place += len(character.encode("utf-8"))
            ends.append(place)
        scores: list[float | None] = [None] * (len(data) + 1)
        scores[0] = 0.0
        came: list[tuple[int, int]] = [(0, 0)] * (len(data) + 1)
        start = 0
        for first, end_of_first in enumerate(ends):
            base = scores[start] or 0.0  # reached by the piece or the unknown piece of every character before
            single = False
            for end in ends[first:]:
                if end - start > self._longest:
                    break
                number = self._find(data[start:end])
                if number is not None:
                    single = single or end == end_of_first
                    self._extend(scores, came, start, end, number, base + self._scores[number])
            if not single:
                self._extend(scores, came, start, end_of_first, self._unknown, base + self._unknown_score)
            start = end_of_first
        return self._trace(data, came)

    @staticmethod
    def _extend(
        scores: list[float | None], came: list[tuple[int, int]], start: int, end: int, number: int, score: float
    ) -> None:
        best = scores[end]
        if best is None or score > best:
            scores[end], came[end] = score, (start, number)

    def _trace(self, data: bytes, came: Sequence[tuple[int, int]]) -> list[int]:
        numbers: list[int] = []
        end, unknown_end = len(data), None
        while end > 0:
            start, number = came[end]
            if number == self._unknown:
                if unknown_end is None:
                    unknown_end = end
                    numbers.append(number)
                piece = self._find(data[start:unknown_end])
                numbers[-1] = self._unknown if piece is None else piece
            else:
                unknown_end = None
                numbers.append(number)
            end = start
        return numbers[::-1]

    def _find(self, piece: bytes) -> int | None:
        """Return the number of a piece, or None."""
        slot = zlib.crc32(piece) & self._mask
        while (number := int(self._table[slot])) != _FREE:
            if self._text[self._offsets[number] : self._offsets[number + 1]] == piece:
                return number
            slot = (slot + 1) & self._mask
        return None


def _around_text(template: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the names of the special tokens before and after the text in a post-processor's template."""
    before: list[str] = []
    after: list[str] = []
    side = before
    for item in template:
        if "SpecialToken" in item:
            side.append(item["SpecialToken"]["id"])
        else:
            side = after
    return before, after
