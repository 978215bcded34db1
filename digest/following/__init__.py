"""What readers follow and mute, and their opinions of single papers."""
