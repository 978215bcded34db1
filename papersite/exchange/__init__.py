"""Rows that staff carry out of the desk and bring back, as CSV and JSON: compared first, then taken whole or not."""
