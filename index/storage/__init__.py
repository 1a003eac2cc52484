"""Read and write the files of one index generation."""
