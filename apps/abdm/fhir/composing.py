"""How every document begins and ends: who is in it, its Composition, its sections."""

from apps.abdm.fhir.parts import (
    SNOMED,
    Document,
    Facts,
    Resource,
    concept,
    encounter,
    organisation,
    patient,
    practitioner,
)

STATUS = {"current": "final", "superseded": "amended", "entered-in-error": "entered-in-error"}
Who = dict[str, Resource]


def begun(facts: Facts) -> tuple[Document, Who]:
    document = Document(facts)
    subject = patient(document)
    return document, {
        "subject": subject,
        "organisation": organisation(document),
        "author": practitioner(document, facts.content.get("signer", {})),
        "encounter": encounter(document, subject),
    }


def compose(
    document: Document, who: Who, profile: str, code: Resource, title: str, sections: list[Resource]
) -> None:
    """The Composition; sections that hold nothing are left out."""
    facts = document.facts
    body = {
        "language": "en-IN",
        "status": STATUS[facts.status],
        "type": {**code, "text": code.get("text") or title},
        "subject": who["subject"],
        "encounter": who["encounter"],
        "date": facts.issued_at,
        "author": [who["author"]],
        "title": title,
        "custodian": who["organisation"],
        "section": [one for one in sections if one.get("entry") or one.get("text")],
    }
    document.add("Composition", "composition", body, profile=profile)


def section(code: str, display: str, title: str, entries: list[Resource]) -> Resource:
    return {"title": title, "code": concept(SNOMED, code, display), "entry": entries}


def narrative(text: str) -> Resource:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{safe}</div>'}


def follow_up(document: Document, who: Who) -> list[Resource]:
    told = document.facts.content.get("follow_up")
    if not told:
        return []
    body = {
        "status": "proposed",
        "start": f"{told['date']}T08:00:00+05:30",
        "end": f"{told['date']}T14:00:00+05:30",
        "participant": [{"actor": who["subject"], "status": "accepted"}],
    }
    return [document.add("Appointment", "follow-up", body)]


def picture(document: Document) -> list[Resource]:
    """The paper as the patient holds it, when it goes along."""
    if not document.facts.pdf:
        return []
    body = {"contentType": "application/pdf", "data": document.facts.pdf}
    return [document.typed("Binary", document.add("Binary", "paper", body))]
