"""Readers turn the bytes of a file into a `FileContent`; `corpus.readers.registry` lists the formats."""
