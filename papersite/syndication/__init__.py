"""Formats in which lists go to other programs: Atom and OPML."""
