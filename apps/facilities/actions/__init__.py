"""Verbs over places, the register and facilities."""

from apps.facilities.actions.master import load_list

__all__ = ["load_list"]
