"""Question analysis: the years, editions, series, topic and answer type of a question, and the user's filters."""
