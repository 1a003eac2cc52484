"""Readers for spreadsheets: XLSX, ODS, CSV and TSV."""
