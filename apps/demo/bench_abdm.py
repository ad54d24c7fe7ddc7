"""ABDM: CPU of one paper made into a bundle and sealed for who asks; a crowd that shares; the fault
run of links."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.abdm import crypto, pages
from apps.abdm import queries as abdm
from apps.core.tenancy import facility_context
from apps.demo.bench_links import measure_links
from apps.demo.bench_shares import measure_shares
from apps.demo.seed import known_id
from apps.documents import queries as documents
from apps.encounters import queries as visits

ROUNDS = 200
SLUG, KB = "dh-purnia", 10


def measure_abdm() -> dict[str, Any]:
    """{"seal": {"bundle_ms", "seal_ms", …}, "shares": {…}, "links": {…}}. Needs the demo, and that
    nothing else runs on its database: `make run` would deliver this mail to its own stand-in."""
    return {"seal": measure_seal(), "shares": measure_shares(), "links": measure_links()}


def measure_seal() -> dict[str, Any]:
    """CPU of a signed prescription of the demo as a bundle of the guide, and of ten kilobytes as an
    encrypted page with keys of its own. Median of 200."""
    with facility_context(known_id("facility", SLUG)):
        paper = _paper()
        bundle = abdm.bundle(paper)
        made = json.dumps(bundle, ensure_ascii=False).encode()
        building = _cpu_ms(lambda: abdm.bundle(paper))
        sealing = _sealing(made.ljust(KB * 1024))
        whole = _whole(paper)
    return {
        "bundle_kb": round(len(made) / 1024, 1),
        "bundle_ms": building,
        "seal_10kb_ms": sealing,
        "page_ms": whole,
    }


def _paper() -> UUID:
    """The longest prescription of the first signed visits of the day."""
    today = timezone.localdate()
    found = []
    for n in range(26):
        visit_id = known_id("visit", SLUG, today, n)
        if visits.exists(visit_id):
            paper = documents.document(known_id("paper", visit_id))
            if paper is not None:
                found.append((len(paper.content["medicines"]), paper.pk))
    if not found:
        raise RuntimeError("the demo's day is not here: manage.py seed_demo")
    return max(found)[1]


def _peer() -> dict[str, str]:
    return {"key": crypto.KeyPair.generate().public_x509, "nonce": crypto.new_nonce()}


def _sealing(plain: bytes) -> float:
    peer = _peer()

    def seal() -> str:
        return crypto.encrypt(
            plain, own=crypto.KeyPair.generate(), own_nonce=crypto.new_nonce(),
            peer_public=peer["key"], peer_nonce=peer["nonce"],
        )  # fmt: skip

    return _cpu_ms(seal)


def _whole(paper: UUID) -> float:
    """What one page costs from the row to the body that is sent."""
    document = documents.document(paper)
    assert document is not None
    page = pages.Page(
        transfer_id=known_id("bench", "transfer"),
        transaction_id=known_id("bench", "transaction"),
        n=0,
        count=1,
        paper=paper,
        kind="Prescription",
        context=visits.visit(document.encounter_id).number,
        to=_peer(),
        key_ends=timezone.now() + timedelta(days=1),
    )
    return _cpu_ms(lambda: pages.body_of(page))


def _cpu_ms(act: Callable[[], Any]) -> float:
    act()
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    return round(statistics.median(spent), 2)
