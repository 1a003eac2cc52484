"""Readers for slides: PPTX and ODP."""
