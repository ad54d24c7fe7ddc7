"""Settings for tests: jobs run at once in the same process, hashing is cheap, no more."""

import os

os.environ.setdefault("SECRET_KEY", "test-only")
os.environ.setdefault("FIELD_KEY", "test-only")
os.environ.setdefault("DEMO", "true")

from bhavya.settings import *  # noqa: F403
from bhavya.settings import DATABASES, LOCAL_DIR

# Playwright keeps an event loop running in this thread; the tests use the ORM beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
MEDIA_ROOT = LOCAL_DIR / "test-media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A page that asks the same thing for each row of its list fails its test.
REPEATED_STATEMENTS, REPEATED_STATEMENTS_FAIL = 20, True
# A demo that runs from this folder has its stand-in in .local/env: not the tests' business.
ABDM_ENVIRONMENT = ABDM_CLIENT_ID = ""
AXES_ENABLED = True
# Each test's client loads the middleware: it need not read every static file for that.
WHITENOISE_AUTOREFRESH = True
