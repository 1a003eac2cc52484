"""Examine and repair index folders."""
