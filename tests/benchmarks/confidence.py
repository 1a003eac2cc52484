"""Fits the confidence on development sets, and prints its quality out of fold.

    python -m tests.benchmarks.confidence [--model NAME] [--write] [--work DIR] [--ablation]

Ten folds by question (by paragraph or page of the public sets), one fit over all sets: the figures of a question come
from coefficients fitted without it. `left out` fits on the other sets only. `--write` writes the coefficients of the
model to `qa/confidence/coefficients.py` and keeps those of other models. Vectors are cached by the fingerprint of the
model, by default in the cache folder; indexes are always rebuilt.
"""

from __future__ import annotations

import argparse
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.models.encoder import load
from index.models.packaged_models import DEFAULT_MODEL
from qa.confidence.calibration import Calibration, Coefficient, regression_inputs
from qa.confidence.confidence import THRESHOLD
from qa.evaluation.measures import auroc, mean_with_interval
from tests.benchmarks import coefficients_file
from tests.benchmarks.confidence_sets import Case, Sets
from tests.benchmarks.logistic import (
    Array,
    Fitted,
    calibration_error,
    chance_error,
    fit,
    precision_of_refusal,
    reliability,
)
from tests.benchmarks.ranking_sets import CACHE
from tests.benchmarks.vectors import KeptVectors
from tests.paths import DATA

SIGNS = {
    "capped_similarity": 1,
    "similarity": 1,
    "names_missing": -1,
    "names_missing_from_best_sentence": -1,
    "heaviest_missing_term": -1,
    "negation_missing": -1,
    "year_named": 0,
    "years_unmet": -1,
    "years_not_covered": -1,
    "number_missing": -1,
    "term_count": 0,
    "is_keyword_query": 0,
}
"""The sign each weight must have; 0 allows both."""

COUNTS = {"removal": 1.0, "off": 3.5, "squad2": 3.5, "timeqa": 4.0, "terms": 0.3}
"""Total weight of the cases of a set: between their numbers (136, 670, 6069, 589, 263) and equal weights, since the
probability must hold in each set. Similar proportions changed no figure by more than chance."""

TARGETS = {"removal": 0.82, "off": 0.98, "squad2": 0.68, "timeqa": 0.60}
LEFT_OUT = (("removal", "off", "terms"), ("squad2",), ("timeqa",))
"""Sets that are left out together, since they share questions."""

FOLDS = 10
KNOT = 0.8
"""The similarity above which more of it says less (1 as for an answer). More knots, at .6 and 1, separated the cases no
better; without a knot the confidence of questions about other topics was too high."""


class Fit:
    """Coefficients fitted on some cases."""

    def __init__(self, sets: Mapping[str, Sequence[Case]], names: Sequence[str]) -> None:
        self.names, self.knot = names, KNOT
        cases = [(name, item) for name, some in sets.items() for item in some if item.features]
        sizes = {name: sum(item.features is not None for item in some) for name, some in sets.items()}
        self.fitted: Fitted = fit(
            self._features([item for _, item in cases]),
            np.array([float(item.answerable) for _, item in cases]),
            np.array([COUNTS[name] / sizes[name] for name, _ in cases]),
            [SIGNS[name] for name in names],
        )

    def _features(self, cases: Sequence[Case]) -> Array:
        values = [regression_inputs(case.features, self.knot) for case in cases if case.features]
        return np.array([[value[name] for name in self.names] for value in values])

    def predict(self, cases: Sequence[Case]) -> Array:
        """Return the probability of each case, 0 without hits."""
        result = np.array([case.features is not None for case in cases])
        out = np.zeros(len(cases))
        if result.any():
            out[result] = self.fitted.predict(self._features(cases))
        return out

    def calibration(self, model: str) -> Calibration:
        """Return the fit as a calibration."""
        fitted = self.fitted
        return Calibration(
            model,
            self.knot,
            round(fitted.intercept, 4),
            {
                name: Coefficient(round(float(mean), 4), round(float(spread), 4), round(float(weight), 4))
                for name, mean, spread, weight in zip(
                    self.names, fitted.means, fitted.spreads, fitted.weights, strict=True
                )
            },
        )


def fold(case: Case) -> int:
    """Return the fold of a case; all cases of a group are in one fold."""
    return zlib.crc32(case.group.encode()) % FOLDS


def out_of_fold(sets: Mapping[str, Sequence[Case]], names: Sequence[str]) -> dict[str, Array]:
    """Return the probabilities of each set, by coefficients fitted without the fold of a case."""
    result = {name: np.zeros(len(cases)) for name, cases in sets.items()}
    for number in range(FOLDS):
        trained = Fit({name: [item for item in sets[name] if fold(item) != number] for name in COUNTS}, names)
        for name, cases in sets.items():
            here = np.array([fold(case) == number for case in cases])
            result[name][here] = trained.predict([case for case in cases if fold(case) == number])
    return result


def left_out(sets: Mapping[str, Sequence[Case]], names: Sequence[str]) -> dict[str, Array]:
    """Return the probabilities of each set, by coefficients fitted on the other sets."""
    result: dict[str, Array] = {}
    for some in LEFT_OUT:
        trained = Fit({name: sets[name] for name in COUNTS if name not in some}, names)
        result |= {name: trained.predict(sets[name]) for name in some}
    return result


def truth(cases: Sequence[Case]) -> Array:
    """Return 1 for an answerable case, else 0."""
    return np.array([float(case.answerable) for case in cases])


def area(probabilities: Array, answerable: Array) -> float:
    """Return the area under the ROC curve."""
    return auroc(list(probabilities[answerable == 1]), list(probabilities[answerable == 0])) or 0.0


def table(sets: Mapping[str, Sequence[Case]], names: Sequence[str]) -> list[str]:
    """Return the figures, one line per set."""
    within, without = out_of_fold(sets, names), left_out(sets, names)
    head = f"{'set':<9}{'answerable':>11}{'not':>6}{'AUROC':>7}{'target':>8}{'ECE':>7}{'chance':>8}{'Brier':>7}"
    lines = [f"{head}{'P@R.5':>7}  left out: AUROC  ECE"]
    for name, cases in sets.items():
        values, true = within[name], truth(cases)
        line = f"{name:<9}{int(true.sum()):>11}{int((1 - true).sum()):>6}{area(values, true):>7.3f}"
        line += f"{TARGETS.get(name, ''):>8}{calibration_error(values, true):>7.3f}{chance_error(values):>8.3f}"
        line += f"{float(np.mean((values - true) ** 2)):>7.3f}{precision_of_refusal(values, true):>7.2f}"
        if name in without:
            line += f"{area(without[name], true):>17.3f}{calibration_error(without[name], true):>5.2f}"
        lines.append(line)
    return lines


def reliability_table(sets: Mapping[str, Sequence[Case]], values: Mapping[str, Array]) -> list[str]:
    """Return, for each fifth of [0, 1], the mean probability, the share of answerable cases, and their number."""
    lines = [f"{'predicted / observed':<20}" + "".join(f"{f'{n / 5:.1f} to {(n + 1) / 5:.1f}':>18}" for n in range(5))]
    for name in COUNTS:
        cells = {
            min(int(mean * 5), 4): f"{mean:.2f} / {share:.2f} ({size})"
            for mean, share, size in reliability(values[name], truth(sets[name]), 5)
        }
        lines.append(f"{name:<20}" + "".join(f"{cells.get(number, '-'):>18}" for number in range(5)))
    return lines


def threshold_table(sets: Mapping[str, Sequence[Case]], values: Mapping[str, Array]) -> list[str]:
    """Return the shares of answerable and unanswerable questions that each threshold refuses."""
    lines = ["refused below" + "".join(f"{name:>16}" for name in sets) + "   (of the answerable / unanswerable)"]
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        line = f"{threshold:<13}"
        for name, cases in sets.items():
            refused, true = values[name] < threshold, truth(cases)
            line += f"{f'{refused[true == 1].mean():.3f} / {refused[true == 0].mean():.2f}':>16}"
        lines.append(line + (" <- THRESHOLD" if abs(threshold - THRESHOLD) < 1e-9 else ""))
    return lines


def written_line(sets: Mapping[str, Sequence[Case]], values: Mapping[str, Array]) -> str:
    """Return the share of handwritten unanswerable questions that are refused, with its interval."""
    true = truth(sets["written"])
    result = mean_with_interval([float(value < THRESHOLD) for value in values["written"][true == 0]])
    assert result is not None
    return f"handwritten unanswerable questions refused: {result.value:.2f} ({result.low:.2f} to {result.high:.2f})"


def ablation(sets: Mapping[str, Sequence[Case]]) -> list[str]:
    """Return AUROC / ECE out of fold, without each feature in turn."""
    lines = [f"{'without':<20}" + "".join(f"{name:>15}" for name in TARGETS)]
    for item in ("", *SIGNS):
        values = out_of_fold(sets, [name for name in SIGNS if name != item])
        line = f"{item or '(all)':<20}"
        for name in TARGETS:
            true = truth(sets[name])
            line += f"{f'{area(values[name], true):.3f} / {calibration_error(values[name], true):.3f}':>15}"
        lines.append(line)
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, and write the coefficients with `--write`."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.confidence", description="Fit the confidence.")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--work", type=Path, default=CACHE, help="cache folder of vectors")
    parser.add_argument("--write", action="store_true", help="write qa/confidence/coefficients.py")
    parser.add_argument("--ablation", action="store_true", help="print the figures without each feature")
    options = parser.parse_args(arguments)
    if not (DATA / "datasets").is_dir():
        print(f"skipped: no {DATA / 'datasets'} (set YEARBOOK_QA_DATA to the folder that holds seeds-eval/, datasets/)")
        return 0
    encoder = load(options.model)
    with tempfile.TemporaryDirectory() as temporary:
        kept = KeptVectors(encoder, options.work)
        sets = Sets(DATA, Path(temporary), kept).all()
        kept.close()
    print(f"fitted for {options.model}, {encoder.fingerprint}; {kept.encoded} texts encoded\n")
    report(sets, options.ablation)
    if options.write:
        names = list(SIGNS)
        trained = Fit({name: sets[name] for name in COUNTS}, names)
        coefficients_file.write(encoder.fingerprint, trained.calibration(options.model), table(sets, names))
    return 0


def report(sets: Mapping[str, Sequence[Case]], with_ablation: bool) -> None:
    """Print all tables."""
    values = out_of_fold(sets, list(SIGNS))
    print(*table(sets, list(SIGNS)), "", *reliability_table(sets, values), "", sep="\n")
    print(*threshold_table(sets, values), "", written_line(sets, values), sep="\n")
    if with_ablation:
        print("", *ablation(sets), sep="\n")


if __name__ == "__main__":
    raise SystemExit(main())
