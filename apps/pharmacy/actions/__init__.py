"""The verbs of the shelf and of the counter."""

from apps.pharmacy.actions.changing import approve_change, ask_change, refuse_change
from apps.pharmacy.actions.checking import check_all, check_stock, share_levels, sweep_levels
from apps.pharmacy.actions.counter import Give, dispense, hand_over, record_viewed, take_back
from apps.pharmacy.actions.counting import count
from apps.pharmacy.actions.delivering import acknowledge_indent, receive_file, use_items
from apps.pharmacy.actions.registers import ask_register, draw_register
from apps.pharmacy.actions.stock import (
    bin_empty,
    block,
    move_stock,
    receive,
    release,
    take_stock,
    transfer,
)

__all__ = [
    "Give",
    "acknowledge_indent",
    "approve_change",
    "ask_change",
    "ask_register",
    "bin_empty",
    "block",
    "check_all",
    "check_stock",
    "count",
    "dispense",
    "draw_register",
    "hand_over",
    "move_stock",
    "receive",
    "receive_file",
    "record_viewed",
    "refuse_change",
    "release",
    "share_levels",
    "sweep_levels",
    "take_back",
    "take_stock",
    "transfer",
    "use_items",
]
