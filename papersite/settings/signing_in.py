"""Second factors, and other sites that readers sign in with."""

from papersite.settings.environment import env
from papersite.settings.site import DEBUG, SITE_NAME, SITE_URL

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
# Nobody is signed in without a confirmed address, so an unconfirmed one is only a change that waits.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
# Browsers allow passkeys without TLS on this machine alone, which is where DEBUG belongs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

SIGN_IN_KEYS = {
    "github": (env("GITHUB_CLIENT_ID", default=""), env("GITHUB_CLIENT_SECRET", default="")),
    "google": (env("GOOGLE_CLIENT_ID", default=""), env("GOOGLE_CLIENT_SECRET", default="")),
    "orcid": (env("ORCID_CLIENT_ID", default=""), env("ORCID_CLIENT_SECRET", default="")),
}
SIGN_IN_ORIGINS = {
    "github": "https://github.com",
    "google": "https://accounts.google.com",
    "orcid": "https://orcid.org",
}
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": [{"client_id": client, "secret": secret}], "OAUTH_PKCE_ENABLED": name != "orcid"}
    for name, (client, secret) in SIGN_IN_KEYS.items()
    if client and secret
}
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "accounts.forms.SocialSignUpForm",
    "disconnect": "accounts.forms.DisconnectForm",
}
# A mail a day needs a yes to it, which the form asks for.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]
