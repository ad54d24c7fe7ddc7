"""The catalogue's rule files, read once a process: they come with a release, not with a load."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

DATA = Path(settings.BASE_DIR) / "apps" / "terminology" / "data"
BRACKET = re.compile(r"\(.*?\)")
Row = Mapping[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def plain_name(name: str) -> str:
    """Lower case, without what stands in brackets."""
    return " ".join(BRACKET.sub(" ", name.lower()).split())
