"""Libraries that readers bring along: which of their papers are here, and what of them is kept."""
