"""What a reader may choose."""
