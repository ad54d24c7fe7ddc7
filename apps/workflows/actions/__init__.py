"""Verbs over several apps."""

from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit, may_open
from apps.workflows.actions.treatment_sets import load_starter_sets, save_set, switch_set

__all__ = ["edit", "finish_consultation", "load_starter_sets", "may_open", "save_set", "switch_set"]
