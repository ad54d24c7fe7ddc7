"""Keys and codes. UUIDv7 sorts by time and is unique across facilities, online or off."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime

import uuid6
from django.conf import settings

# Crockford's alphabet: no I, L, O, U, so a code can be read aloud and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7)."""
    return uuid.UUID(bytes=uuid6.uuid7().bytes)


def first_key(at: datetime) -> uuid.UUID:
    """The smallest key of a moment: keys sort by time, and each table has their index."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)


def short_code(length: int = 12) -> str:
    """A random code of 5 bits a letter; 12 letters cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 (64 hex) of a personal value, so that equal values meet and none can be read."""
    key = f"{settings.SECRET_KEY}:{purpose}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
