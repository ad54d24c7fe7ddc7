"""A message when a form is there: to who asked, once, with a link and nobody's data."""

from datetime import date

import pytest
from django.db import connection

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.facilities import places
from apps.facilities.models import Region
from apps.notices.models import Notice
from apps.reporting import actions
from apps.reporting.models import FormWish, ReportRun
from tests.reporting.linked import moment

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def mid_august(cast, monkeypatch):
    """The 15th of August: July is over and late. The manager and a data officer have mobiles."""
    connection.set_schema_to_public()
    Region.objects.create(kind="district", code="203", name_hi="पूर्णिया", name_en="Purnia")
    places.forget()
    cast.data = cast.member("data", Role.DME, None, "203")
    for n, member in enumerate((cast.manager, cast.data)):
        User.objects.filter(pk=member.user.pk).update(mobile=f"600001234{n}", language="en")
    stand(monkeypatch, date(2026, 8, 15))
    return cast


def stand(monkeypatch, day):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(day))


def formed(facility, first, last, *, status="draft"):
    return ReportRun.objects.create(kind="hmis", facility_id=facility.pk, first=first, last=last,
                                    status=status, asked_at=moment(last),
                                    made_at=moment(last, 11))  # fmt: skip


def told():
    """Texts of the messages and how they are named."""
    return [(row.template, row.body) for row in Notice.objects.order_by("created_at", "pk")]


def test_it_works(mid_august, monkeypatch):
    cast = mid_august
    actions.wish_message("hmis", on=True, actor=cast.manager.actor)
    formed(cast.green, JULY, date(2026, 7, 31))
    assert actions.hand_over() == 0  # it was there before anybody asked
    stand(monkeypatch, date(2026, 9, 2))
    assert actions.hand_over() == 0  # August is not worked out
    formed(cast.green, AUGUST, date(2026, 8, 31))
    assert [actions.hand_over(), actions.hand_over()] == [1, 0]
    (template, text) = told()[0]
    assert template == "form-ready" and "Green PHC: HMIS monthly report from 01-08-2026" in text
    assert "green-phc.bhavya.localhost" in text and "/reports/hmis/2026-08-01/" in text
    assert Notice.objects.get().to_mobile == "6000012340"


def test_an_office_is_told_how_many_have_submitted_once_the_day_has_passed(mid_august, monkeypatch):
    cast = mid_august
    actions.wish_message("hmis", on=True, actor=cast.data.actor)
    formed(cast.green, AUGUST, date(2026, 8, 31), status="submitted")
    formed(cast.blue, AUGUST, date(2026, 8, 31), status="submitted")  # of another district
    stand(monkeypatch, date(2026, 9, 4))
    assert actions.hand_over() == 0
    stand(monkeypatch, date(2026, 9, 6))
    assert [actions.hand_over(), actions.hand_over()] == [1, 0]
    (template, text) = told()[0]
    assert template == "forms-submitted" and "1 of 1 hospitals have submitted" in text
    assert "Purnia: HMIS" in text and "//bhavya.localhost" in text


def test_who_may_not_read_it_any_more_gets_nothing(mid_august, monkeypatch):
    cast = mid_august
    actions.wish_message("hmis", on=True, actor=cast.manager.actor)
    formed(cast.green, AUGUST, date(2026, 8, 31))
    PractitionerRole.objects.filter(user=cast.manager.user).update(to_date=date(2026, 8, 20))
    stand(monkeypatch, date(2026, 9, 2))
    assert actions.hand_over() == 0
    assert not Notice.objects.exists()


def test_it_is_safe_to_send_twice_and_switched_off_again(mid_august, monkeypatch):
    cast = mid_august
    for on in (True, True, False, False):
        actions.wish_message("hmis", on=on, actor=cast.manager.actor)
    assert FormWish.objects.get().active is False
    assert AuditEvent.objects.filter(event="state_form.wished").count() == 2
    formed(cast.green, AUGUST, date(2026, 8, 31))
    stand(monkeypatch, date(2026, 9, 2))
    assert actions.hand_over() == 0


def test_it_refuses_without_a_mobile_and_a_form_that_is_none(mid_august):
    cast = mid_august
    User.objects.filter(pk=cast.manager.user.pk).update(mobile=None)
    with pytest.raises(Refused, match=r"form\.mobile"):
        actions.wish_message("hmis", on=True, actor=cast.manager.actor)
    with pytest.raises(Refused, match="not_found"):
        actions.wish_message("x", on=True, actor=cast.manager.actor)


def test_a_clerk_may_not(mid_august):
    with pytest.raises(Forbidden):
        actions.wish_message("hmis", on=True, actor=mid_august.ravi.actor)


def test_the_pages_switch_it(mid_august):
    for member, home in ((mid_august.manager, "/reports/"), (mid_august.data, "/reports/")):
        client = member.client()
        client.cookies["lang"] = "en"
        assert "SMS when it is there" in client.get(home).content.decode()
        page = client.post(
            "/reports/message", {"kind": "hmis", "on": "1"}, follow=True
        ).content.decode()
        assert "You get an SMS" in page and "SMS is on" in page
    User.objects.filter(pk=mid_august.manager.user.pk).update(mobile=None)
    FormWish.objects.all().delete()
    client = mid_august.manager.client()
    client.cookies["lang"] = "en"
    page = client.post(
        "/reports/message", {"kind": "hmis", "on": "1"}, follow=True
    ).content.decode()
    assert "mobile number is not known" in page
