"""What was fitted for the confidence, and what it earned. Written by a command, not by hand:

python -m tests.benchmarks.confidence --write [--model NAME]
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.calibration import Calibration, Coefficient

DEFAULT = "ab484194074b410a4b7e0ff83fb46bef"
"""The fingerprint of the default model."""

CALIBRATIONS: Mapping[str, Calibration] = {
    "ab484194074b410a4b7e0ff83fb46bef": Calibration(
        model="all-MiniLM-L6-v2",
        knot=0.4,
        intercept=-1.0204,
        coefficients={
            "near": Coefficient(0.3777, 0.0562, 1.9805),
            "similarity": Coefficient(0.5944, 0.1827, 0.7354),
            "names_missing": Coefficient(0.3527, 0.4892, -0.4299),
            "weightiest_missing": Coefficient(0.6908, 0.2971, -0.3422),
            "negation_missing": Coefficient(0.0351, 0.184, -0.4776),
            "year_named": Coefficient(0.3162, 0.465, 0.2407),
            "years_unmet": Coefficient(0.1353, 0.3116, -0.1099),
            "years_outside": Coefficient(0.0255, 0.1524, -0.4571),
            "kind_missing": Coefficient(0.0594, 0.2364, -0.2041),
            "terms": Coefficient(6.556, 2.3213, 0.3989),
        },
    ),
}
"""By the fingerprint of the model. A coefficient: mean, spread, weight."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "ab484194074b410a4b7e0ff83fb46bef": (
        "set       answerable  not  AUROC  target    ECE  chance  P@R.5  left out: AUROC  ECE",
        "removal           70   66  0.854    0.82  0.055   0.085   0.87            0.769 0.10",
        "off               70  600  0.993    0.98  0.036   0.019   1.00            0.979 0.14",
        "squad2           600  600  0.708    0.68  0.050   0.030   0.71            0.660 0.22",
        "timeqa           400  189  0.646     0.6  0.060   0.039   0.45            0.649 0.35",
        "written           70   10  0.906          0.263   0.107   0.62",
    ),
}
"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""
