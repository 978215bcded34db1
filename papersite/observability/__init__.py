"""What tells how the site is: logs, signs of life, health and metrics."""
