"""What was paid, as an Invoice. Rupees are whole numbers, as at the window."""

from typing import Any

from apps.abdm.fhir.composing import Who, begun, compose
from apps.abdm.fhir.parts import Facts, Resource, both, concept

CODES = "https://nrces.in/ndhm/fhir/r4/CodeSystem"
KINDS = {
    "00": "Consultation", "01": "Pharmacy", "02": "IPD", "03": "OPD", "99": "Others",
}  # fmt: skip


def invoice(facts: Facts) -> Resource:
    """Content: shapes.ReceiptContent."""
    document, who = begun(facts)
    made = document.add("Invoice", "receipt", _invoice(facts, who))
    only = {"title": "Invoice", "entry": [document.typed("Invoice", made)]}
    compose(document, who, "InvoiceRecord", {"text": "Invoice Record"}, "Invoice", [only])
    return document.bundle()


def _invoice(facts: Facts, who: Who) -> Resource:
    content = facts.content
    lines = content["lines"]
    gross = sum(line["rupees"] for line in lines)
    less = sum(line.get("discount", 0) for line in lines)
    code = content["type"]
    return {
        "identifier": [{"system": f"{facts.home}/id/receipt", "value": content["receipt_no"]}],
        "status": "balanced" if content["paid"] else "issued",
        "type": concept(f"{CODES}/ndhm-billing-codes", code, KINDS[code]),
        "subject": who["subject"],
        "date": content["signer"]["signed_at"],
        "participant": [{"actor": who["author"]}],
        "issuer": who["organisation"],
        "lineItem": [_line(n, line) for n, line in enumerate(lines, 1)],
        "totalNet": _money(gross - less),
        "totalGross": _money(gross - less),
    }


def _line(n: int, line: dict[str, Any]) -> Resource:
    prices = [_price("base", "01", "Rate", line["rupees"])]
    if line.get("discount"):
        prices.append(_price("discount", "02", "Discount", line["discount"]))
    return {
        "sequence": n,
        "chargeItemCodeableConcept": {"text": both(line)},
        "priceComponent": prices,
    }


def _price(kind: str, code: str, display: str, rupees: int) -> Resource:
    named = concept(f"{CODES}/ndhm-price-components", code, display)
    return {"type": kind, "code": named, "amount": _money(rupees)}


def _money(rupees: int) -> Resource:
    return {"value": rupees, "currency": "INR"}
