"""One module a format: bytes of a file in, a `Reading` out. `corpus.readers.registry` chooses by suffix and content."""
