"""A day's edition: what curators do to it, and whether its mails may go."""
