"""Copies of the site: backups, what comes back from them, and the move to another database."""
