"""Where drawn papers lie: MEDIA_ROOT/<schema>/documents/<id>.<rendition>.pdf.

A file is there whole or not at all, and a second drawing replaces the first under one name.
"""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings


def key_of(schema: str, document_id: UUID, rendition: str) -> str:
    """The file's name under MEDIA_ROOT; the same for the same rendition, for ever."""
    return f"{schema}/documents/{document_id}.{rendition}.pdf"


def page_of(schema: str, document_id: UUID, name: str) -> Path:
    """Where one cleaned page of a scan lies until the scan is put together, and after."""
    return Path(settings.MEDIA_ROOT) / f"{schema}/documents/{document_id}.{name}"


def save(key: str, data: bytes) -> None:
    """Write beside, bring to disk, rename. Raises OSError when the disk will not have it."""
    target = Path(settings.MEDIA_ROOT) / key
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(
        f"{target.suffix}.new"
    )  # one writer at a time: the caller holds the row
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)  # half a file on a full disk
        raise


def read(key: str) -> bytes | None:
    """The file's bytes, or None when it is gone (moved server, cleaned disk): draw it again."""
    try:
        return (Path(settings.MEDIA_ROOT) / key).read_bytes()
    except FileNotFoundError:
        return None


def exists(key: str) -> bool:
    return (Path(settings.MEDIA_ROOT) / key).is_file()
