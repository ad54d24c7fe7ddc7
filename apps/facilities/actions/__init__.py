"""Verbs over places, the register and facilities."""

from apps.facilities.actions.analysers import add_analyser, remove_analyser
from apps.facilities.actions.devices import (
    add_device,
    bind_device,
    change_device,
    release_device,
    revoke_device,
)
from apps.facilities.actions.identity import set_hfr
from apps.facilities.actions.master import load_list
from apps.facilities.actions.onboarding import create_schema, provision, retry, sweep
from apps.facilities.actions.registry import note_asked, note_history, note_text, note_told
from apps.facilities.actions.release import ask_roll_out, ask_upgrade, roll_out, upgrade
from apps.facilities.actions.settings import configure, place_on, retire
from apps.facilities.actions.tickets import answer, ask_help, diagnose
from apps.facilities.actions.training import open_training, reset_training

__all__ = [
    "add_analyser",
    "add_device",
    "answer",
    "ask_help",
    "ask_roll_out",
    "ask_upgrade",
    "bind_device",
    "change_device",
    "configure",
    "create_schema",
    "diagnose",
    "load_list",
    "note_asked",
    "note_history",
    "note_text",
    "note_told",
    "open_training",
    "place_on",
    "provision",
    "release_device",
    "remove_analyser",
    "reset_training",
    "retire",
    "retry",
    "revoke_device",
    "roll_out",
    "set_hfr",
    "sweep",
    "upgrade",
]
