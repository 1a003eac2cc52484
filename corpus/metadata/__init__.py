"""Infer title, series, edition, covered years and language from a document."""
