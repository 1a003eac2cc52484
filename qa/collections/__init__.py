"""Collections: passages that a user keeps, with notes and labels, and their exports."""
