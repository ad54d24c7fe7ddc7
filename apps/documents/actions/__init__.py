"""Verbs over papers: issue, amend, withdraw, add a scan, draw, open, check."""

from apps.documents.actions.issuing import amend_document, issue_document, withdraw_document
from apps.documents.actions.moving import reassign_patient
from apps.documents.actions.opening import check_document, open_document, record_opened
from apps.documents.actions.rendering import ask_rendition, render_document, sweep
from apps.documents.actions.scanning import add_scan, may_add
from apps.documents.actions.wording import reword

__all__ = [
    "add_scan",
    "amend_document",
    "ask_rendition",
    "check_document",
    "issue_document",
    "may_add",
    "open_document",
    "reassign_patient",
    "record_opened",
    "render_document",
    "reword",
    "sweep",
    "withdraw_document",
]
