"""Spreadsheets and CSV in and out; may import domain and what lies below it. Start with `sheets`."""
