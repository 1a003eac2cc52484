"""What was fitted for the confidence, and what it earned. Written by a command, not by hand:

    python -m tests.benchmarks.confidence --write [--model NAME]

A calibration holds for the model of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.calibration import Calibration, Coefficient

DEFAULT = "ab484194074b410a4b7e0ff83fb46bef"
"""The fingerprint of the default model."""

CALIBRATIONS: Mapping[str, Calibration] = {
    "ab484194074b410a4b7e0ff83fb46bef": Calibration(
        model="all-MiniLM-L6-v2",
        knot=0.6,
        intercept=-1.3068,
        coefficients={
            "near": Coefficient(0.5304, 0.1345, 1.6052),
            "similarity": Coefficient(0.889, 0.3861, 0.9586),
            "names_missing": Coefficient(0.3363, 0.4721, -0.4414),
            "weightiest_missing": Coefficient(0.7124, 0.2901, -0.3489),
            "negation_missing": Coefficient(0.0306, 0.1723, -0.4381),
            "year_named": Coefficient(0.3292, 0.4699, 0.1934),
            "years_unmet": Coefficient(0.0788, 0.2314, -0.2837),
            "years_outside": Coefficient(0.0231, 0.1459, -0.4376),
            "kind_missing": Coefficient(0.0526, 0.2233, -0.1664),
            "terms": Coefficient(6.6579, 2.1396, 0.4575),
        },
    ),
}
"""By the fingerprint of the model. A coefficient: mean, spread, weight."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "ab484194074b410a4b7e0ff83fb46bef": (
        "set       answerable  not  AUROC  target    ECE  chance  P@R.5  left out: AUROC  ECE",
        "removal           70   66  0.845    0.82  0.065   0.082   0.92            0.778 0.07",
        "off               70  600  0.992    0.98  0.048   0.018   1.00            0.982 0.12",
        "squad2           600  600  0.709    0.68  0.040   0.030   0.71            0.659 0.15",
        "timeqa           400  189  0.683     0.6  0.053   0.041   0.51            0.687 0.24",
        "written           70   10  0.907          0.253   0.109   0.62",
    ),
}
"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""
