"""What a paper must freeze so that its builder can tell it. No screen issues these three yet.

The module that one day issues such a paper freezes exactly this; the builders and their tests
hold it to the shape. `Words` is {"hi", "en"}; moments are ISO with zone, days ISO dates.
"""

from typing import Any, NotRequired, TypedDict


class Words(TypedDict):
    hi: str
    en: str


class Signer(TypedDict):
    name_hi: str
    name_en: str
    qualification: str
    registration_no: str
    signed_at: str


class Diagnosis(Words):
    code: str  # ICD-10, "" for words alone


class Performed(Words):
    on: str  # day


class DischargeContent(TypedDict):
    """Kind DischargeSummary, schema 1. vitals, allergies, medicines, advice and follow_up as on a
    prescription (workflows.content); tests: groups as on a report (labs.paper)."""

    schema: int
    signer: Signer
    complaints: list[Words]
    vitals: list[dict[str, str]]
    allergies: dict[str, Any]
    history: list[Diagnosis]
    diagnoses: list[Diagnosis]
    tests: list[dict[str, Any]]
    medicines: list[dict[str, Any]]
    procedures: list[Performed]
    course: str
    advice: list[Words]
    follow_up: dict[str, Any] | None


class Dose(Words):
    """One vaccine given. `snomed` and its display only from the guide's list of vaccines."""

    given_at: str
    dose: int
    batch: str
    expires: str
    manufacturer: NotRequired[str]
    site: NotRequired[str]
    snomed: NotRequired[str]
    snomed_display: NotRequired[str]


class Due(Words):
    on: str
    dose: int
    snomed: NotRequired[str]
    snomed_display: NotRequired[str]


class ImmunizationContent(TypedDict):
    """Kind ImmunizationRecord, schema 1."""

    schema: int
    signer: Signer
    doses: list[Dose]
    due: list[Due]


class ReceiptLine(Words):
    rupees: int
    discount: NotRequired[int]


class ReceiptContent(TypedDict):
    """Kind Invoice, schema 1. `type`: 00 consultation, 01 pharmacy, 02 IPD, 03 OPD, 99 others.

    The fee of a slip is frozen on the visit (encounters.fees); a receipt with a number and a
    cashier's name is what is missing.
    """

    schema: int
    signer: Signer
    receipt_no: str
    type: str
    paid: bool
    lines: list[ReceiptLine]
