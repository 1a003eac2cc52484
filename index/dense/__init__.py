"""Search vectors, exactly or with inverted lists."""
