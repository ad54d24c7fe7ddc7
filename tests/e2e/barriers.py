"""Every screen that is built, at a desk and on a phone, and what stands in a person's way there."""

import gettext
import re
from collections.abc import Callable
from functools import cache

from playwright.sync_api import Page, expect

from tests.e2e import district, visit
from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in, qr_on
from tests.house.tree import ROOT

SLUG, CODE, OTHER = "dh-purnia", "BHDH214", "BHBL1998"
SIZES = {"desk": (1366, 768), "phone": (360, 640)}

# A screen is reached by steps: an address, a link of the page before (a…), or name=text to type.
# Only the last page of a row is looked at. {number} is the slip number of the patient whom the
# walk registers, {slip} the address in its QR.
Screens = tuple[tuple[str, ...], ...]
FOUND = ("/patients/", "q=devi")

STRANGER: Screens = (
    ("/accounts/login/",),
    ("/accounts/password/reset/",),
    ("/nowhere",),
)
CLERK: Screens = (
    ("/reg/",),
    ("/reg/find",),
    ("/reg/find", "q=devi"),
    ("/reg/find", "q=devi", "a[href*='/reg/again/']"),
    ("/reg/slips",),
    ("/reg/slip/{number}/print?paper=80&stay",),
    ("/reg/slip/{number}/print?paper=a5&stay",),
    ("/patients/",),
    FOUND,
    (*FOUND, "a[href$='/identity']"),
    (*FOUND, "a[href$='/identity']", "a[href$='/edit']"),
    ("/me",),
    ("/duty",),
    ("/staff/",),  # not for a clerk: the page that says so
    ("/accounts/password/change/",),
    ("/accounts/reauthenticate/",),
    ("/accounts/logout/",),
)
NURSE: Screens = (("/vitals/",), ("/vitals/{number}/",))
DOCTOR: Screens = (
    ("/opd/",),
    ("/opd/{number}/",),
    ("/opd/{number}/find/medicines?q=para",),
    ("/opd/{number}/preview",),
    ("/opd/{number}/sign",),
    (*FOUND, "a[href^='/patients/']"),
    ("/accounts/2fa/",),
    ("/accounts/2fa/app/on/", "password={password}"),  # asks for the password first
    ("/accounts/2fa/codes/new/",),
    ("/accounts/2fa/passkeys/",),
    ("/accounts/2fa/passkeys/new/",),
)
ANOTHER_DOCTOR: Screens = (
    ("/opd/",),
    (*FOUND, "a[href^='/patients/']"),  # not this doctor's patient: the question why
)
SIGNED: Screens = (
    ("/opd/{number}/",),
    ("/opd/{number}/", "a[href*='/documents/']"),
    ("/opd/{number}/", "a[href*='/documents/']", "a[href*='/v/']"),
)
MANAGER: Screens = (
    ("/staff/",),
    ("/staff/", "#rows tbody a"),
    ("/staff/new",),
    ("/staff/list",),
    ("/settings/",),
    ("/queue/",),
    ("/board/",),
    ("/board/days",),
    ("/queue/room/7/",),
    ("/queue/room/7/share",),
    ("/admin/tv",),
)
DISTRICT: Screens = (
    ("/board/?p=30",),
    ("/hospitals/",),
    ("/hospitals/?q=xqxqxqxq",),
    (f"/hospitals/{CODE}/",),
    (f"/hospitals/{CODE}/settings",),
    (f"/hospitals/{CODE}/retire",),
    (f"/hospitals/{OTHER}/",),
    (f"/hospitals/{OTHER}/onboard",),
    (f"/hospitals/{OTHER}/onboard?level=PHC",),
    ("/staff/",),
    ("/staff/new",),
    ("/staff/list",),
    ("/lists/",),
    ("/messages/",),
    ("/me",),
)
FAMILY: Screens = (
    ("/p/",),
    ("/p/", "a.pp-tell"),
    ("/p/seen",),
    ("/p/help",),
)


@cache
def english_words() -> list[str]:
    """Every sentence of the catalogue whose Hindi is another: none may stand on a Hindi page."""
    with (ROOT / "locale" / "hi" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    keys = catalogue._catalog  # type: ignore[attr-defined]  # there is no public way to list them
    words = {key if isinstance(key, str) else key[0] for key in keys} - {""}
    return sorted(word for word in words if word.isascii() and catalogue.gettext(word) != word)


class Round:
    """One walk through the house; findings are gathered, so that one run shows them all."""

    def __init__(self, site: Site, open_page: Callable[..., Page]) -> None:
        self.site, self.open_page = site, open_page
        self.found: list[str] = []
        self.number = self.slip = ""

    def enter(self, username: str, slug: str = SLUG) -> Page:
        page = self.open_page()
        log_in(page, self.site, username, slug)
        return page

    def walk(self, page: Page, slug: str, screens: Screens) -> None:
        for steps in screens:
            for step in steps:
                self.step(page, slug, step)
            self.look(page, " ".join(steps))

    def step(self, page: Page, slug: str, step: str) -> None:
        if step == "{slip}":
            page.goto(self.slip)
        elif step.startswith("/"):
            page.goto(self.site.url(slug, step.format(number=self.number)))
        elif "=" in step and "[" not in step:
            name, _, text = step.partition("=")
            page.fill(f"main [name={name}]", text.format(password=self.site.accounts["password"]))
            with page.expect_navigation():
                page.press(f"main [name={name}]", "Enter")
        else:
            page.goto(page.locator(f"main {step}").first.evaluate("link => link.href"))

    def look(self, page: Page, name: str) -> None:
        """The page as it stands, at both sizes; the size is the desk's again at the end."""
        for size, (width, height) in reversed(SIZES.items()):
            page.set_viewport_size({"width": width, "height": height})
            wide, tall = page.evaluate(SIZE_OF_PAGE)
            # Axe takes a button half under a bar that stays in view for a small one.
            page.set_viewport_size({"width": width, "height": max(height, tall)})
            faults = barriers(page)
            if wide > width:
                faults.append(f"scrolls sideways: {wide} px")
            self.found += [f"{name} ({size}): {fault}" for fault in faults]
        page.set_viewport_size({"width": width, "height": height})
        if self.site.lang == "hi":
            left = page.evaluate(LEFT_IN_ENGLISH, english_words())
            self.found += [f"{name}: not translated: {text}" for text in left]


SIZE_OF_PAGE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
LEFT_IN_ENGLISH = """(words) => {
    const known = new Set(words), left = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.nodeValue.trim().replace(/\\s+/g, " ");
        const holder = walker.currentNode.parentElement;
        if (known.has(text) && !holder.closest("[lang=en], script, style")) left.add(text);
    }
    for (const box of document.querySelectorAll("[placeholder], [aria-label], [title]"))
        for (const name of ["placeholder", "aria-label", "title"])
            if (known.has(box.getAttribute(name)) && !box.closest("[lang=en]"))
                left.add(box.getAttribute(name));
    return [...left];
}"""


def of_the_hospital(tour: Round) -> str:
    """Desk, vitals, the doctor's room, the signed paper; returns the patient's mobile."""
    site, mobile = tour.site, district.mobile()
    clerk = tour.open_page()
    tour.walk(clerk, SLUG, STRANGER)
    tour.number = visit.clerk_registers(clerk, site, mobile)
    clerk.goto(site.url(SLUG, f"/reg/slip/{tour.number}/print?paper=80&stay"))
    tour.slip = qr_on(clerk)
    tour.walk(clerk, SLUG, CLERK)
    tour.walk(tour.open_page(), SLUG, (("{slip}",),))  # the place in the queue
    tour.walk(tour.enter("rita.singh"), SLUG, NURSE)
    visit.nurse_measures(tour.open_page(), site, tour.number)
    doctor = tour.enter("anjali.jha")
    page_of_visit = site.url(SLUG, f"/opd/{tour.number}/")
    doctor.goto(page_of_visit)
    doctor.locator("form[action$='/call'] button").click()
    visit.pick(doctor, "diagnoses", "उच्च रक्त", nth=0)
    for medicine in ("amlod", "metf"):
        visit.pick(doctor, "medicines", medicine, nth=0)
        expect(doctor.locator(".rx.edit .name")).to_contain_text(re.compile(medicine, re.I))
        doctor.fill("#dose", "101")
        doctor.keyboard.press("Tab")
        doctor.fill("#days", "30")
        doctor.keyboard.press("Tab")
        expect(doctor.locator("#quantity")).to_have_value("60")
        tour.look(doctor, f"a row with {medicine} open")
    tour.walk(doctor, SLUG, DOCTOR)
    doctor.goto(page_of_visit)
    visit.doctor_signs(doctor, site)
    tour.walk(doctor, SLUG, SIGNED)
    tour.walk(tour.enter("rakesh.gupta"), SLUG, ANOTHER_DOCTOR)
    tour.walk(tour.enter("manager.purnia"), SLUG, MANAGER)
    return mobile


def of_the_state(tour: Round, mobile: str) -> None:
    """The district's office, and the family at home."""
    stranger = tour.open_page()
    tour.walk(stranger, SLUG, (("{slip}",), ("{slip}", f"number={mobile[-4:]}")))
    tour.walk(stranger, "", (("/accounts/login/",), ("/p/",), ("/messages/",)))
    visit.patient_enters(stranger, tour.site, mobile)
    tour.walk(stranger, "", FAMILY)
    tour.walk(tour.enter("dpm.purnia", ""), "", DISTRICT)
