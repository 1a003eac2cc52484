"""Work out what a question names: years, editions, series, filters and its topic."""
