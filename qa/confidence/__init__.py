"""Estimate the probability that passages answer a question."""
