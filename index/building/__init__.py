"""Write index generations incrementally and safely."""
