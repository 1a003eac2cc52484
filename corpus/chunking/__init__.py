"""Cut sections into passages and sentences."""
