"""Verbs over several apps."""

from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit

__all__ = ["edit", "finish_consultation"]
