"""Reader for saved web pages."""
