"""What people do all day in the soak, each step by the page that they use."""

import re
from collections.abc import Callable
from random import Random
from urllib.parse import parse_qs, urlsplit

from apps.core.ids import uuid7
from apps.demo import world
from apps.demo.bench_browser import Browser, Wrong, form_of
from apps.demo.bench_soak_town import MEDICINES
from apps.demo.people import visitors

Step = Callable[[str, Callable[[], str]], str]
VERSION = re.compile(r'name="version" value="(\d+)"')
TEST, VALUE = "RBS", "104"


def patient(team: dict[str, Browser], step: Step, chance: Random) -> None:
    """One patient's whole way through a hospital. `step(name, act)` measures each press."""
    number = register(team["REG"], step)
    team["NUR"].get(f"/vitals/{number}/")
    step("vitals", lambda: team["NUR"].post(f"/vitals/{number}/skip", {"reason": "device"}))
    tested = chance.random() < 0.5
    number = consult(team["MO"], step, tested=tested)
    if tested:
        laboratory(team, step, number)
    counter(team["PHM"], step)


def register(clerk: Browser, step: Step) -> str:
    page = step("registration page", lambda: clerk.get("/reg/"))
    who = visitors(1, seed=str(uuid7()))[0]
    told = form_of(page, "visit_id") | {
        "name_hi": who.name_hi, "age": who.age, "age_unit": "years", "sex": who.sex,
        "mobile": who.mobile, "village": who.village, "department": "MED",
    }  # fmt: skip
    where = step("register", lambda: clerk.post("/reg/", told))
    slip = parse_qs(urlsplit(where).query).get("slip")
    if not slip:
        raise Wrong(f"registered, but no slip: {clerk.path}")
    return slip[0]


def consult(doctor: Browser, step: Step, *, tested: bool) -> str:
    """Whoever is next is called, written for and signed."""
    number, page = _called(doctor, step)
    while not VERSION.search(page):  # signed before, back from the laboratory with results
        step("send on", lambda n=number: doctor.post(f"/opd/{n}/results/on", {"to": "pharmacy"}))  # type: ignore[misc]
        number, page = _called(doctor, step)
    edits: list[dict[str, str]] = [{"op": "write:complaints:बुखार 3"}, {"op": "add:diagnoses:DX108"}]
    for n, code in enumerate(MEDICINES):
        edits += [{"op": f"add_medicine:{code}"},
                  {"op": f"medicine:{n}", "dose_text": "1-0-1", "dose_was": "", "days_text": "5",
                   "days_was": "", "when": "after"}]  # fmt: skip
    edits += [{"op": f"add:tests:{TEST}"}] if tested else []
    for edit in edits:
        told = edit | {"version": _version(page)}
        step("draft", lambda told=told: doctor.post(f"/opd/{number}/draft", told))  # type: ignore[misc]
        page = doctor.get(f"/opd/{number}/")
    page = step("signing dialog", lambda: doctor.get(f"/opd/{number}/sign"))
    told = form_of(page, "pin") | {"pin": world.PIN}
    step("sign", lambda: _moved(doctor, f"/opd/{number}/sign", told))
    return number


def _called(doctor: Browser, step: Step) -> tuple[str, str]:
    where = step("call", lambda: _redirected(doctor.post("/opd/next", {})))
    number = where.strip("/").split("/")[-1]
    return number, step("doctor's screen", lambda: doctor.get(where))


def counter(pharmacist: Browser, step: Step) -> None:
    where = step("counter calls", lambda: pharmacist.post("/rx/next", {}))
    page = step("counter's sheet", lambda: pharmacist.get(where))
    if "give-" in page:
        told = form_of(page, "give-")
        step("hand over", lambda: _moved(pharmacist, urlsplit(where).path, told))


def laboratory(team: dict[str, Browser], step: Step, number: str) -> None:
    """Sample, value, second signature."""
    technician, head = team["LAB"], team["PATH"]
    page = step("samples", lambda: technician.get(f"/lab/collect/{number}/"))
    told = form_of(page, "request_ids")
    where = step("collect", lambda: technician.post(f"/lab/collect/{number}/", told))
    for accession in parse_qs(urlsplit(where).query)["of"][0].split(","):
        grid = f"/lab/{accession}/result"
        page = step("result's grid", lambda grid=grid: technician.get(grid))  # type: ignore[misc]
        typed = form_of(page, "v-")
        typed |= {name: VALUE for name in typed if name.startswith("v-")} | {"op": "send"}
        step("result", lambda g=grid, t=typed: _moved(technician, g, t))  # type: ignore[misc]
        verify = f"/lab/{accession}/verify"
        page = head.get(verify)
        told = form_of(page, "pin") | {"pin": world.PIN}
        step("verify", lambda v=verify, t=told: _moved(head, v, t))  # type: ignore[misc]


def _moved(browser: Browser, path: str, told: dict[str, str]) -> str:
    """A press that must lead on; staying on the form with a sentence is wrong."""
    return _redirected(browser.post(path, told))


def _redirected(where: str) -> str:
    if where.lstrip().startswith("<"):
        raise Wrong("a page where a press should lead on")
    return where


def _version(page: str) -> str:
    found = VERSION.search(page)
    if found is None:
        raise Wrong("no draft on the doctor's screen")
    return found[1]
