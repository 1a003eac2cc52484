"""Build the outline of a text: headings, captions, notes and who owns each character."""
