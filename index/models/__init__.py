"""Find, export and run embedding models and rerankers."""
