"""What an operator asks a running site: is all there that it needs, and if not, what is to be done."""
