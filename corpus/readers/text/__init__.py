"""Read plain text and Markdown."""
