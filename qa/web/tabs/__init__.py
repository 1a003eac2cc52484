"""The tabs of the form."""
