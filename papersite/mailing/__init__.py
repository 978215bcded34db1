"""How mail leaves: what every mail has, and by which backend it goes."""
