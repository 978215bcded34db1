"""Libraries of reference managers: one reader a format, each yielding plain entries."""
