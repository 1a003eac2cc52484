"""A draft beside its sources: each quotation found verbatim, altered or not found, figures compared."""
