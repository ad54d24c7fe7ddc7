"""What somebody tells of themselves before the window."""

import json
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody told of themselves; nothing clinical but the wish to be seen first."""

    name_hi: str = ""
    name_en: str = ""
    sex: str = ""
    age: int | None = None
    age_unit: str = "years"
    mobile: str = ""
    guardian_relation: str = ""
    guardian_name: str = ""
    village: str = ""
    abha_number: str = ""
    abha_address: str = ""
    priority: str = ""
    born: str = ""  # the day itself (ISO), when ABHA knows it
    counter: str = ""  # whose QR was scanned
    paid: int = 0  # rupees of the slip's fee, in the app
    order: str = ""  # under which number

    @classmethod
    def read(cls, text: str) -> "Profile":
        raw: dict[str, Any] = json.loads(text) if text else {}
        return cls(**{field.name: raw[field.name] for field in fields(cls) if field.name in raw})
