"""Bodies of messages: JSON, encrypted for one hospital. What is over is emptied."""

import json
from typing import Any
from uuid import UUID

from apps.core.fields import decrypt, encrypt


def seal(value: Any, facility_id: UUID | None) -> str:
    return encrypt(json.dumps(value, ensure_ascii=False), str(facility_id or ""))


def opened(text: str, facility_id: UUID | None) -> Any:
    """What `seal` hid; None for an emptied body. ValueError when it is another hospital's."""
    return json.loads(decrypt(text, str(facility_id or ""))) if text else None
