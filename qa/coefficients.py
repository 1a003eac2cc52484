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
        knot=0.62,
        intercept=-1.2839,
        coefficients={
            "near": Coefficient(0.5465, 0.14, 1.5469),
            "similarity": Coefficient(0.891, 0.3837, 0.9583),
            "names_missing": Coefficient(0.3324, 0.4711, -0.4288),
            "weightiest_missing": Coefficient(0.7129, 0.2899, -0.3517),
            "negation_missing": Coefficient(0.0302, 0.171, -0.4346),
            "year_named": Coefficient(0.3292, 0.4699, 0.2102),
            "years_unmet": Coefficient(0.0768, 0.229, -0.3342),
            "years_outside": Coefficient(0.0231, 0.1459, -0.4376),
            "kind_missing": Coefficient(0.0547, 0.2273, -0.1699),
            "terms": Coefficient(6.6579, 2.1396, 0.4541),
        },
    ),
}
"""By the fingerprint of the model. A coefficient: mean, spread, weight."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "ab484194074b410a4b7e0ff83fb46bef": (
        "set       answerable  not  AUROC  target    ECE  chance  P@R.5  left out: AUROC  ECE",
        "removal           70   66  0.852    0.82  0.067   0.080   0.92            0.791 0.07",
        "off               70  600  0.992    0.98  0.045   0.019   1.00            0.981 0.14",
        "squad2           600  600  0.710    0.68  0.038   0.030   0.70            0.659 0.15",
        "timeqa           400  189  0.686     0.6  0.055   0.039   0.52            0.690 0.22",
        "written           70   10  0.906          0.251   0.110   0.62",
    ),
}
"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""
