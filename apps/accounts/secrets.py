"""What a password must be, first passwords for the slip, typed digits, PINs too easy."""

import unicodedata
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ids import ALPHABET, keyed_hash

LETTERS = ALPHABET[2:].lower()  # no 0 and 1 either: they are read as o and l
WEAK = {
    "password_too_short": _("The password is too short. Use 10 letters or digits, or more."),
    "password_too_common": _("Many people use this password. Choose another one."),
    "password_too_similar": _("This password is too close to the name. Choose another one."),
}


def check_strength(password: str, user: Any = None) -> None:
    """Django's validators, in our sentences. Raises ValidationError."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as weak:
        said = [
            WEAK.get(error.code or "", WEAK["password_too_common"]) for error in weak.error_list
        ]
        raise ValidationError([str(sentence) for sentence in said]) from None


def first_password(id: UUID) -> str:
    """Twelve letters in threes and fours, such as k7qf-2mxp-4tbn, fixed by the form's id."""
    number = int(keyed_hash("first-password", str(id)), 16)
    letters = []
    for _n in range(12):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "-".join("".join(letters[n : n + 4]) for n in (0, 4, 8))


def latin_digits(text: str) -> str:
    """१२३ becomes 123; spaces and dashes of a typed number go."""
    kept = (ch for ch in text if not ch.isspace() and ch != "-")
    return "".join(str(unicodedata.decimal(ch, ch)) for ch in kept)


def is_easy(pin: str) -> bool:
    """One digit repeated, or a run such as 1234 or 9876."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})
