"""The search words of a catalogue: the house's fold, but 2.5 stays one word and is not 2 and 5."""

import re

from apps.core.fold import fold

POINT = re.compile(r"(?<=\d)\.(?=\d)")


def folded(text: str) -> str:
    """Search key of a name, strength or code in either script."""
    return fold(POINT.sub("p", text))
