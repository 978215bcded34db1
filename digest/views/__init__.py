"""Pages: a reader's own, the archive, and what the links in a mail lead to."""
