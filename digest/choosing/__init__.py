"""Which papers a digest holds, in which order, and why. Nothing is written here but an order for a digest at once."""
