"""How people sign up and in: the settings of django-allauth. Read at the end of ``sapro.settings``."""

from sapro.env import env

ACCOUNT_ADAPTER = "sapro.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "sapro.accounts.forms.LoginForm", "signup": "sapro.accounts.forms.SignupForm"}

ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "guest", "instructor", "operator", "root", "sapro", "system"]
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_EMAIL_SUBJECT_PREFIX = "SA Pro: "
# Without a mail server nothing is sent, nothing is awaited, and an address counts as it was given.
ACCOUNT_EMAIL_VERIFICATION = (
    "none" if "dummy" in env.email_url("EMAIL_URL", default="dummymail://")["EMAIL_BACKEND"] else "optional"
)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
PASSWORD_RESET_TIMEOUT = 60 * 60

# A classroom behind one address gets in: what counts per address is generous, what counts per name is not.
# Only a wrong password counts as «login_failed»; the key is the name or the email address that was typed.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "400/m/ip,10/10m/key",
    "signup": "600/m/ip",
    "reset_password": "100/m/ip,5/h/key",
    "reset_password_from_key": "200/m/ip",
    # Wrong access codes of instructors' quizzes.
    "access_code": "30/10m/ip",
    # Wrong join codes of classes.
    "join_code": "30/10m/ip",
    # Files of questions that an instructor brings in.
    "import_file": "30/h/user",
    # Rosters of classes.
    "roster_file": "60/h/user",
}
# Behind the operator's own proxy the client's address is the last one that this proxy added.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("SAPRO_BEHIND_PROXY", default=False) else 0

MFA_ADAPTER = "sapro.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "SA Pro"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_FORMS = {
    "login_webauthn": "sapro.accounts.passkeys.LoginForm",
    "authenticate_webauthn": "sapro.accounts.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "sapro.accounts.passkeys.ReauthenticateForm",
}
