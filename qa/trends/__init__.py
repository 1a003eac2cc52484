"""How often words, phrases and topics occur over the years."""
