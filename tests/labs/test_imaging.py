"""X-ray and ultrasound: slot, done, signed; the sex of a foetus is never written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import queries as papers
from apps.encounters import queries as visits
from apps.labs import actions, queries
from tests.labs.samples import PIN, ordered, radiologist

FORM_F = {"weeks": "20", "indication": "growth", "declaration": "yes"}


def study(cast, code="CXR"):
    visit = ordered(cast, code)
    return visit, queries.of_encounter(visit.pk).get()


def radiographer(cast):
    return cast.member("manoj", Role.RADG, cast.green).actor


def test_it_works(cast):
    visit, order = study(cast)
    by, head, paper = radiographer(cast), radiologist(cast).actor, uuid7()
    assert queries.to_collect() == []
    actions.book(order.pk, slot=timezone.now() + timedelta(hours=1), actor=by)
    actions.study_done(order.pk, films=2, actor=by)
    for _ in range(2):
        report = actions.sign_study(
            order.pk, id=paper, text="Both lungs clear.", pin=PIN, actor=head
        )
    assert report.conclusion == "Both lungs clear."
    assert papers.document(paper).content["groups"][0]["conclusion"] == "Both lungs clear."
    assert visits.visit(visit.pk).token.returning == "report"
    assert queries.imaging_list() == []


def test_it_refuses_what_comes_too_early(cast):
    _, order = study(cast)
    by, head = radiographer(cast), radiologist(cast).actor
    with pytest.raises(Refused, match=r"study\.not_done"):
        actions.sign_study(order.pk, id=uuid7(), text="x", pin=PIN, actor=head)
    with pytest.raises(Refused, match=r"study\.past"):
        actions.book(order.pk, slot=timezone.now() - timedelta(days=1), actor=by)
    with pytest.raises(Refused, match=r"study\.films"):
        actions.study_done(order.pk, films=-1, actor=by)
    with pytest.raises(Forbidden):
        actions.sign_study(order.pk, id=uuid7(), text="x", pin=PIN, actor=by)


def test_form_f_comes_before_an_ultrasound_in_pregnancy(cast):
    _, order = study(cast, "USGO")
    by, head = radiographer(cast), radiologist(cast).actor
    with pytest.raises(Refused, match=r"study\.form_f"):
        actions.study_done(order.pk, films=0, actor=by)
    with pytest.raises(Forbidden):
        actions.draft_form_f(order.pk, told=FORM_F, actor=by)
    with pytest.raises(Refused, match=r"form_f_empty"):
        actions.draft_form_f(order.pk, told={}, actor=head)
    actions.draft_form_f(order.pk, told=FORM_F, actor=head)
    actions.study_done(order.pk, films=0, actor=by)


@pytest.mark.parametrize(
    "text",
    ["Single live male foetus", "It is a GIRL", "गर्भ में लड़का है", "बेटी", "sex: F", "XY"],
)
def test_a_text_that_names_the_sex_is_refused(cast, text):
    _, order = study(cast, "USGO")
    head = radiologist(cast).actor
    with pytest.raises(Refused, match=r"fetal_sex"):
        actions.draft_form_f(order.pk, told={**FORM_F, "indication": text}, actor=head)
    actions.draft_form_f(order.pk, told=FORM_F, actor=head)
    actions.study_done(order.pk, films=0, actor=radiographer(cast))
    with pytest.raises(Refused, match=r"fetal_sex"):
        actions.sign_study(order.pk, id=uuid7(), text=text, pin=PIN, actor=head)


def test_an_ordinary_text_passes(cast):
    _, order = study(cast, "USGO")
    head = radiologist(cast).actor
    actions.draft_form_f(order.pk, told=FORM_F, actor=head)
    actions.study_done(order.pk, films=0, actor=radiographer(cast))
    text = "Single live intrauterine pregnancy, 20 weeks, placenta anterior."
    assert actions.sign_study(order.pk, id=uuid7(), text=text, pin=PIN, actor=head)
