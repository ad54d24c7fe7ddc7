"""First passwords for the slip, digits of any script, and what makes a PIN too easy."""

import unicodedata
from itertools import pairwise
from uuid import UUID

from apps.core.ids import ALPHABET, keyed_hash

LETTERS = ALPHABET[2:].lower()  # no 0 and 1 either: they are read as o and l


def first_password(id: UUID) -> str:
    """Twelve letters in threes and fours, such as k7qf-2mxp-4tbn, fixed by the form's id."""
    number = int(keyed_hash("first-password", str(id)), 16)
    letters = []
    for _ in range(12):
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
