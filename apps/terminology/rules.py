"""Clinical rules as data: what we carry in files, and what the State's committee made of it.

A rule's newest version counts, from the next request on; older versions stay. Until the State
defines a rule for the first time the built-in body counts as version 0.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.terminology.queries import definitions

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands now. `verified`: a committee has signed it."""

    code: str
    body: Body
    version: int
    active: bool
    verified: bool
    source: str


def read(folder: Path) -> dict[str, Body]:
    """Built-in bodies of a folder: a JSON file for each rule, its name is the code."""
    files = sorted(folder.glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


def current(built_in: Mapping[str, Body]) -> dict[str, Rule]:
    """Each built-in rule as the State has it now; further ones that only the State has come
    last. Switched-off ones are here too. 1 query.
    """
    rules = {
        code: Rule(code, body, 0, True, False, body.get("source", ""))
        for code, body in built_in.items()
    }
    for row in definitions("rule"):
        rules[row.code] = Rule(
            row.code, row.body, row.version, row.active, row.verified, row.provenance
        )
    return rules
