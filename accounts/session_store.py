"""Where sessions are kept: in the database, as Django keeps them."""

import secrets

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's, whose new keys are not looked up first: each sign-in begins a session, and begins it sooner."""

    def _get_new_session_key(self) -> str:
        # 160 random bits come never twice; if they did, the table's own key would refuse the second.
        return secrets.token_hex(20)
