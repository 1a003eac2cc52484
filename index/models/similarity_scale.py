"""Measure the range of a model's cosines, to make the similarities of different models comparable.

Measured on question-answer pairs that come with the program, so that the scale depends on the model alone. The spread
of the cosines within the index, tried first, depends on its texts: three yearbooks that share their titles differ from
a hundred unrelated articles, and every added document would shift the weights of the ranking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.models.encoder import Encoder


@dataclass(frozen=True, slots=True)
class SimilarityScale:
    """Range of a model's cosines."""

    mean: float
    """Mean cosine of unrelated question-passage pairs."""
    spread: float
    """How much higher the mean cosine of matching pairs is."""


PAIRS = (
    (
        "How many ships did the coast guard escort last year?",
        "In the past year the coast guard escorted 38 merchant ships through the strait.",
    ),
    ("When was the new bridge opened to traffic?", "Cars crossed the new bridge for the first time in May 1997."),
    ("Why did the price of wheat rise?", "A drought in the main growing regions made wheat dearer."),
    (
        "Who wrote the first history of the town?",
        "The oldest account of the town's past is by the schoolmaster Johann Weiss.",
    ),
    ("What does the museum show?", "Among the museum's exhibits are fossils, minerals and stuffed birds."),
    ("Which company won the contract for the railway?", "The order to build the railway went to Northern Steel."),
    ("How is the vaccine stored?", "The vaccine has to be kept in a refrigerator between two and eight degrees."),
    ("What causes earthquakes?", "The ground shakes when plates of the Earth's crust slip past each other."),
    ("Where do the salmon spawn?", "Salmon lay their eggs in the gravel of the upper river."),
    ("How much did the government spend on schools?", "Expenditure on education came to 4.2 billion euros."),
    ("What did the court decide about the patent?", "The judges held that the patent was invalid."),
    ("How does a sailplane stay in the air?", "A glider gains height by circling in rising warm air."),
    ("Which languages are spoken in the valley?", "People of the valley speak Ladin and German."),
    (
        "What was discussed at the summit on climate?",
        "Heads of government talked about emissions and the warming of the atmosphere.",
    ),
    ("How long does it take to bake the bread?", "The loaf stays in the oven for fifty minutes."),
    ("Who led the orchestra after the war?", "From 1946 the conductor of the orchestra was Clara Benn."),
)
"""Questions and sentences that answer them, one subject per pair. Changing them changes every score."""


def measure_scale(encoder: Encoder) -> SimilarityScale:
    """Measure the scale of an encoder's model on `PAIRS`."""
    questions = encoder.encode([question for question, _ in PAIRS], query=True)
    answers = encoder.encode([answer for _, answer in PAIRS])
    cosines = (questions @ answers.T).astype(np.float64)
    related = float(cosines.diagonal().mean())
    unrelated = float(cosines[~np.eye(len(PAIRS), dtype=bool)].mean())
    return SimilarityScale(round(unrelated, 6), round(max(related - unrelated, 1e-3), 6))
