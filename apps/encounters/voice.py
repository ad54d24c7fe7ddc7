"""The recorded voice of the call boards: one sound file and where each word stands in it.

Made by `bhavya/local/voice.py` at installation, from Debian's speech program or from the
hospital's own recordings. Without it the boards stay silent and say so.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

FOLDER = Path(settings.BASE_DIR) / "bhavya" / "static" / "build" / "voice"
FILES = ("voice.opus", "voice.json")


@cache
def voice_files() -> dict[str, Any] | None:
    """{"sound", "words"}: addresses of the two files, None when there is no voice."""
    if not all((FOLDER / name).exists() for name in FILES):
        return None
    try:
        sound, words = (static(f"build/voice/{name}") for name in FILES)
    except ValueError:  # built after the static files were gathered: the next start finds it
        return None
    return {"sound": sound, "words": words}
