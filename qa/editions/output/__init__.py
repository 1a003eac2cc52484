"""Render comparisons as text, JSON, Markdown and HTML."""
