"""The one list of everything that can happen: `noun.verb-in-the-past`."""

from enum import StrEnum


class Event(StrEnum):
    # the house
    ACCESS_REFUSED = "access.refused"
    MASTER_LOADED = "master.loaded"
    # facilities
    FACILITY_PROVISIONED = "facility.provisioned"
    FACILITY_ACTIVATED = "facility.activated"
    FACILITY_FAILED = "facility.failed"
    FACILITY_CONFIGURED = "facility.configured"
    FACILITY_RETIRED = "facility.retired"
    # people
    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    USER_POSTED = "user.posted"
    POSTING_ENDED = "posting.ended"
    SESSION_STARTED = "session.started"
    SESSION_FAILED = "session.failed"
    SESSION_ENDED = "session.ended"
    PASSWORD_RESET = "password.reset"  # noqa: S105  an event code
    PIN_SET = "pin.set"
    PIN_REFUSED = "pin.refused"
    PREFERENCES_CHANGED = "preferences.changed"
    # patients and the visit
    PATIENT_REGISTERED = "patient.registered"
    PATIENT_IDENTITY_CHANGED = "patient.identity_changed"
    ALLERGY_RECORDED = "allergy.recorded"
    PERSON_LINKED = "person.linked"
    ENCOUNTER_STARTED = "encounter.started"
    ENCOUNTER_FINISHED = "encounter.finished"
    TOKEN_ISSUED = "token.issued"  # noqa: S105  an event code
    TOKEN_CALLED = "token.called"  # noqa: S105  an event code
    TOKEN_SKIPPED = "token.skipped"  # noqa: S105  an event code
    TOKEN_RETURNED = "token.returned"  # noqa: S105  an event code
    TOKEN_CANCELLED = "token.cancelled"  # noqa: S105  an event code
    SLIP_PRINTED = "slip.printed"
    VITALS_RECORDED = "vitals.recorded"
    CHART_VIEWED = "chart.viewed"
    GLASS_BROKEN = "glass.broken"
    # papers and medicine
    CONSULTATION_DRAFTED = "consultation.drafted"
    CONSULTATION_SIGNED = "consultation.signed"
    PRESCRIPTION_SIGNED = "prescription.signed"
    DOCUMENT_ISSUED = "document.issued"
    DOCUMENT_AMENDED = "document.amended"
    DOCUMENT_RENDERED = "document.rendered"
    DOCUMENT_OPENED = "document.opened"
    DOCUMENT_CHECKED = "document.checked"
    STOCK_RECEIVED = "stock.received"
    TEST_ORDERED = "test.ordered"
    # patients' own pages and messages
    PORTAL_ENTERED = "portal.entered"
    NOTICE_QUEUED = "notice.queued"
    NOTICE_SENT = "notice.sent"
    NOTICE_FAILED = "notice.failed"
