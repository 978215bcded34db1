"""What readers were sent, whenever that was: rows, and the months into which old rows are folded."""
