"""Read, edit and prefill `corpus.toml`, which states what the files of a folder are."""
