"""Check a draft against its sources: quotations verbatim, altered or not found; figures compared."""
