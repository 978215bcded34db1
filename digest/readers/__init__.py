"""How readers come, what stands between them and their mail, what they may choose instead of leaving, their data."""
