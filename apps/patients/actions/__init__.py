"""The verbs of a patient's record: register, mend, find, allergies, two records of one human."""

from apps.patients.actions.abha import attach_abha, close_abha, reopen_abha
from apps.patients.actions.allergies import NO_KNOWN_ALLERGY, record_allergy
from apps.patients.actions.conditions import mark_conditions
from apps.patients.actions.identity import Known, edit, record_search, register, register_unknown
from apps.patients.actions.merging import (
    lock_two,
    reassign_children,
    reassign_patient,
    replace_patient,
    restore_patient,
)
from apps.patients.actions.past import invent_patients
from apps.patients.actions.practice import make_practice

__all__ = [
    "NO_KNOWN_ALLERGY",
    "Known",
    "attach_abha",
    "close_abha",
    "edit",
    "invent_patients",
    "lock_two",
    "make_practice",
    "mark_conditions",
    "reassign_children",
    "reassign_patient",
    "record_allergy",
    "record_search",
    "register",
    "register_unknown",
    "reopen_abha",
    "replace_patient",
    "restore_patient",
]
