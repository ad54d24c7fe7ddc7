"""The journeys of a hospital's day in a real browser.

One file, as the tests are shared out by file and each file starts the day anew.
"""

import pytest

from tests.e2e import district, visit
from tests.e2e.site import Site

pytestmark = pytest.mark.browser


def test_a_hospital_comes_on_board(site: Site, open_page, lang: str, tmp_path):
    admin, plan = open_page(), district.PLANS[lang]
    district.finds_it(admin, site, plan)
    district.brings_on_board(admin, plan)
    district.changes_settings(admin, site, plan)
    login = district.adds_one(admin, site, plan)
    district.adds_a_list(admin, site, plan, tmp_path)
    district.moves_and_closes(admin, site, plan)
    district.first_patient(open_page(), site, plan, login)


def test_a_visit_from_the_window_to_the_paper(site: Site, open_page):
    clerk, mobile = open_page(), district.mobile()
    number = visit.clerk_registers(clerk, site, mobile)
    slip_address = visit.slip_prints(clerk, site, number)
    visit.nurse_measures(open_page(), site, number)
    doctor = open_page()
    visit.doctor_writes(doctor, site, number)
    visit.doctor_signs(doctor, site)
    check_address = visit.paper_is_printed(doctor)
    visit.anybody_checks(open_page(360, 640), check_address)
    visit.slip_opens_at_home(open_page(360, 640), slip_address, mobile)
    visit.patient_logs_in(open_page(360, 640), site, mobile)
