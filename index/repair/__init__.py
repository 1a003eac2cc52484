"""Examine a damaged index and rebuild it from its stored documents."""
