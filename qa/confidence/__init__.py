"""Confidence: the calibrated probability that passages answer a question."""
