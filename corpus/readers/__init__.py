"""One module a format: bytes of a file in, a `Reading` out. `corpus.readers.formats` chooses by suffix and content."""
