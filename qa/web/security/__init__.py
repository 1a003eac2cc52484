"""Limit what clients may send, see and load."""
