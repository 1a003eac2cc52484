"""Passages in, an index folder out, and hits from it. Knows nothing of what a question means."""
