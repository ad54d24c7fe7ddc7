"""Doses given and doses due, as an ImmunizationRecord."""

from typing import Any

from apps.abdm.fhir.composing import Who, begun, compose
from apps.abdm.fhir.parts import LOINC, SNOMED, TERMS, Document, Facts, Resource, both, concept


def immunization_record(facts: Facts) -> Resource:
    """Content: shapes.ImmunizationContent."""
    document, who = begun(facts)
    content = facts.content
    entries = [
        document.typed("Immunization", _dose(document, who, n, row))
        for n, row in enumerate(content["doses"])
    ]
    if content["due"]:
        made = document.add("ImmunizationRecommendation", "due", _due(facts, who))
        entries.append(document.typed("ImmunizationRecommendation", made))
    code = concept(SNOMED, "41000179103", "Immunization record")
    only = {"title": "Immunization record", "code": code, "entry": entries}
    compose(document, who, "ImmunizationRecord", code, "Immunization record", [only])
    return document.bundle()


def _vaccine(row: dict[str, Any]) -> Resource:
    """In words; with SNOMED CT where the paper froze code and display of the guide's list."""
    if row.get("snomed"):
        return concept(SNOMED, row["snomed"], row["snomed_display"], text=both(row))
    return {"text": both(row)}


def _dose(document: Document, who: Who, n: int, row: dict[str, Any]) -> Resource:
    body = {
        "status": "completed",
        "vaccineCode": _vaccine(row),
        "patient": who["subject"],
        "encounter": who["encounter"],
        "occurrenceDateTime": row["given_at"],
        "primarySource": True,
        "manufacturer": {"display": row["manufacturer"]} if row.get("manufacturer") else None,
        "lotNumber": row["batch"],
        "expirationDate": row["expires"],
        "site": {"text": row["site"]} if row.get("site") else None,
        "performer": [{"actor": who["author"]}],
        "protocolApplied": [{"doseNumberPositiveInt": row["dose"]}],
    }
    return document.add("Immunization", f"{n}", body)


def _due(facts: Facts, who: Who) -> Resource:
    status = f"{TERMS}/immunization-recommendation-status"
    return {
        "patient": who["subject"],
        "date": facts.content["signer"]["signed_at"],
        "authority": who["organisation"],
        "recommendation": [
            {
                "vaccineCode": [_vaccine(row)],
                "forecastStatus": concept(status, "due", "Due"),
                "dateCriterion": [
                    {"code": concept(LOINC, "30980-7", "Date vaccine due"), "value": row["on"]}
                ],
                "doseNumberPositiveInt": row["dose"],
            }
            for row in facts.content["due"]
        ],
    }
