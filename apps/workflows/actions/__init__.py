"""Verbs over several apps."""

from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit, may_open

__all__ = ["edit", "finish_consultation", "may_open"]
