"""What the district store types: a lot for each line it sends."""

from typing import Any

from django.http import QueryDict

from apps.core.dates import iso_day


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
