"""Every screen, both sizes, both languages: `python -m pytest tests/e2e/sweep.py`.

It takes some minutes, so it is run by name, not by `make test`; the journeys look for barriers too.
"""

import pytest

from tests.e2e import barriers
from tests.e2e.site import Site

pytestmark = pytest.mark.browser


def test_no_screen_has_a_barrier(site: Site, open_page):
    """One list of all findings, so that one run shows what is to be mended."""
    tour = barriers.Round(site, open_page)
    mobile = barriers.of_the_hospital(tour)
    barriers.of_the_state(tour, mobile)
    assert tour.found == []
