"""The folder: what it says of itself, and whether that is true."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.core.ids import keyed_hash

FORMAT = 1
MANIFEST = "manifest.json"


class Unfit(Exception):
    """The folder or the place it should go to does not fit; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table as PostgreSQL's COPY writes them."""

    file: str
    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One hospital's folder. `keys`: a mark of the keys that sealed its mail and hashes."""

    facility_id: str
    slug: str
    prefix: str
    register_code: str
    schema_name: str
    schema_version: str
    at: str
    keys: str
    tenant: list[Table] = field(default_factory=list)
    public: list[Table] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in (*self.tenant, *self.public))

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Parcel":
        """What the folder says of itself, after every file in it was summed. Raises Unfit."""
        try:
            told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise Unfit(f"{folder} holds no finished copy: {MANIFEST} is missing.") from None
        except ValueError:
            raise Unfit(f"{folder / MANIFEST} cannot be read: the copy is damaged.") from None
        if told.get("format") != FORMAT:
            raise Unfit(f"The copy is of format {told.get('format')}; this program reads {FORMAT}.")
        for part, kind in (("tenant", Table), ("public", Table), ("papers", Paper)):
            told[part] = [kind(**entry) for entry in told[part]]
        parcel = cls(**told)
        entries: list[Table | Paper] = [*parcel.tenant, *parcel.public, *parcel.papers]
        for entry in entries:
            file = folder / entry.file
            if not file.is_file() or sum_of(file) != entry.sha256:
                raise Unfit(f"{entry.file} is damaged or missing: take the copy again.")
        return parcel


def sum_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def keys_mark() -> str:
    """Equal where SECRET_KEY and FIELD_KEY are equal; tells nothing of them."""
    field_mark = hmac.new(settings.FIELD_KEY.encode(), b"moving", hashlib.sha256).hexdigest()
    return keyed_hash("moving", field_mark)[:32]
