"""Watching: what a new edition changes in the answers to saved questions."""
