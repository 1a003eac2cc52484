"""Search an index: collect candidates, score them and rank them."""
