"""Render what the form shows as HTML."""
