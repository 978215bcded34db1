"""Who tries what, and what they get."""
