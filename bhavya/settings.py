"""Every setting of the house. The environment says where we run; README lists the names."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from bhavya import env, queues, schedule

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

# --- where we run -----------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
FIELD_KEY = env.secret("FIELD_KEY")  # encrypts message bodies and second factors at rest
DEBUG = env.boolean("DEBUG")
PARENT_DOMAIN = env.text("PARENT_DOMAIN", "bhavya.localhost")
PUBLIC_SCHEME = env.text("PUBLIC_SCHEME", "http")
PUBLIC_PORT = env.integer("WEB_PORT", 8000)
TRUSTED_PROXIES = env.integer(
    "TRUSTED_PROXIES", 0
)  # in front of us, each adding to X-Forwarded-For
DEMO = env.boolean("DEMO")  # shows sent messages and demo logins; never in production
ALLOWED_HOSTS = [PARENT_DOMAIN, f".{PARENT_DOMAIN}"]
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True

# --- what is installed ------------------------------------------------------------------
SHARED_APPS = [
    "apps.facilities",  # before django_tenants: its `migrate` must win
    "django_tenants",
    "apps.core",
    "apps.audit",
    "apps.notices",
    "apps.accounts",
    "apps.terminology",
    "apps.persons",
    "apps.gateway",
    "apps.supply",
    "apps.monitoring",
    "apps.reporting",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "apps.workflows",
    "apps.portal",
    "apps.demo",
]
TENANT_APPS = [
    "apps.patients",
    "apps.encounters",
    "apps.documents",
    "apps.prescriptions",
    "apps.pharmacy",
    "apps.labs",
    "apps.abdm",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "facilities.Facility"
TENANT_DOMAIN_MODEL = "facilities.Domain"
TENANT_MIGRATION_SCHEMA = "template_facility"
TENANT_LIMIT_SET_CALLS = True  # SET search_path once per schema change, not once per query
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

MIDDLEWARE = [
    "apps.core.middleware.TraceMiddleware",
    "apps.core.middleware.ClientAddressMiddleware",
    "apps.monitoring.middleware.MetricsMiddleware",
    "apps.core.middleware.HealthMiddleware",
    "apps.core.statements.StatementsMiddleware",
    "apps.facilities.middleware.FacilityMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.core.middleware.ContentPolicyMiddleware",
    "apps.core.middleware.OutboxMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.KeptByAnybodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.accounts.middleware.LanguageMiddleware",
    "apps.core.middleware.BodySizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.ActorMiddleware",
    "apps.accounts.locking.LockMiddleware",
    "apps.accounts.middleware.SetUpFirstMiddleware",
    "apps.core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "bhavya.urls"
PUBLIC_SCHEMA_URLCONF = "bhavya.urls_public"
WSGI_APPLICATION = "bhavya.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.accounts.context.actor",
            ],
            "builtins": [
                "apps.core.templatetags.bhavya",
                "django.templatetags.i18n",
                "template_partials.templatetags.partials",
            ],
        },
    },
]

# --- data -------------------------------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        **env.database("DATABASE_URL"),
        # Each thread keeps its connection and looks whether it lives before a request: after a
        # restart of the database nobody sees an error. (psycopg's pool waited 10 s and gave 500.)
        "CONN_MAX_AGE": 900,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10},
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.secret("CACHE_URL"),
        "KEY_PREFIX": "bhavya",
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 3},
    }
}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(LOCAL_DIR / "media")))
BACKUP_DIR = env.text("BACKUP_DIR", "")  # where `bhavya.backup` writes; `doctor` looks at its age

AUDIT_KEEP_WEEKS = env.integer("AUDIT_KEEP_WEEKS", 261)  # five years in the trail, then aside
# Times, codes and ids of mail and SMS; their words are emptied when they are over. Not under a
# month: a callback that comes again is known by the row of the first one.
MESSAGE_KEEP_DAYS = env.integer("MESSAGE_KEEP_DAYS", 365)
if MESSAGE_KEEP_DAYS < 31:
    raise env.Missing("MESSAGE_KEEP_DAYS must be at least 31.")

# --- jobs -------------------------------------------------------------------------------
CELERY_APP = "bhavya.celery"
CELERY_BROKER_URL = env.secret("BROKER_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers log as the web does, with the trace
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_max": 0.5}
CELERY_BEAT_SCHEDULE = schedule.JOBS
CELERY_TIMEZONE = TIME_ZONE
ON_RABBITMQ = CELERY_BROKER_URL.startswith("amqp")
CELERY_TASK_QUEUES = queues.declared(quorum=ON_RABBITMQ)
CELERY_TASK_ROUTES = queues.routes()
CELERY_TASK_DEFAULT_QUEUE = queues.PROMPT
if ON_RABBITMQ:
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_TASK_DEFAULT_EXCHANGE = "bhavya"
    CELERY_TASK_DEFAULT_EXCHANGE_TYPE = "topic"
    CELERY_TASK_CREATE_MISSING_QUEUE_TYPE = "quorum"
    CELERY_TASK_CREATE_MISSING_QUEUE_EXCHANGE_TYPE = "topic"
    # A job is sent when the broker has it on its disk. A broker that takes no more (no memory, no
    # disk) is silent even when it is left: so no read waits for ever. A worker hears a heartbeat
    # each five seconds.
    CELERY_BROKER_HEARTBEAT = 10
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "confirm_publish": True,
        "read_timeout": 7,
        "write_timeout": 7,
    }

# --- people -----------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USER_DISPLAY = "apps.accounts.queries.display_name"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.LoginForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
}
# A whole hospital may come from one address: the lock per name (axes) is the one that bites.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,20/5m/key"}
SHARED_IDLE_S = 600  # a shared computer's session ends after this many idle seconds
SHARED_IDLE_KEY = "idle_s"
LOCK_AFTER_S = env.integer("LOCK_AFTER_S", 180)  # an enrolled shared computer locks by itself
PIN_SWITCH_HOURS = env.integer("PIN_SWITCH_HOURS", 12)  # after a full log-in a PIN is enough
# Roles of this scope and wider ("block", "district", "state") must have a second factor; "" asks
# nobody, which only the demo should.
MFA_REQUIRED_FROM = env.text("MFA_REQUIRED_FROM", "" if DEMO else "block")
MFA_ADAPTER = "apps.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_SCHEME == "http"
MFA_TOTP_ISSUER = "Bhavya"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "apps.accounts.views.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # "try again at 10:42" stays true
AXES_VERBOSE = False

# --- sessions and transport ---------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_DOMAIN = f".{PARENT_DOMAIN}"
SESSION_COOKIE_NAME = "bhavya"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = PUBLIC_SCHEME == "https"
CSRF_COOKIE_DOMAIN = f".{PARENT_DOMAIN}"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [
    f"{PUBLIC_SCHEME}://{PARENT_DOMAIN}:{PUBLIC_PORT}",
    f"{PUBLIC_SCHEME}://*.{PARENT_DOMAIN}:{PUBLIC_PORT}",
    f"{PUBLIC_SCHEME}://*.{PARENT_DOMAIN}",
]
SECURE_HSTS_SECONDS = 31536000 if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SESSION_COOKIE_SECURE
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
SCANS_MAX_SIZE = 40 * 1024 * 1024  # all photographs of one old paper together
PUSH_PATH, PUSH_MAX_SIZE = "/abdm/push/", 50 * 1024 * 1024  # a page of another hospital's records
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- language ---------------------------------------------------------------------------
LANGUAGE_CODE = "hi"
LANGUAGES = [("hi", _("Hindi")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "lang"
LANGUAGE_COOKIE_DOMAIN = f".{PARENT_DOMAIN}"
LANGUAGE_COOKIE_AGE = 365 * 86400
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["bhavya.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "bhavya" / "static"]
STATIC_ROOT = LOCAL_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- messages to patients and staff -------------------------------------------------------
SMS_ADAPTER = env.text("SMS_ADAPTER", "apps.notices.adapters.Keep")
SMS_URL = env.text("SMS_URL", "")
SMS_TOKEN = env.secret("SMS_TOKEN", "")
SMS_SENDER = env.text("SMS_SENDER", "BHAVYA")
SMS_DLT = dict(pair.split(":", 1) for pair in env.listing("SMS_DLT"))  # template:registered id

# --- analysers of laboratories: the address on which `analyser_listener` opens its ports ---------
ANALYSER_HOST = env.text("ANALYSER_HOST", "127.0.0.1")
# --- ABDM -------------------------------------------------------------------------------
# "abdm-sandbox", "production", or the address of a stand-in; empty: the link is off.
ABDM_ENVIRONMENT = env.text("ABDM_ENVIRONMENT", "")
if ABDM_ENVIRONMENT not in ("", "abdm-sandbox", "production") and not DEMO:
    raise env.Missing("ABDM_ENVIRONMENT names a stand-in, which is for a demo only (set DEMO).")
ABDM_CLIENT_ID = env.text("ABDM_CLIENT_ID", "")
ABDM_CLIENT_SECRET = env.secret("ABDM_CLIENT_SECRET", "")
# A redelivered callback may carry a token that has expired meanwhile.
ABDM_CALLBACK_LEEWAY_S = env.integer("ABDM_CALLBACK_LEEWAY_S", 3600)
# What a counter's QR opens; production's is told at onboarding.
ABDM_QR_URL = env.text("ABDM_QR_URL", "")
# The programme under which NHA lets us make ABHA by demographics and for children; empty: no.
ABDM_BENEFIT_NAME = env.text("ABDM_BENEFIT_NAME", "")
# What sees a finger, iris or face for an ABHA: none, face (the patient's phone), demo, or a class.
ABHA_BIOMETRIC_ADAPTER = env.text("ABHA_BIOMETRIC_ADAPTER", "none")
# How long the number of a shared profile holds, as the patient's app is told.
ABDM_SHARE_TOKEN_S = env.integer("ABDM_SHARE_TOKEN_S", 1800)
# Who takes the slip's fee in the app (apps.abdm.payments): none, demo or a class of the State's.
ABDM_PAYMENT_ADAPTER = env.text("ABDM_PAYMENT_ADAPTER", "none")
# Whether a patient may give records with a share; of 2026, by one source only: off until tried.
ABDM_RECORD_SHARE = env.boolean("ABDM_RECORD_SHARE", False)

# --- incentive (DHIS): what the scheme's text leaves open, see apps/reporting ----------------
# The day from which our software holds production keys for M1 to M3; empty: no record counts.
DHIS_SOFTWARE_FROM = env.text("DHIS_SOFTWARE_FROM", "2026-01-01" if DEMO else "")
DHIS_BASE_FROM = env.choice("DHIS_BASE_FROM", ("category-1", "category-2", "pro-rata"))
DHIS_ONE_A_DAY = env.choice("DHIS_ONE_A_DAY", ("best", "first"))
DHIS_MONTH_LIMIT = env.choice("DHIS_MONTH_LIMIT", ("across", "facility"))
DHIS_CAP_PERIOD = env.choice("DHIS_CAP_PERIOD", ("lifetime", "year"))
DHIS_CERTIFIED = env.boolean("DHIS_CERTIFIED")  # QCI certificate: a fifth more for the company

# --- API --------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.endpoint.problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bhavya",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["apps.core.endpoint.with_dollar"],
}

# --- statements that are told to the log: slow ones, and one that a request asks often ----------
SLOW_QUERY_MS = env.integer("SLOW_QUERY_MS", 1000)
REPEATED_STATEMENTS, REPEATED_STATEMENTS_FAIL = 30, False

# --- watching: Prometheus asks /metrics with this token; empty: there is no such address ----------
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")

# --- logs: ids and codes only, never personal data ----------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "apps.core.trace.AddTrace"}},
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEBUG else "apps.core.trace.OnLine",
            "format": "%(asctime)s %(levelname)s %(trace)s %(name)s %(message)s",
        },
        "json": {"()": "apps.core.trace.AsJson"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["trace"],
            "formatter": env.choice("LOG_FORMAT", ("line", "json")),
        }
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["rest_framework.W001"]
