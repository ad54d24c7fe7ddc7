"""A whole document as a page: head, sections, files."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.abdm.outside import items, values
from apps.abdm.outside.bundle import Document, Resource
from apps.abdm.outside.items import Item
from apps.abdm.wire import part

DEEP = 5
KINDS = (  # by their first bytes, whatever the document calls them
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
UNKNOWN = ("application/octet-stream", "bin")


@dataclass(slots=True)
class File:
    """An attachment to be downloaded, or only named (`n` is None) when its bytes did not come."""

    name: str
    ending: str
    n: int | None
    kilobytes: int = 0


@dataclass(slots=True)
class Shown:
    """An item with its files numbered."""

    item: Item
    files: list[File]
    parts: list["Shown"]


@dataclass(slots=True)
class Section:
    title: Any
    lines: list[str]
    items: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """`state`: "" for a final paper, else preliminary or entered-in-error. `more`: there was more
    than a page can hold."""

    sections: list[Section]
    state: str
    stay: str
    more: bool


class _Maker:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.numbers = {id(one): n for n, one in enumerate(attachments(doc))}
        self.seen: set[int] = set()

    def section(self, told: Resource, depth: int = 0) -> list[Section]:
        title = values.words(told.get("title")) or values.concept(told.get("code"))
        made = Section(title, values.narrative(told.get("text")))
        for entry in values.rows(told.get("entry")):
            found = self.doc.find(entry)
            if found is not None and id(found) not in self.seen:
                self._add(made, found)
            elif found is None and values.words(part(entry).get("display")):
                made.lines.append(values.words(part(entry).get("display")))
        inner = [
            one for sub in values.rows(told.get("section")) if depth < DEEP
            for one in self.section(part(sub), depth + 1)
        ]  # fmt: skip
        if not made.lines and not made.items and not inner:
            made.lines = [values.concept(told.get("emptyReason")) or str(_("Nothing is written."))]
        return [made, *inner] if made.lines or made.items else inner

    def _add(self, section: Section, resource: Resource) -> None:
        if self.doc.left <= 0:
            self.doc.cut = True
            return
        made = items.item(self.doc, resource)
        self._note(resource)
        section.items.append(self._shown(made))

    def _note(self, resource: Resource) -> None:
        """This resource stands on the page, and so do those it carries inside."""
        if id(resource) in self.seen:
            return
        self.seen.add(id(resource))
        for name in ("result", "specimen", "imagingStudy", "hasMember", "media", "activity"):
            for one in values.rows(resource.get(name)):
                link = part(one).get("link") or part(one)
                found = self.doc.find(link) or self.doc.find(part(one).get("reference"))
                if found is not None:
                    self._note(found)
        for content in values.rows(resource.get("content")):
            found = self.doc.find(part(part(content).get("attachment")).get("url"))
            if found is not None:
                self._note(found)

    def _shown(self, made: Item) -> Shown:
        files = [self._file(one) for one in made.attachments if isinstance(one, dict)]
        return Shown(made, files, [self._shown(one) for one in made.parts])

    def _file(self, told: Resource) -> File:
        name = values.words(told.get("title"))
        data = told.get("data")
        if not isinstance(data, str) or not data or id(told) not in self.numbers:
            return File(name, "", None)
        ending = sniffed(_decoded(data[:64]) or b"")[1]
        return File(name, ending, self.numbers[id(told)], max(1, len(data) * 3 // 4096))

    def rest(self) -> list[Section]:
        """What no section names. It came, so it is shown."""
        made = Section(_("Also in this record"), [])
        for resource in self.doc.resources:
            known = id(resource) in self.seen or resource["resourceType"] in items.FRAME
            if not known:
                self._add(made, resource)
        return [made] if made.items else []


def page(doc: Document) -> Page:
    """Everything of a document that a person can read."""
    maker, told = _Maker(doc), doc.composition
    sections = [
        one for section in values.rows(told.get("section")) for one in maker.section(part(section))
    ]
    sections += maker.rest()
    lines = values.narrative(told.get("text"))
    if lines and not sections:
        sections = [Section("", lines)]
    state = values.words(told.get("status"))
    return Page(
        sections=sections,
        state="" if state in ("final", "amended") else state,
        stay=values.stay(doc.find(told.get("encounter"))),
        more=doc.cut,
    )


def attachments(doc: Document) -> list[Resource]:
    """Everything with bytes in it, in the order of the document: the n-th is its n-th file."""
    found: list[Resource] = []
    for resource in doc.resources:
        kind = resource["resourceType"]
        if kind == "Binary":
            found.append(resource)
        elif kind == "Media":
            found.append(part(resource.get("content")))
        elif kind == "DiagnosticReport":
            found += [one for one in values.rows(resource.get("presentedForm"))
                      if isinstance(one, dict)]  # fmt: skip
        elif kind == "DocumentReference":
            found += [part(part(one).get("attachment")) for one in values.rows(
                resource.get("content"))]  # fmt: skip
    return found


def file_of(doc: Document, n: int) -> tuple[bytes, str, str] | None:
    """(bytes, type, ending) of the n-th file, its type by its bytes alone; None for none."""
    found = attachments(doc)
    data = found[n].get("data") if 0 <= n < len(found) else None
    raw = _decoded(data) if isinstance(data, str) else None
    return (raw, *sniffed(raw)) if raw else None


def _decoded(data: str) -> bytes | None:
    try:
        return base64.b64decode("".join(data.split()))
    except (binascii.Error, ValueError):
        return None


def sniffed(raw: bytes) -> tuple[str, str]:
    """What may be told of bytes: only what a viewer is known to show safely has a name."""
    for magic, kind, ending in KINDS:
        if raw.startswith(magic):
            return kind, ending
    if raw[128:132] == b"DICM":
        return "application/dicom", "dcm"
    return UNKNOWN
