"""The kept form of a signing PIN: `pin1$<iterations>$<salt>$<digest>`, salt and digest base64url.

A slow hash cannot protect 10,000 to a million PINs from somebody who holds the table; a key
that is not in the table can. So the PIN goes through HMAC-SHA256 under a key made from
FIELD_KEY, and that through PBKDF2-HMAC-SHA256 with a salt of its own. About 6 ms.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

VERSION = "pin1"
ITERATIONS = 20_000
SALT_BYTES = 16


def make(pin: str) -> str:
    """The string to keep for `pin`; another one at each call. At most 128 characters."""
    salt = secrets.token_bytes(SALT_BYTES)
    return "$".join([VERSION, str(ITERATIONS), _text(salt), _text(_digest(pin, salt, ITERATIONS))])


def is_ours(kept: str) -> bool:
    """Whether `kept` has this form, so that `matches` may be asked."""
    return kept.startswith(f"{VERSION}$")


def matches(pin: str, kept: str) -> bool:
    """Whether `kept` was made from `pin` under today's FIELD_KEY; takes the same time for both.

    Raises ValueError when `kept` is not of this form.
    """
    version, iterations, salt, digest = kept.split("$")
    if version != VERSION:
        raise ValueError(f"This is not a PIN of form {VERSION}.")
    found = _digest(pin, base64.urlsafe_b64decode(salt), int(iterations))
    return hmac.compare_digest(found, base64.urlsafe_b64decode(digest))


def _digest(pin: str, salt: bytes, iterations: int) -> bytes:
    # A key for this use alone: what FIELD_KEY encrypts elsewhere is under another one.
    key = hmac.digest(settings.FIELD_KEY.encode(), f"bhavya.{VERSION}".encode(), "sha256")
    return hashlib.pbkdf2_hmac("sha256", hmac.digest(key, pin.encode(), "sha256"), salt, iterations)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()
