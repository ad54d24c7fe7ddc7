"""Verbs over several apps."""

from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit, may_open
from apps.workflows.actions.reagents import use_reagents

__all__ = ["edit", "finish_consultation", "may_open", "use_reagents"]
