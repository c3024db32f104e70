"""One settings file. What differs between machines and doors comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from reprisals import machines
from reprisals.environment import env, flag, ring
from reprisals.signing_in import session_limits, single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent

# Which door this process is: architecture.md, "Doors are processes".
DOORS = ("console", "portal", "submission", "worker")
DOOR = env("DOOR", "console")
if DOOR not in DOORS:
    raise ImproperlyConfigured(f"DOOR is {DOOR!r}; it must be one of {', '.join(DOORS)}")

DEBUG = flag("DEBUG", "0")
HTTPS = flag("HTTPS", "0" if DEBUG else "1")
SYNTHETIC = flag("SYNTHETIC", "0")
SECRET_KEY = env("SECRET_KEY", "development only" if DEBUG else None)
SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
# A host of this door's own that gives out files and nothing else; empty, the door does it itself.
FILES_URL = env("FILES_URL", "")
if FILES_URL:
    ALLOWED_HOSTS.append(urlsplit(FILES_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [url for url in env("CSRF_TRUSTED_ORIGINS", "").split(",") if url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_filters",
    "guardian",
    "pgtrigger",
    "template_partials",
    "django_htmx",
    "csp",
    "accounts",
    "cases",
]

MIDDLEWARE = [
    "accounts.callers.CallerMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cases.delivery.files_host",
    "accounts.middleware.kept_out",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.KeepTypedWorkMiddleware",
    "accounts.middleware.note_activity",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.no_store",
    "cases.closed.SayWhatDoesNotOpen",
    "cases.held.HoldReading",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cases.middleware.write_refusals",
]

ROOT_URLCONF = f"reprisals.urls_{'console' if DOOR == 'worker' else DOOR}"
WSGI_APPLICATION = "reprisals.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "cases.templatetags.parts",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cases.context.door",
            ],
        },
    }
]

# Data ------------------------------------------------------------------------------------------


def database(url: str) -> dict[str, Any]:
    """A libpq address as Django wants it: a server, or the folder of a unix socket as host."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "reprisals"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        # Enabled for servers only: with a pool `makemigrations` waits when no database answers.
        "OPTIONS": {"pool": True} if flag("DATABASE_POOL", "0") else {},
    }


DATABASES = {"default": database(env("DATABASE_URL", "postgresql://localhost/reprisals"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": DOOR,
    }
}

# The key rings of the vault: `id:base64`, comma between, the first one seals: docs/keys.md. The
# portal holds only its own; a process without a ring cannot open what that ring sealed.
KEY_RINGS = {
    "vault": ring("VAULT_KEYS"),
    "portal": ring("PORTAL_KEYS"),
    "search": ring("SEARCH_KEYS"),  # opens nothing: ADR 0011
    "submission": ring("SUBMISSION_KEYS"),
}
# The submission door seals with this, and opens nothing.
SUBMISSION_PUBLIC_KEY = env("SUBMISSION_PUBLIC_KEY", "")
# Identities that one person may look at within 24 hours; over it they are refused, and the
# custodians are told.
IDENTITIES_A_DAY = int(env("IDENTITIES_A_DAY", "40"))
# Different cases, letters and files that one account is shown; then it is held: cases/looks.py.
LOOKS_IN_TEN_MINUTES = int(env("LOOKS_IN_TEN_MINUTES", "300"))
LOOKS_A_DAY = int(env("LOOKS_A_DAY", "1000"))
# Where ClamAV listens: unix:/run/clamav/clamd.ctl or tcp:clamav:3310. Empty, nothing is scanned.
CLAMD = env("CLAMD", "")
FILES_DIR = Path(env("FILES_DIR", str(BASE_DIR / "var" / "files")))

# The chains of the audit are anchored outside the database (docs/adr/0015). AUDIT_KEY, Ed25519 in
# base64, signs and is the worker's alone; whoever verifies needs AUDIT_PUBLIC_KEYS, comma between.
AUDIT_ANCHORS = Path(env("AUDIT_ANCHORS", str(BASE_DIR / "var" / "anchors")))
AUDIT_KEY = env("AUDIT_KEY", "")
AUDIT_PUBLIC_KEYS = env("AUDIT_PUBLIC_KEYS", "")

# Who someone is --------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.DoorBackend"]
ANONYMOUS_USER_NAME = None  # guardian: no row for the anonymous user
# Its tables, not its answers: guardian's has_perm() does not know that grants expire.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        # NIST SP 800-63B-4: at least fifteen characters, no rules on their kind.
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Django's own: allauth's would write the addresses into a table of its own.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a name of ours
PASSWORD_RESET_TIMEOUT = 3600  # seconds; a mailbox that is read later opens nothing
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no stranger can make us write to an address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# Seconds for which a proof counts before what asks for a fresh one: accounts/second_factor.py.
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(env("STEP_UP_AFTER", "300"))
# Whose address the throttle counts: a proxy's own would shut the door for all after ten mistakes.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("PROXIES", "1" if HTTPS else "0"))
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip"}
# "required": whoever has none sets one up before anything else. The demo only offers it, because
# its passwords are printed for everybody.
SECOND_FACTOR = env("SECOND_FACTOR", "offered" if SYNTHETIC else "required")
if SECOND_FACTOR not in ("required", "offered"):
    raise ImproperlyConfigured("SECOND_FACTOR must be required or offered")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Reprisals"
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.forms.PasskeyForm",
    "login_webauthn": "accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "accounts.forms.PasskeyStepForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody signs up: the invitation proved the address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A passkey is two factors in one: the thing, and the finger or the PIN that it asks for.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers take http://localhost for safe; nothing else without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS and (DEBUG or SYNTHETIC)

# Single sign-on for the staff, off where no issuer is set: accounts/single_sign_on.py.
OIDC_ISSUER = env("OIDC_ISSUER", "") if DOOR == "console" else ""

SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS = single_sign_on(
        OIDC_ISSUER, env("OIDC_CLIENT_ID"), env("OIDC_CLIENT_SECRET")
    )

# Not in a cookie: messages may name whom somebody invited.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "accounts.sessions"
SESSION_LIMITS = session_limits(env("SESSION_IDLE_MINUTES", ""), env("SESSION_HOURS", "12"))
# The cookie outlives the session on purpose: typed work of an ended session finds its owner.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_COOKIE = f"{'__Host-' if HTTPS else ''}{DOOR}"
SESSION_COOKIE_NAME = f"{_COOKIE}-session"
CSRF_COOKIE_NAME = f"{_COOKIE}-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS

# The browser -----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that leads on to the identity provider counts as sent there.
        "form-action": [SELF, *([OIDC_ISSUER] if OIDC_ISSUER else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Nothing of a device. What is not named here is a page's own: passkeys, mostly.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        *("accelerometer", "autoplay", "browsing-topics"),
        *("camera", "clipboard-read", "display-capture", "gamepad", "encrypted-media"),
        *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
        *("microphone", "midi", "otp-credentials", "payment", "picture-in-picture"),
        *("screen-wake-lock", "serial", "storage-access", "usb", "window-management"),
        *("xr-spatial-tracking",),
    )
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# What one request may carry before anything reads it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# More than the largest file, so that a file that is too large is told so beside its field.
LONGEST_REQUEST = 64 * 1024 * 1024
# An upload waits in memory to be sealed, and never in a file in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LONGEST_REQUEST

# Words and times -------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"{_COOKIE}-language"
LANGUAGE_COOKIE_SECURE = HTTPS
FORMAT_MODULE_PATH = ["reprisals.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Zurich"  # what people see; the database keeps UTC

# Mail and work outside the request -------------------------------------------------------------

EMAIL_DIR = env("EMAIL_DIR", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if EMAIL_DIR else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = EMAIL_DIR or None
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", "0")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "no-reply@office.invalid")
CONSOLE_URL = env("CONSOLE_URL", "http://localhost:8000")
PORTAL_URL = env("PORTAL_URL", "http://localhost:8001")
# Where "Leave now" leads: an everyday page that says nothing of where one was.
LEAVE_TO = env("LEAVE_TO", "https://www.weather.com/")


def broker_url(redis_url: str) -> str:
    """The same server in the words of Celery, which knows a socket by another scheme."""
    return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


CELERY_BROKER_URL = broker_url(REDIS_URL)
# The portal's user at the broker adds to the second one, and reads neither: launch/acl.py.
CELERY_TASK_QUEUES = {"celery": {}, "intake": {"exchange": "intake"}}
CELERY_TASK_ROUTES = {
    f"cases.tasks.{task}": {"queue": "intake"} for task in ("take_in", "scan_reply")
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "say-that-the-worker-lives": {"task": "cases.tasks.beat", "schedule": 10},
    "sweep-deadlines": {"task": "cases.tasks.sweep_deadlines", "schedule": 300},
    "sweep-packages": {"task": "cases.tasks.sweep_packages", "schedule": 120},
    "sweep-notices": {"task": "cases.tasks.sweep_notices", "schedule": 120},
    "anchor-the-audit": {"task": "cases.tasks.anchor_audit", "schedule": 300},
    "sweep-keys": {"task": "cases.tasks.sweep_keys", "schedule": 3600},
    "sweep-files": {"task": "cases.tasks.sweep_files", "schedule": 300},
    "sweep-disposals": {"task": "cases.tasks.sweep_disposals", "schedule": 3600},
    "sweep-leftovers": {"task": "cases.tasks.sweep_leftovers", "schedule": 3600},
}

REST_FRAMEWORK = machines.REST_FRAMEWORK
SPECTACULAR_SETTINGS = machines.SPECTACULAR_SETTINGS
REST_KNOX = machines.REST_KNOX

# Ids and words of the machine only: no body, no query string, no person. Nobody is mailed an error.
ADMINS: list[tuple[str, str]] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "reprisals.logs.Quiet",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "fido2": {"level": "WARNING"},  # it would write down which key somebody has
    },
}
