"""Readers turn the bytes of a file into a `Reading`; `corpus.readers.registry` lists the formats."""
