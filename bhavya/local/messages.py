"""The words of the screens: collect them from code and templates, compile them, and say what is
not translated."""

import re
from pathlib import Path

from bhavya.local import install, places, processes
from bhavya.local.problem import Problem

# English needs no file: the msgids are the English words. Other languages must be complete.
LANGUAGES = ("hi",)
IGNORED = (".venv", "node_modules", ".local", "docs", "tests")
LOG = places.LOGS / "messages.log"
LOCALE = places.ROOT / "locale"


def source(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def collect(environment: dict[str, str]) -> None:
    """`makemessages`, without the noise of a new date or order when no word has changed."""
    before = {language: read(source(language)) for language in LANGUAGES}
    for language in LANGUAGES:
        (LOCALE / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    command = [
        places.PYTHON,
        "manage.py",
        "makemessages",
        "--no-location",
        "--no-obsolete",
        "-v",
        "0",
    ]
    command += [word for language in LANGUAGES for word in ("-l", language)]
    command += [word for folder in IGNORED for word in ("-i", folder)]
    processes.call(
        command, LOG, "The words could not be collected", cwd=places.ROOT, env=environment
    )
    for language, text in before.items():
        if text and entries(text) == entries(read(source(language))):
            source(language).write_text(text)


def check(environment: dict[str, str]) -> None:
    """Problem when the .po files do not hold exactly the words of the code, each translated;
    changes nothing."""
    before = {language: read(source(language)) for language in LANGUAGES}
    try:
        collect(environment)
        after = {language: read(source(language)) for language in LANGUAGES}
    finally:
        for language, text in before.items():
            if text:
                source(language).write_text(text)
            else:
                source(language).unlink(missing_ok=True)
    changed = [
        language for language in LANGUAGES if entries(before[language]) != entries(after[language])
    ]
    if changed:
        raise Problem(
            f"The words of code and locale/ differ ({', '.join(changed)}); run: make messages"
        )
    for language in LANGUAGES:
        open_words = unfinished(before[language])
        if open_words:
            listed = "; ".join(open_words[:10])
            raise Problem(
                f"{len(open_words)} words have no finished translation into {language}: {listed}"
            )
    install.compile_translations()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def entries(text: str) -> frozenset[tuple[str, ...]]:
    """What a .po file says, whatever its order, line breaks and dates."""
    found = set()
    for lines in blocks(text):
        if joined(lines, "msgid"):
            flags = ("fuzzy",) if is_fuzzy(lines) else ()
            found.add((*(joined(lines, word) for word in ("msgctxt", *keywords(lines))), *flags))
    return frozenset(found)


def blocks(text: str) -> list[list[str]]:
    """The entries of a .po file as lines, without those that are no longer used."""
    found = [
        [line for line in block.splitlines() if not line.startswith("#~")]
        for block in re.split(r"\n\s*\n", text)
    ]
    return [lines for lines in found if lines]


def is_fuzzy(lines: list[str]) -> bool:
    return any(line.startswith("#,") and "fuzzy" in line for line in lines)


def unfinished(text: str) -> list[str]:
    """The msgids of a .po file that are fuzzy or lack a translation (any plural form of it)."""
    found = []
    for lines in blocks(text):
        msgid = joined(lines, "msgid")
        forms = [word for word in keywords(lines) if word.startswith("msgstr")]
        if msgid and (is_fuzzy(lines) or not all(joined(lines, form) for form in forms)):
            found.append(msgid)
    return found


def keywords(lines: list[str]) -> list[str]:
    return [line.split(" ", 1)[0] for line in lines if line.startswith("msg")]


def joined(lines: list[str], keyword: str) -> str:
    """The text of `keyword`, which may go on over several quoted lines."""
    parts, inside = [], False
    for line in lines:
        if line.startswith("msg"):
            inside = line.split(" ", 1)[0] == keyword
            line = line.split(" ", 1)[1]
        if inside and line.startswith('"'):
            parts.append(line.strip()[1:-1])
    return "".join(parts)
