"""Question files and results of batches."""
