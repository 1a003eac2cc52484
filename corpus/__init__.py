"""Files in, documents with sections, passages and sentences out. Knows nothing of vectors or questions."""
