"""A paper as those take it who cite it: reference managers, libraries, search engines."""
