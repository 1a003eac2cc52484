"""What a PDF file shows on its pages: characters with position and style, drawings, form values and bookmarks."""
