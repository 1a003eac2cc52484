"""What was fitted for the confidence, and what it earned. Written by a command, not by hand:

    python -m tests.benchmarks.confidence --write [--model NAME]

A calibration holds for the model of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.confidence.calibration import Calibration, Coefficient

DEFAULT = "cc40d52dba7965c2896794e490e0ab1f"
"""The fingerprint of the default model."""

CALIBRATIONS: Mapping[str, Calibration] = {
    "ab484194074b410a4b7e0ff83fb46bef": Calibration(
        model="all-MiniLM-L6-v2",
        knot=0.8,
        intercept=-0.7309,
        coefficients={
            "near": Coefficient(0.6862, 0.2013, 1.0317),
            "similarity": Coefficient(0.935, 0.3809, 0.6355),
            "names_missing": Coefficient(0.347, 0.4761, -0.2473),
            "names_apart": Coefficient(0.6586, 0.5951, -0.2377),
            "weightiest_missing": Coefficient(0.6828, 0.2864, -0.3457),
            "negation_missing": Coefficient(0.0316, 0.1749, -0.4954),
            "year_named": Coefficient(0.4021, 0.4903, 0.4647),
            "years_unmet": Coefficient(0.0948, 0.2454, -0.3863),
            "years_outside": Coefficient(0.015, 0.1185, -0.3554),
            "number_missing": Coefficient(0.0155, 0.1235, -0.2062),
            "terms": Coefficient(6.662, 2.1369, 0.4807),
            "search_terms": Coefficient(0.0365, 0.1876, 0.3303),
        },
    ),
    "cc40d52dba7965c2896794e490e0ab1f": Calibration(
        model="all-MiniLM-L6-v2",
        knot=0.8,
        intercept=-0.8812,
        coefficients={
            "near": Coefficient(0.6738, 0.2099, 1.1175),
            "similarity": Coefficient(0.9101, 0.3886, 0.6564),
            "names_missing": Coefficient(0.354, 0.4785, -0.246),
            "names_apart": Coefficient(0.6575, 0.5928, -0.2532),
            "weightiest_missing": Coefficient(0.6934, 0.2873, -0.3451),
            "negation_missing": Coefficient(0.0303, 0.1715, -0.5146),
            "year_named": Coefficient(0.3887, 0.4875, 0.4644),
            "years_unmet": Coefficient(0.0922, 0.2429, -0.3812),
            "years_outside": Coefficient(0.0154, 0.1203, -0.3609),
            "number_missing": Coefficient(0.016, 0.1256, -0.2103),
            "terms": Coefficient(6.6338, 2.1334, 0.4895),
            "search_terms": Coefficient(0.0355, 0.1851, 0.34),
        },
    ),
}
"""By the fingerprint of the model. A coefficient: mean, spread, weight."""

FIGURES: Mapping[str, tuple[str, ...]] = {
    "ab484194074b410a4b7e0ff83fb46bef": (
        "set       answerable   not  AUROC  target    ECE  chance  Brier  P@R.5  left out: AUROC  ECE",
        "removal           70    66  0.871    0.82  0.046   0.081  0.148   0.92            0.804 0.06",
        "off               70   600  0.991    0.98  0.050   0.018  0.018   1.00            0.983 0.11",
        "squad2          2907  3162  0.723    0.68  0.033   0.013  0.212   0.75            0.680 0.11",
        "timeqa           400   189  0.685     0.6  0.048   0.038  0.196   0.51            0.688 0.24",
        "terms            107   154  0.894          0.071   0.051  0.129   0.92            0.905 0.11",
        "written           70    10  0.926          0.236   0.103  0.136   0.62",
    ),
    "cc40d52dba7965c2896794e490e0ab1f": (
        "set       answerable   not  AUROC  target    ECE  chance  Brier  P@R.5  left out: AUROC  ECE",
        "removal           70    66  0.877    0.82  0.045   0.081  0.144   0.92            0.810 0.05",
        "off               70   600  0.997    0.98  0.048   0.018  0.017   1.00            0.996 0.11",
        "squad2          2907  3162  0.723    0.68  0.038   0.013  0.212   0.75            0.720 0.08",
        "timeqa           400   189  0.685     0.6  0.043   0.038  0.196   0.51            0.687 0.23",
        "terms            107   154  0.893          0.065   0.050  0.130   0.93            0.905 0.11",
        "written           70    10  0.929          0.232   0.107  0.131   0.71",
    ),
}
"""Out of fold. `chance`: the calibration error that a perfect model would show on so few cases."""
