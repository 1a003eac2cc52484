"""How similar random passages of an index are: what similarities are held against. Pure."""

from __future__ import annotations

import numpy as np

from index.encoder import Vectors
from index.manifest import Scale

SCALE_SAMPLE = 512
"""Passages whose pairwise similarities give the scale of an index."""


def scale_of(vectors: Vectors) -> Scale:
    """Mean and spread of the cosine over all pairs of these unit vectors; of one passage or none, a neutral scale."""
    if len(vectors) < 2:
        return Scale(0.0, 1.0)
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].astype(np.float64)
    return Scale(round(float(cosines.mean()), 6), round(max(float(cosines.std()), 1e-3), 6))
