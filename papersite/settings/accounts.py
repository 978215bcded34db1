"""Who readers are, and how they prove it."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "papersite.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "digest:subscription"
LOGOUT_REDIRECT_URL = "catalogue:home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SubscribeForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 7
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# Confirming leads straight to choosing; on another device than that of the sign-up, by way of signing in.
ACCOUNT_SIGNUP_REDIRECT_URL = "digest:welcome"
ACCOUNT_EMAIL_CONFIRMATION_ANONYMOUS_REDIRECT_URL = "/accounts/login/?next=/subscription/welcome/"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_SESSION_REMEMBER = True
SESSION_ENGINE = "accounts.session_store"
ACCOUNT_CHANGE_EMAIL = True
# allauth's own reads and writes rows for a user who exists, and so takes longer than for one who does not.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignUpForm",
    "login": "accounts.forms.SignInForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "add_email": "accounts.forms.ChangeAddressForm",
}

# Proofs. Somebody who finds a browser signed in must not take the account over, carry it off or end it:
# before these, by allauth's and our own names, a reader proves anew that it is them.
REAUTHENTICATION_REQUIRED = {
    "allauth.account": True,  # another address, a first password; a new password asks for the old one in its own form
    "allauth.mfa": True,  # authenticator app, recovery codes, passkeys: to set up, see and remove
    "allauth.socialaccount": True,  # linking another site, and unlinking it
    "accounts.export": True,  # taking the data away
    "accounts.closing": True,  # closing the account
    "accounts.tokens": True,  # making tokens for programs
}
# Which proof, by the second factor that is set up: the first is asked for, the others are offered beside it.
# Who reads the mail or knows the password cannot come in without the factor, so neither proves anything there.
REAUTHENTICATION_PROOFS = {
    "none": ["reauthenticate", "reauthenticate_by_code"],  # the password if there is one, a mailed code
    "app": ["mfa_reauthenticate", "mfa_reauthenticate:webauthn"],  # a code of the app or a recovery code, a passkey
    "passkey": ["mfa_reauthenticate:webauthn", "mfa_reauthenticate"],  # a passkey, a recovery code
}
# Having signed in is a proof too, in the same order; with a second factor only if that one was shown.
REAUTHENTICATION_BY_SIGN_IN = {
    "none": ["password", "code", "socialaccount", "mfa"],
    "app": ["mfa"],
    "passkey": ["mfa"],
}
# In seconds, for either: long enough to set up an app and keep its codes, short for a browser left alone.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
