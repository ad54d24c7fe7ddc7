"""A patient finds the own visits from the app and links them with a code."""

import re
import uuid

import pytest
from django.db import connection

from apps.abdm import actions
from apps.abdm.actions import discovery
from apps.abdm.matching import sounds_like
from apps.abdm.models import CareContext
from apps.audit.models import AuditEvent
from apps.documents.models import DocumentReference
from apps.gateway import actions as gateway
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.notices.models import Notice
from apps.patients.models import Patient
from tests.abdm.conftest import BLUE_ID, GREEN_ID, verified
from tests.abdm.stand_in import settle
from tests.abdm.test_link import sign
from tests.workflows.visits import asha_at_the_doctor, call, write

LINKING = "/api/hiecm/user-initiated-linking/v3"
MOBILE = "6000012345"


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def app(cast, stand_in, capture):
    """Asha without ABHA on record, one signed visit; her app is logged in."""
    visit = write(cast, call(cast, asha_at_the_doctor(cast, mobile=MOBILE)))
    sign(cast, visit, capture)
    account = stand_in.world.add_account("asha34", "Asha Devi", "F", 1992, 1, 1, MOBILE)
    return App(cast, stand_in, capture, visit, account)


class App:
    def __init__(self, cast, stand_in, capture, visit, account):
        self.cast, self.stand_in, self.capture = cast, stand_in, capture
        self.visit, self.account = visit, account

    def _call(self, path, body, account=None, *, carry=True):
        """As the app: with a session like any caller of the gateway."""
        told = {"REQUEST-ID": str(uuid.uuid4()), "TIMESTAMP": "2026-11-23T08:00:01.000Z",
                "X-CM-ID": "sbx"}  # fmt: skip
        login = {"clientId": "phr", "clientSecret": "phr", "grantType": "client_credentials"}
        session = self.stand_in.call("POST", "/api/hiecm/gateway/v3/sessions", login, **told)
        told["REQUEST-ID"] = str(uuid.uuid4())
        told["Authorization"] = f"Bearer {session.json()['accessToken']}"
        told["X-AUTH-TOKEN"] = (account or self.account).address
        answer = self.stand_in.call("POST", f"{LINKING}/{path}", body, **told)
        assert answer.status_code == 202, answer.text
        if carry:
            settle(self.stand_in, self.capture)
        return answer

    def discover(self, *, mr="", hip=GREEN_ID, account=None):
        hints = [{"type": "MR", "value": mr}] if mr else []
        body = {"hip": {"id": hip}, "unverifiedIdentifiers": hints}
        told = self._call("patient/care-context/discover", body, account).json()
        return self.stand_in.world.finds[told["transactionId"]]

    def init(self, find, blocks=None):
        told = {"transactionId": find.transaction_id, "patient": blocks or find.blocks}
        self._call("link/care-context/init", told)

    def confirm(self, find, code, **how):
        told = {"confirmation": {"token": code, "linkRefNumber": find.link}}
        self._call("link/care-context/confirm", told, **how)

    def code(self):
        notice = Notice.objects.filter(template="link-code").latest("created_at")
        assert notice.to_mobile == MOBILE
        return re.search(r"\d{6}", notice.body).group()

    def context(self):
        connection.set_tenant(self.cast.green)
        return CareContext.objects.filter(encounter_id=self.visit.pk).first()

    def change(self, **fields):
        connection.set_tenant(self.cast.green)
        Patient.objects.filter(pk=self.visit.patient_id).update(**fields)


def test_it_works(app):
    find = app.discover()
    assert find.error == "" and find.matched_by == ["MOBILE"]
    kinds = [block["hiType"] for block in find.blocks]
    assert kinds == ["Prescription", "OPConsultation", "WellnessRecord"]
    for block in find.blocks:
        assert block["careContexts"] == [
            {"referenceNumber": app.visit.number, "display": f"Visit {app.visit.number}"}
        ]
    assert "Fever" not in str(find.blocks)
    app.init(find)
    assert find.link and app.context() is None
    app.confirm(find, app.code())
    assert find.linked
    context = app.context()
    assert (context.status, context.via, context.kyc) == ("linked", "user", False)
    (known,) = app.stand_in.world.linked(app.account.address)
    assert known.reference == app.visit.number and known.notified == 1
    codes = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"records.found", "link_code.sent", "care_context.linked"} <= codes
    assert set(InboundMessage.objects.values_list("status", flat=True)) == {"handled"}
    assert app.discover().error == "Patient not found"  # nothing is left to link


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "1988-01-01"},
        {"sex": "male"},
        {"name_en": "Usha Devi", "name_hi": "उषा देवी"},
        {"mobile": "6000099999"},
        {"mobile": ""},
    ],
)
def test_it_says_nothing_of_somebody_else(app, wrong):
    app.change(**wrong)
    find = app.discover()
    assert (find.error, find.blocks) == ("Patient not found", [])
    assert not AuditEvent.objects.filter(event="records.found").exists()


@pytest.mark.parametrize("fine", [{"birth_date": "1990-06-01"}, {"name_en": "Aasha Kumari"}])
def test_two_years_and_another_spelling_are_the_same_person(app, fine):
    app.change(**fine)
    assert app.discover().blocks


def test_two_who_fit_are_nobody_until_a_slip_number_chooses(app, cast):
    twin = asha_at_the_doctor(cast, mobile=MOBILE)
    assert twin.patient_id != app.visit.patient_id
    assert app.discover().error == "Patient not found"
    assert app.discover(mr="NOT-A-NUMBER").error == "Patient not found"
    connection.set_tenant(cast.green)
    mrn = Patient.objects.get(pk=app.visit.patient_id).mrn
    assert app.discover(mr=mrn).matched_by == ["MOBILE", "MR"]


def test_a_slip_number_alone_proves_nothing(app, cast):
    connection.set_tenant(cast.green)
    mrn = Patient.objects.get(pk=app.visit.patient_id).mrn
    app.change(mobile="6000099999")
    assert app.discover(mr=mrn).error == "Patient not found"


def test_a_verified_abha_leads_here_and_nobody_elses_does(app):
    stranger = app.stand_in.world.add_account("other", "Asha Devi", "F", 1992, 1, 1, MOBILE)
    app.change(mobile="6000054321")
    verified(app.visit.patient_id, app.account)
    assert app.discover().matched_by == ["ABHA_NUMBER"]
    app.change(mobile=MOBILE)
    assert app.discover(account=stranger).error == "Patient not found"


def test_another_hospital_knows_nobody(app):
    assert app.discover(hip=BLUE_ID).error == "Patient not found"


def test_three_wrong_codes_end_it(app):
    find = app.discover()
    app.init(find)
    right = app.code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(3):
        app.confirm(find, wrong)
        assert find.error == "OTP mismatch"
    app.confirm(find, right)
    assert find.error == "OTP expired" and not find.linked and app.context() is None


def test_an_old_code_does_not_link(app):
    find = app.discover()
    app.init(find)
    OutboundMessage.objects.filter(purpose="discover.code").update(created_at="2020-01-01T00:00Z")
    app.confirm(find, app.code())
    assert find.error == "OTP expired" and app.context() is None


def test_only_what_was_shown_can_be_chosen(app):
    find = app.discover()
    other = [{**find.blocks[0], "careContexts": [{"referenceNumber": "GRN-26-999999"}]}]
    app.init(find, other)
    assert find.error == "Invalid Care Contexts"
    assert not Notice.objects.filter(template="link-code").exists()


def test_a_phone_gets_a_few_codes_a_day(app):
    for _ in range(discovery.CODES_A_DAY):
        app.init(app.discover())
    find = app.discover()
    app.init(find)
    assert find.error == "Patient not found" and not find.link
    assert Notice.objects.filter(template="link-code").count() == discovery.CODES_A_DAY


def test_a_later_paper_of_a_linked_visit_is_told(app):
    find = app.discover()
    app.init(find)
    app.confirm(find, app.code())
    context = app.context()
    assert context.notified_at
    CareContext.objects.filter(pk=context.pk).update(hi_types=["DiagnosticReport"], told=[])
    paper = DocumentReference.objects.get(encounter_id=app.visit.pk)
    with app.capture(execute=True):
        actions.share_document(paper.pk)
    settle(app.stand_in, app.capture)
    (known,) = app.stand_in.world.linked(app.account.address)
    assert known.notified == 2 and "DiagnosticReport" in known.hi_types


def test_it_is_safe_to_send_twice(app):
    find = app.discover()
    app.init(find)
    code = app.code()
    link = find.link
    app.init(find)  # the app asks again: the code of the first time still counts
    assert Notice.objects.filter(template="link-code").count() == 1
    app.confirm(find, code)
    app.confirm(find, code)
    assert find.link == link and find.linked
    assert OutboundMessage.objects.filter(purpose="discover.taken").count() == 1
    assert AuditEvent.objects.filter(event="care_context.linked").count() == 1


def test_a_worker_that_died_after_the_yes_links_later(app):
    find = app.discover()
    app.init(find)
    app.confirm(find, app.code(), carry=False)
    (letter,) = app.stand_in.held()
    with app.capture():  # the callback is kept, and its jobs are lost from here on
        app.stand_in.carry(letter)
    with app.capture():
        actions.handle_inbound(InboundMessage.objects.get(kind__endswith="confirm").pk)
    with app.capture():
        gateway.deliver(OutboundMessage.objects.get(purpose="discover.taken").pk)
    assert find.linked and app.context() is None
    connection.set_tenant(app.cast.green)
    with app.capture(execute=True):
        actions.sweep()
    assert app.context().status == "linked"
    assert OutboundMessage.objects.get(purpose="discover.taken").body == ""


def test_nothing_of_the_talk_stands_open(app):
    find = app.discover()
    app.init(find)
    code = app.code()
    for message in OutboundMessage.objects.all():
        text = f"{message.body} {message.error} {message.path}"
        assert "Asha" not in text and code not in text and app.account.address not in text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sunita Devi", "सुनीता देवी", True),
        ("Ramesh Yadav", "Ramesh", True),
        ("Ramesh Kumar Yadav", "रमेश यादव", True),
        ("Vijay Paswan", "Bijay Paswan", True),
        ("Sunita Devi", "Anita Devi", False),
        ("Ramesh Yadav", "Suresh Yadav", False),
        ("", "Asha", False),
        ("Devi", "Asha Devi", False),
    ],
)
def test_names_by_ear(one, other, same):
    assert sounds_like(one, other) is same
