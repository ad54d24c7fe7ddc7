"""The verbs of the laboratory and of imaging."""

from apps.labs.actions.analyser import attach, dismiss, keep, match, match_waiting, sweep
from apps.labs.actions.collect import collect, print_label, reject
from apps.labs.actions.enter import enter, record_told, send
from apps.labs.actions.imaging import OBSTETRIC, book, draft_form_f, sign_study, study_done
from apps.labs.actions.masters import define_ranges, define_test
from apps.labs.actions.moving import reassign_patient
from apps.labs.actions.order import cancel, order
from apps.labs.actions.outside import read_paper, read_results, send_out
from apps.labs.actions.past import invent_reports
from apps.labs.actions.poct import record_at_desk
from apps.labs.actions.verify import acknowledge, amend, give_back, send_on, verify

__all__ = [
    "OBSTETRIC",
    "acknowledge",
    "amend",
    "attach",
    "book",
    "cancel",
    "collect",
    "define_ranges",
    "define_test",
    "dismiss",
    "draft_form_f",
    "enter",
    "give_back",
    "invent_reports",
    "keep",
    "match",
    "match_waiting",
    "order",
    "print_label",
    "read_paper",
    "read_results",
    "reassign_patient",
    "record_at_desk",
    "record_told",
    "reject",
    "send",
    "send_on",
    "send_out",
    "sign_study",
    "study_done",
    "sweep",
    "verify",
]
