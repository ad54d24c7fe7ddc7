"""Finding a patient among a hundred thousand by whatever the person in front can tell.

The search key holds the folded names, then the village ("@majeli") and the ABHA number and address
("#91…"), so that one trigram index serves them all. Three steps for a name, each only when the
one before found too little: the beginning of the name, its words anywhere, a misspelling.
"""

import re
from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from apps.core.aadhaar import holds_aadhaar
from apps.core.fold import digits, fold_name, tidy
from apps.core.tenancy import current_facility
from apps.patients.models import Patient

SHORTEST = 2
MISSPELT = 2  # the step, counted from 0, that is only asked when nobody was found
POOL = 400  # of more people of one name the first of the index are looked at, then the newest
VISIT = re.compile(r"[A-Za-z]{2,5}-\d\d-\d{1,7}|[A-Za-z]-?\d{1,4}|\d{1,6}")
PHONE = re.compile(r"[\d\s+().-]{4,}")


def names_a_visit(text: str) -> bool:
    """A slip's number, today's token, the address in a slip's QR, or a short number: not a person,
    but the visit of one."""
    told = digits(text).strip()
    return "/s/" in told.lower() or bool(VISIT.fullmatch(told))


def is_aadhaar(text: str) -> bool:
    """An Aadhaar number, and neither a mobile with the country's 91 before it nor an ABHA number,
    of which one in ten holds twelve digits with the right check."""
    number = "".join(ch for ch in digits(text) if ch.isdecimal())
    if number[:2] == "91" and (len(number) == 14 or number[2:3] >= "6"):
        return False
    return holds_aadhaar(text)


def kind_of(text: str) -> str:
    """How somebody looks for a patient, for the trail: "name", "mobile", "mrn" or "abha"."""
    number = "".join(ch for ch in digits(text) if ch.isdecimal())
    if "@" in text or len(number) == 14:
        return "abha"
    if PHONE.fullmatch(digits(text)):
        return "mobile"
    return "mrn" if number else "name"


def found(text: str) -> Iterator[QuerySet[Patient]]:
    """The rows to look at for `text`, best first; the caller stops when it has enough."""
    text = tidy(digits(text))
    number = "".join(ch for ch in text if ch.isdecimal())
    if len(text) < SHORTEST:
        return
    if PHONE.fullmatch(text) and len(number) >= 4:
        yield _by_number(number)
    elif "@" in text:
        yield _living().filter(search_key__contains=f"#{text.lower()}")
    elif number:
        yield _living().filter(mrn=text.upper())
    elif key := fold_name(text):
        yield from _by_name(key)


def _living() -> QuerySet[Patient]:
    return Patient.objects.filter(replaced_by__isnull=True)


def _by_number(number: str) -> QuerySet[Patient]:
    """A mobile (also its beginning), the running part of an MRN, or a whole ABHA number."""
    if len(number) == 14:
        return _living().filter(search_key__contains=f"#{number}").order_by("-registered_at")
    mobile = number.removeprefix("91")[-10:] if len(number) > 10 else number
    same = Q(mobile=mobile) if len(mobile) == 10 else Q(mobile__gte=mobile, mobile__lt=f"{mobile}:")
    wanted = same | Q(mrn=mrn(number)) if len(number) <= 8 else same
    return _living().filter(wanted).order_by("-registered_at")


def mrn(number: str) -> str:
    """GRN-P-000123 from its running part."""
    facility: Any = current_facility()
    return f"{facility.prefix}-P-{int(number):06d}"


def _by_name(key: str) -> Iterator[QuerySet[Patient]]:
    pool = Patient.objects.filter(search_key__startswith=key).values("pk")[:POOL]
    yield _living().filter(pk__in=pool).order_by(_begins(key), "-registered_at")
    words = key.split()
    inside = reduce(and_, map(_word, words)) | Q(search_key__contains=f"|{''.join(words)}")
    some = Patient.objects.filter(inside).values("pk")[:POOL]
    yield _living().filter(pk__in=some).order_by(_begins(words[0]), "-registered_at")
    if len(key) > 3:
        yield misspelt(key)


def _begins(key: str) -> Case:
    """Called just so first, then with this as a whole word, then the longer ones."""
    whole = When(Q(search_key=key) | Q(search_key__startswith=f"{key}|"), then=Value(0))
    word = When(search_key__startswith=f"{key} ", then=Value(1))
    return Case(whole, word, default=Value(2), output_field=IntegerField())


def _word(word: str) -> Q:
    """The word at the beginning of a word of the key; a long one anywhere."""
    if len(word) > 3:
        return Q(search_key__contains=word)
    return (
        Q(search_key__startswith=word)
        | Q(search_key__contains=f" {word}")
        | Q(search_key__contains=f"@{word}")
    )


def misspelt(key: str) -> QuerySet[Patient]:
    """Names that share most three-letter pieces with the one asked for, the likest first."""
    near = TrigramWordSimilarity(key, "search_key")
    alike = _living().filter(TrigramWordSimilar(F("search_key"), Value(key)))
    return alike.annotate(near=near).order_by("-near", Length("search_key"), "-registered_at")
