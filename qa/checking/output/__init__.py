"""Render checked drafts as text and JSON."""
