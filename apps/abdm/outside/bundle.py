"""One document bundle: is it one, who wrote it about whom, and what its references mean."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.abdm.outside import values
from apps.abdm.wire import part

Resource = dict[str, Any]
KIND_OF_CODE = {
    "371530004": "OPConsultation",
    "440545006": "Prescription",
    "721981007": "DiagnosticReport",
    "373942005": "DischargeSummary",
    "41000179103": "ImmunizationRecord",
    "419891008": "HealthDocumentRecord",
}
KIND_OF_PROFILE = {
    "OPConsultRecord": "OPConsultation",
    "PrescriptionRecord": "Prescription",
    "DiagnosticReportRecord": "DiagnosticReport",
    "DischargeSummaryRecord": "DischargeSummary",
    "ImmunizationRecord": "ImmunizationRecord",
    "HealthDocumentRecord": "HealthDocumentRecord",
    "WellnessRecord": "WellnessRecord",
    "InvoiceRecord": "Invoice",
}
MOST_ENTRIES, MOST_ITEMS, MOST_BARE, DEEP, OFTEN = 5000, 2000, 3000, 6, 3
ABHA_SYSTEMS = ("healthid.ndhm.gov.in", "healthid.abdm.gov.in")


class Unfit(Exception):
    """No document that can be shown: json, deep, bundle, document or composition."""


@dataclass
class Document:
    """A bundle that was checked. `resources` in their order, `known` by every name they have.

    `left`, `bare`, `depth` and `times` bound what is made of it, for references may go round in
    circles; `cut` says that something was left out for that.
    """

    composition: Resource
    resources: list[Resource]
    known: dict[str, Resource] = field(repr=False)
    cut: bool = False
    left: int = MOST_ITEMS
    bare: int = MOST_BARE
    depth: int = 0
    times: dict[int, int] = field(default_factory=dict)

    def enter(self, resource: Resource) -> bool:
        """Whether one more item may be made of this resource here; `depth` goes down after it."""
        often = self.times.get(id(resource), 0)
        if self.left <= 0 or self.depth >= DEEP or often >= OFTEN:
            self.bare -= 1
            self.cut = self.cut or self.left <= 0 or self.bare <= 0
            return False
        self.left, self.depth, self.times[id(resource)] = self.left - 1, self.depth + 1, often + 1
        return True

    def find(self, reference: Any) -> Resource | None:
        """What a Reference (or its bare text) points at inside this document."""
        told = values.words(part(reference).get("reference")) or values.words(reference)
        return self.known.get(told) or self.known.get("/".join(told.split("/")[-2:]))

    def name_of(self, reference: Any) -> str:
        """Who or what a Reference names, in words."""
        found = self.find(reference)
        if found is None:
            return values.words(part(reference).get("display"))
        if found.get("resourceType") == "PractitionerRole":
            inner = self.find(found.get("practitioner")) or self.find(found.get("organization"))
            return values.person(part(inner).get("name"))
        return (
            values.person(found.get("name"))
            or values.concept(found.get("code"))
            or values.words(part(reference).get("display"))
        )

    @property
    def kind(self) -> str:
        """The record type, by its code, its profile, else a document of no special kind."""
        for code in values.codes(self.composition.get("type")):
            if code in KIND_OF_CODE:
                return KIND_OF_CODE[code]
        for profile in values.rows(part(self.composition.get("meta")).get("profile")):
            name = values.words(profile).rpartition("/")[2].split("|")[0]
            if name in KIND_OF_PROFILE:
                return KIND_OF_PROFILE[name]
        said = values.concept(self.composition.get("type")).lower()
        return "Invoice" if "invoice" in said else (
            "WellnessRecord" if "wellness" in said else "HealthDocumentRecord"
        )  # fmt: skip

    @property
    def written_at(self) -> datetime | None:
        told = self.composition.get("date")
        return values.moment(told) if len(values.words(told)) >= 10 else None

    @property
    def title(self) -> str:
        return values.words(self.composition.get("title"))[:160]

    @property
    def authors(self) -> str:
        names = [self.name_of(one) for one in values.rows(self.composition.get("author"))]
        return ", ".join(dict.fromkeys(filter(None, names)))[:160]

    @property
    def hospital(self) -> str:
        """Who keeps the original, as the document says."""
        keeper = self.name_of(self.composition.get("custodian"))
        if keeper:
            return keeper[:160]
        places = [one for one in self.resources if one.get("resourceType") == "Organization"]
        return values.person(places[0].get("name"))[:160] if len(places) == 1 else ""

    def head(self) -> dict[str, str]:
        """What a list shows of it."""
        return {"title": self.title, "author": self.authors, "hospital": self.hospital}

    @property
    def patient(self) -> dict[str, str]:
        """Whom it is about: {"name", "sex", "born", "abha"} as written there."""
        found = self.find(self.composition.get("subject")) or next(
            (one for one in self.resources if one.get("resourceType") == "Patient"), {}
        )
        return {
            "name": values.person(found.get("name")),
            "sex": values.words(found.get("gender")),
            "born": values.words(found.get("birthDate")),
            "abha": next((number for number in map(_abha, values.rows(found.get("identifier")))
                          if number), ""),
        }  # fmt: skip


def _abha(identifier: Any) -> str:
    told = part(identifier)
    system = values.words(told.get("system"))
    digits = "".join(ch for ch in values.words(told.get("value")) if ch.isdigit())
    ours = any(name in system for name in ABHA_SYSTEMS)
    return digits if ours and len(digits) == 14 else ""


def opened(text: str) -> Document:
    """The document in a text; Unfit with a short code when it is none."""
    try:
        told = json.loads(text)
    except RecursionError:
        raise Unfit("deep") from None
    except ValueError:
        raise Unfit("json") from None
    if not isinstance(told, dict) or told.get("resourceType") != "Bundle":
        raise Unfit("bundle")
    if told.get("type") != "document":
        raise Unfit("document")
    known: dict[str, Resource] = {}
    resources: list[Resource] = []
    listed = told.get("entry")
    entries: list[Any] = listed if isinstance(listed, list) else []
    for entry in entries[:MOST_ENTRIES]:
        resource = part(part(entry).get("resource"))
        kind = values.words(resource.get("resourceType"))
        if not kind:
            continue
        resources.append(resource)
        own = values.words(resource.get("id"))
        for name in (values.words(part(entry).get("fullUrl")), own and f"{kind}/{own}", own):
            if name:
                known.setdefault(name, resource)
        if own:
            known.setdefault(f"urn:uuid:{own}", resource)
    composition = next((one for one in resources if one["resourceType"] == "Composition"), None)
    if composition is None:
        raise Unfit("composition")
    return Document(composition, resources, known, cut=len(entries) > MOST_ENTRIES)
