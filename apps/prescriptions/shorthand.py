"""What the shorthand of a dose says: amounts by time of day, or one amount in a rhythm. Pure."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.core.errors import Refused
from apps.prescriptions.tables import rows
from apps.prescriptions.units import Kind, Unit

PATTERN_WORDS = {
    "OD": "1-0-0", "BD": "1-0-1", "BID": "1-0-1", "TDS": "1-1-1", "TID": "1-1-1",
}  # fmt: skip
FRACTIONS = {Decimal("0.25"): "¼", Decimal("0.5"): "½", Decimal("0.75"): "¾"}
SOS_A_DAY = 2
# Codes of the phrase list that say how, not how much: they belong into the note of the line.
NOTES = frozenset(
    row["code_or_pattern"]
    for row in rows("dose_phrases.csv")
    if row["kind"] in ("timing", "route", "instruction") or row["code_or_pattern"] == "CONT"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Doses that are not tied to morning, noon and night. `every` = (count, period, unit)."""

    code: str
    hi: str
    en: str
    per_day: Decimal  # on average: what a total is reckoned with
    every: tuple[int, int, str]
    when: str = ""


RHYTHMS = {
    r.code: r
    for r in (
        Rhythm("QID", "दिन में 4 बार", "4 times a day", Decimal(4), (4, 1, "d")),
        Rhythm("HS", "सोते समय", "at bedtime", Decimal(1), (1, 1, "d"), "HS"),
        Rhythm("Q4H", "हर 4 घंटे पर", "every 4 hours", Decimal(6), (1, 4, "h")),
        Rhythm("Q6H", "हर 6 घंटे पर", "every 6 hours", Decimal(4), (1, 6, "h")),
        Rhythm("Q8H", "हर 8 घंटे पर", "every 8 hours", Decimal(3), (1, 8, "h")),
        Rhythm("Q12H", "हर 12 घंटे पर", "every 12 hours", Decimal(2), (1, 12, "h")),
        Rhythm("AD", "एक दिन छोड़कर", "on alternate days", Decimal(1) / 2, (1, 2, "d")),
        Rhythm("QW", "सप्ताह में एक बार", "once a week", Decimal(1) / 7, (1, 1, "wk")),
        Rhythm("5X", "दिन में 5 बार", "5 times a day", Decimal(5), (5, 1, "d")),
        Rhythm("BIW", "सप्ताह में दो बार", "twice a week", Decimal(2) / 7, (2, 1, "wk")),
        Rhythm("TIW", "सप्ताह में तीन बार", "3 times a week", Decimal(3) / 7, (3, 1, "wk")),
        Rhythm("Q2W", "दो सप्ताह में एक बार", "once in 2 weeks", Decimal(1) / 14, (1, 2, "wk")),
        Rhythm("QM", "महीने में एक बार", "once a month", Decimal(1) / 30, (1, 1, "mo")),
        Rhythm("SOS", "ज़रूरत होने पर", "when needed", Decimal(SOS_A_DAY), (0, 0, "")),
        Rhythm("SOS6", "ज़रूरत होने पर, 6 घंटे के अंतर से, दिन में 4 बार से अधिक नहीं,",
               "when needed, at least 6 hours apart, not more than 4 times a day",
               Decimal(4), (0, 0, "")),
        *(
            Rhythm(f"SOS{code}", hi, en, Decimal(SOS_A_DAY), (0, 0, ""))
            for code, hi, en in (
                ("FEVER", "बुखार होने पर", "when there is fever"),
                ("PAIN", "दर्द होने पर", "when there is pain"),
                ("VOMIT", "उल्टी होने पर", "when there is vomiting"),
                ("LOOSE", "हर दस्त के बाद", "after each loose motion"),
                ("BREATH", "साँस फूलने पर", "when there is breathlessness"),
                ("CHEST", "सीने में दर्द होने पर (5 मिनट में आराम न हो तो अस्पताल जाएँ)",
                 "when there is chest pain (go to hospital if not relieved in 5 minutes)"),
            )
        ),
        Rhythm("STAT", "तुरंत", "at once", Decimal(0), (0, 0, "")),
    )
}  # fmt: skip
SAME = {
    "PRN": "SOS", "NOCTE": "HS", "NOW": "STAT", "ONCE": "STAT", "EOD": "AD", "ALT": "AD",
    "WEEKLY": "QW", "OW": "QW", "साप्ताहिक": "QW", "4H": "Q4H", "6H": "Q6H", "8H": "Q8H",
    "12H": "Q12H", "QDS": "QID", "SINGLE": "STAT", "MONTHLY": "QM", "DAILY": "OD",
}  # fmt: skip

NUMBER = r"(?:[0-9]+[½¼¾]|[0-9]*\.[0-9]+|[0-9]+|[½¼¾])"
UNIT_WORDS = (
    r"ml|मिली|tsp|tbsp|चम्मच|tabs?|tablets?|caps?|capsules?|puffs?|drops?|gtt|iu|u|units?|vials?|amps?|"
    r"sachets?|supp|sprays?|गोली|बूँद|पाउच|पफ"
)
SPOONS = {"tsp": Decimal(5), "चम्मच": Decimal(5), "tbsp": Decimal(15)}  # ml
SPANS = {"d": 1, "w": 7, "m": 30}
TAIL = re.compile(
    r"\s*(?:[x*]\s*|\bfor\s+)([0-9]{1,3})\s*(d|days?|दिन|w|weeks?|wk|हफ़्ते|m|months?|mo|महीने)?$"
    r"|\s+([0-9]{1,3})\s*(d|days?|दिन|w|weeks?|wk|हफ़्ते|months?|mo|महीने)$"
    r"|\s+([dwm])([0-9]{1,3})$"
)
WHENS = {
    "AC": "before", "AC30": "before", "PC": "after", "CC": "with", "ES": "empty",
}  # fmt: skip
WHEN_TAIL = re.compile(r"\s+(ac30|ac|pc|cc|es)$", re.I)
AMOUNT = re.compile(rf"^({NUMBER})\s*({UNIT_WORDS})?\s+(?=\S)")
UNIT_END = re.compile(rf"\s*({UNIT_WORDS})$")
PATTERN = re.compile(rf"^{NUMBER}(?:\s*-\s*{NUMBER}){{2,3}}$")


@dataclass(frozen=True, slots=True)
class Read:
    """What the shorthand said: amounts by slot, or one amount in a rhythm."""

    slots: tuple[Decimal, ...] = ()
    rhythm: Rhythm | None = None
    amount: Decimal = Decimal(1)
    days: int | None = None
    when: str = ""

    @property
    def at_once(self) -> bool:
        return self.rhythm is not None and self.rhythm.code == "STAT"

    @property
    def needed(self) -> bool:
        return self.rhythm is not None and self.rhythm.code.startswith("SOS")

    @property
    def fullest(self) -> Decimal:
        """The amount of the day with the most: a weekly tablet is one on its day."""
        if self.rhythm:
            return max(self.rhythm.per_day, Decimal(1)) * self.amount
        return self.per_day

    @property
    def per_day(self) -> Decimal:
        if self.rhythm:
            return self.rhythm.per_day * self.amount
        return sum(self.slots, Decimal(0))

    @property
    def largest(self) -> Decimal:
        return max(self.slots) if self.slots else self.amount


def plain(number: Decimal) -> str:
    """5 and 2½, never 5.0 nor .5; other parts of one keep a leading zero (0.6)."""
    whole, part = divmod(number, 1)
    if not part:
        return str(int(whole))
    if part in FRACTIONS:
        return f"{int(whole) or ''}{FRACTIONS[part]}"
    return f"{number.normalize():f}"


def tidy(text: str) -> str:
    """One spelling: NFC, Latin digits, one kind of dash and fraction sign, single spaces."""
    text = unicodedata.normalize("NFC", text).strip()
    digits = {ord(ch): str(n) for n, ch in enumerate("०१२३४५६७८९")}
    text = text.translate(digits).replace("×", "x").replace("X", "x")
    text = re.sub(r"\s*[‐-―−–—_+-]\s*", "-", text)
    text = re.sub(r"(?<!\d)1/2", "½", text)
    text = re.sub(r"(?<!\d)1/4", "¼", text)
    text = re.sub(r"(?<!\d)3/4", "¾", text)
    return re.sub(r"\s+", " ", text).strip()


def number(text: str) -> Decimal:
    for value, sign in FRACTIONS.items():
        if text.endswith(sign):
            return Decimal(text[:-1] or "0") + value
    return Decimal(text)


def read(text: str, unit: Unit) -> Read:
    """One step of a dose. Refused: dose.empty, dose.unclear, dose.ml_missing, dose.note."""
    body, days, when = _tails(tidy(text))
    if not body:
        raise Refused("dose.empty")
    if re.fullmatch(r"[0-9]{3,4}", body):
        body = "-".join(body)
    if re.fullmatch(rf"{NUMBER}( {NUMBER}){{2,3}}", body):
        body = body.replace(" ", "-")
    amount, word = None, ""
    if (end := UNIT_END.search(body.lower())) and PATTERN.match(body[: end.start()].strip()):
        word, body = end[1], body[: end.start()].strip()
    elif found := AMOUNT.match(body.lower()):
        amount, word = number(found[1]), found[2] or ""
        body = body[found.end() :].strip()
    return replace(_rhythm(body, amount, word, unit), days=days, when=when)


def _tails(body: str) -> tuple[str, int | None, str]:
    """What is left when days ("x5", "x 2 weeks", "D5") and food ("PC") are taken off the end."""
    days, when = None, ""
    for _ in range(2):
        if (tail := TAIL.search(body.lower())) and tail.start() > 0:
            many = tail[1] or tail[3] or tail[6]
            word = (tail[2] or tail[4] or tail[5] or "d").replace("हफ़्ते", "w").replace("महीने", "m")
            days = int(many) * SPANS.get(word[0], 1)
            body = body[: tail.start()].strip()
        elif (food := WHEN_TAIL.search(body)) and food.start() > 0:
            when = WHENS[food[1].upper()]
            body = body[: food.start()].strip()
    return body, days, when


def _rhythm(body: str, amount: Decimal | None, word: str, unit: Unit) -> Read:
    code = re.sub(r"[.\s]", "", body).upper()
    code = SAME.get(code, code)
    body = PATTERN_WORDS.get(code, body)
    spoon = SPOONS.get(word)
    if spoon and unit.kind is Kind.VOLUME:
        amount, word = (Decimal(1) if amount is None else amount) * spoon, "ml"
    if PATTERN.match(body):
        slots = tuple(number(part.strip()) for part in body.split("-"))
        if amount is not None and not set(slots) <= {Decimal(0), Decimal(1)}:
            raise Refused("dose.unclear")  # "5 ml 5-5-5" might mean 5 or 25
        said = Read(slots=tuple(s * (1 if amount is None else amount) for s in slots))
    elif code in RHYTHMS:
        said = Read(rhythm=RHYTHMS[code], amount=Decimal(1) if amount is None else amount)
    else:
        raise Refused("dose.note" if code in NOTES else "dose.unclear")
    measured = amount is not None or word in ("ml", "मिली")
    if unit.kind is Kind.VOLUME and (not measured or word not in ("ml", "मिली", "")):
        raise Refused("dose.ml_missing")
    if (
        unit.kind is not Kind.VOLUME
        and word in ("ml", "मिली", *SPOONS)
        and unit.kind is not Kind.APPLY
    ):
        raise Refused("dose.unclear")
    return said


def shorthand(said: Read, unit: Unit) -> str:
    """One spelling that `read` understands again."""
    suffix = " ml" if unit.kind is Kind.VOLUME else ""
    if said.slots:
        return "-".join(plain(s) for s in said.slots) + suffix
    assert said.rhythm
    if said.amount == 1 and not suffix:
        return said.rhythm.code
    return f"{plain(said.amount)}{suffix} {said.rhythm.code}"
