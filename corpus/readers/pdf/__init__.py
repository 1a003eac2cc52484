"""Read PDF files, in a child process."""
