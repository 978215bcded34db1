"""What readers' own programs ask for and change, and the editions that everybody may see."""
