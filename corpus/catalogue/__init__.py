"""Read, edit and prefill `corpus.toml`, the metadata of the files in a folder."""
