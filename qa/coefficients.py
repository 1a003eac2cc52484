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
        intercept=-1.3219,
        coefficients={
            "near": Coefficient(0.5305, 0.1345, 1.6508),
            "similarity": Coefficient(0.8898, 0.3861, 0.9571),
            "names_missing": Coefficient(0.3396, 0.4736, -0.4107),
            "weightiest_missing": Coefficient(0.7132, 0.2895, -0.3503),
            "negation_missing": Coefficient(0.0304, 0.1716, -0.4332),
            "year_named": Coefficient(0.3292, 0.4699, 0.2209),
            "years_unmet": Coefficient(0.0804, 0.2323, -0.3259),
            "years_outside": Coefficient(0.0231, 0.1459, -0.4376),
            "kind_missing": Coefficient(0.0526, 0.2233, -0.1607),
            "terms": Coefficient(6.5472, 2.3077, 0.427),
        },
    ),
}
"""By the fingerprint of the model. A coefficient: mean, spread, weight."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "ab484194074b410a4b7e0ff83fb46bef": (
        "set       answerable  not  AUROC  target    ECE  chance  P@R.5  left out: AUROC  ECE",
        "removal           70   66  0.841    0.82  0.053   0.080   0.92            0.777 0.07",
        "off               70  600  0.991    0.98  0.045   0.019   1.00            0.982 0.10",
        "squad2           600  600  0.707    0.68  0.040   0.030   0.69            0.658 0.15",
        "timeqa           400  189  0.693     0.6  0.048   0.039   0.52            0.698 0.23",
        "written           70   10  0.901          0.255   0.107   0.62",
    ),
}
"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""
