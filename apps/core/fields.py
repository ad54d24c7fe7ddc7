"""Model fields of the house."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

from apps.core.ids import uuid7


class UUID7Field(models.UUIDField):  # type: ignore[type-arg]
    """The primary key of every row of ours."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"primary_key": True, "default": uuid7, "editable": False, **kwargs})


class SharedForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """Tenant to public: an id with no database constraint, so that a schema can leave home."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        fixed = {"on_delete": models.DO_NOTHING, "db_constraint": False, "related_name": "+"}
        super().__init__(to, **{**kwargs, **fixed})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("on_delete", "db_constraint", "related_name"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs


def _cipher(context: str = "") -> Fernet:
    key = f"{settings.FIELD_KEY}:{context}" if context else settings.FIELD_KEY
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


def encrypt(text: str, context: str = "") -> str:
    """Ciphertext of `text` (Fernet, key from FIELD_KEY and `context`, such as a facility's id)."""
    return _cipher(context).encrypt(text.encode()).decode()


def decrypt(text: str, context: str = "") -> str:
    """What `encrypt` hid; ValueError when the key or the context is another one."""
    try:
        return _cipher(context).decrypt(text.encode()).decode()
    except InvalidToken:
        raise ValueError("FIELD_KEY does not open this value; was it changed?") from None


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is ciphertext in the database (Fernet, key from FIELD_KEY). Empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return decrypt(value) if value else value
