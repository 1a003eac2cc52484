"""Search terms with tantivy and score them with BM25."""
