"""Writes `qa/confidence/coefficients.py`: the calibrations by the fingerprint of their model, with the figures they
earned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qa.confidence.calibration import Calibration
from qa.confidence.coefficients import CALIBRATIONS, DEFAULT, FIGURES

TARGET = Path(__file__).resolve().parents[2] / "qa" / "confidence" / "coefficients.py"

_HEAD = '''"""What was fitted for the confidence, and what it earned. Written by a command, not by hand:

    python -m tests.benchmarks.confidence --write [--model NAME]

A calibration holds for the model of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.confidence.calibration import Calibration, Coefficient

DEFAULT = "{default}"
"""The fingerprint of the default model."""

'''


def write(fingerprint: str, calibration: Calibration, figures: Sequence[str], *, default: str = DEFAULT) -> None:
    """Put the calibration of this fingerprint beside those that are there."""
    calibrations = {**CALIBRATIONS, fingerprint: replace(calibration)}
    all_figures = {**FIGURES, fingerprint: tuple(figures)}
    TARGET.write_text(text(default, calibrations, all_figures), encoding="utf-8")


def text(default: str, calibrations: dict[str, Calibration], figures: dict[str, tuple[str, ...]]) -> str:
    """The module's text, formatted as the formatter leaves it."""
    lines = ["CALIBRATIONS: Mapping[str, Calibration] = {"]
    for fingerprint, one in calibrations.items():
        lines += [f'    "{fingerprint}": Calibration(', f"        model={_quoted(one.model)},"]
        lines += [f"        knot={one.knot},", f"        intercept={one.intercept},", "        coefficients={"]
        lines += [
            f'            "{name}": Coefficient({item.mean}, {item.spread}, {item.weight}),'
            for name, item in one.coefficients.items()
        ]
        lines += ["        },", "    ),"]
    lines += ["}", '"""By the fingerprint of the model. A coefficient: mean, spread, weight."""', ""]
    lines += ["FIGURES: Mapping[str, tuple[str, ...]] = {"]
    for fingerprint, some in figures.items():
        lines += [f'    "{fingerprint}": (', *(f"        {_quoted(line)}," for line in some), "    ),"]
    lines += [
        "}",
        '"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""',
    ]
    return _HEAD.format(default=default) + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
