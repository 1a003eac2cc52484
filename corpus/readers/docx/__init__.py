"""Reader for Word documents (DOCX)."""
