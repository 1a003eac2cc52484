"""Read figures in the text of editions, name them and pair them between editions."""
