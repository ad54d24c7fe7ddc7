"""What a reader of a register may see: a clerk no diagnoses, nobody without the right what the law
keeps confidential (HIV and the like). The row stays, so that the register's count stays true."""

from dataclasses import asdict, dataclass
from typing import Any

from apps.core.actor import Actor, Level
from apps.core.permission import Permission
from apps.encounters import queries as encounters
from apps.labs.queries import SENSITIVE_TESTS

Row = dict[str, Any]
HIDDEN = {"hi": "गोपनीय", "en": "Confidential"}


@dataclass(frozen=True, slots=True)
class Veil:
    """Each says whether that part may be seen."""

    diagnoses: bool = False
    results: bool = False
    sensitive: bool = False
    sensitive_results: bool = False

    @classmethod
    def of(cls, actor: Actor) -> "Veil":
        level = actor.level(Permission.REGISTER_PRINT)
        whole = level in (Level.DO, Level.APPROVE, Level.SEE)  # not only what is one's own work
        sensitive = actor.sees(Permission.SENSITIVE_VIEW)
        laboratory = actor.may(Permission.LAB_ENTER) or actor.may(Permission.LAB_VERIFY)
        return cls(
            diagnoses=whole or actor.sees(Permission.HISTORY_VIEW),
            results=whole or actor.sees(Permission.RESULT_VIEW),
            sensitive=sensitive,
            sensitive_results=sensitive or laboratory,
        )

    def covers(self, other: "Veil") -> bool:
        """Whether who has this one may see what was drawn for the other."""
        mine, theirs = asdict(self), asdict(other)
        return all(mine[part] or not theirs[part] for part in mine)

    def opd(self, rows: list[Row]) -> list[Row]:
        return [{**row, "diagnoses": self._diagnoses(row["diagnoses"])} for row in rows]

    def _diagnoses(self, found: list[Row]) -> list[Row]:
        if not self.diagnoses:
            return []
        return [
            {**HIDDEN, "icd": ""}
            if encounters.is_sensitive(one["icd"]) and not self.sensitive
            else one
            for one in found
        ]

    def lab(self, rows: list[Row]) -> list[Row]:
        return [{**row, "results": self._results(row["results"])} for row in rows]

    def _results(self, found: list[Row]) -> list[Row]:
        if not self.results:
            return []
        hidden = {"value": "", "value_hi": HIDDEN["hi"], "value_en": HIDDEN["en"], "unit": "",
                  "flag": ""}  # fmt: skip
        closed = frozenset[str]() if self.sensitive_results else SENSITIVE_TESTS
        return [{**one, **hidden} if one["code"] in closed else one for one in found]
