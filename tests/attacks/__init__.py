"""Who tries what, and gets what."""
