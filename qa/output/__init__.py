"""Render answers: JSON, console and citation formats."""
