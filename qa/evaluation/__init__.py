"""Answer files of questions and measure the results."""
