"""What the district store types: a lot for each line it sends."""

import re
from datetime import date
from typing import Any

from django.http import QueryDict

DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


def iso_day(text: str) -> str:
    """ "31-05-2027" or "2027-05-31" as ISO; "" when it is no day."""
    text = text.strip()
    if found := DAY.match(text):
        day, month, year = (int(part) for part in found.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def lots(data: QueryDict, lines: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Lots as typed; a line with no quantity is not sent."""
    found: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        code = line["code"]
        quantity = data.get(f"quantity-{code}", "").strip()
        if quantity and quantity != "0":
            found[code] = [
                {
                    "quantity": quantity,
                    "batch_no": data.get(f"batch-{code}", ""),
                    "expiry": iso_day(data.get(f"expiry-{code}", "")),
                }
            ]
    return found
