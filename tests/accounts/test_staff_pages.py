"""The staff of a place, as pages."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts import queries
from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7

NEW = {"name_en": "Asha Kumari", "name_hi": "आशा कुमारी", "mobile": "98350 11111"}
HEAD = "name_en,name_hi,mobile,role,hospital,department,from_date\n"


def chief(cast):
    return cast.member("chief", Role.DS, cast.green)


def new_person(**changes):
    return {"id": uuid7(), "posting_id": uuid7(), **NEW, **changes}


def upload(client, text, **more):
    file = SimpleUploadedFile("staff.csv", text.encode("utf-8"), content_type="text/csv")
    return client.post("/staff/list", {"id": uuid7(), "file": file, **more})


def test_it_works(cast):
    client = chief(cast).client()
    form = new_person(role="REG", department="MED", from_date="2026-12-01")
    for _ in range(2):  # sent twice: the same slip, one person
        answer = client.post("/staff/new", form)
        assert answer.status_code == 201
        password = re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.content.decode())[1]
    asha = User.objects.get(mobile="9835011111")
    assert asha.check_password(password) and asha.must_change_password
    posting = PractitionerRole.objects.get(user=asha)
    assert (posting.role, posting.facility_id, posting.department) == ("REG", cast.green.pk, "MED")
    assert asha.username == "asha.1111"


def test_the_list_is_found_in_both_scripts_and_by_role(cast, django_assert_max_num_queries):
    client = chief(cast).client()
    client.post("/staff/new", new_person(role="REG"))
    for asked in ("?text=asha", "?text=आशा", "?text=98350", "?role=REG", ""):
        assert "asha.1111" in client.get(f"/staff/{asked}").content.decode(), asked
    assert "asha.1111" not in client.get("/staff/?role=NUR").content.decode()
    with django_assert_max_num_queries(9):
        client.get("/staff/")


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"name_en": ""}, "name_en"),
        ({"mobile": "12345"}, "mobile"),
        ({"role": "SHQ"}, "role"),
        ({"from_date": "tomorrow"}, "from_date"),
    ],
)
def test_bad_input_is_422_and_nothing_is_written(cast, changes, field):
    answer = chief(cast).client().post("/staff/new", new_person(**changes))
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not User.objects.filter(name_en="Asha Kumari").exists()


def test_a_refused_posting_leaves_no_half_person(cast):
    form = new_person(role="REG", place=f"f:{cast.green.pk}", from_date="2026-12-01")
    form["place"] = ""  # a district office must say where
    answer = cast.neha.client().post("/staff/new", form)
    assert answer.status_code == 422
    assert not User.objects.filter(name_en="Asha Kumari").exists()


def test_a_manager_s_new_person_waits_and_the_district_posts(cast):
    cast.manager.client().post("/staff/new", new_person())
    asha = User.objects.get(mobile="9835011111")
    office = cast.neha.client()
    assert "asha.1111" in office.get("/staff/?status=unposted").content.decode()
    assert "asha.1111" not in cast.other_admin.client().get("/staff/").content.decode()
    form = {"id": uuid7(), "role": "NUR", "place": f"f:{cast.green.pk}", "kind": "posting",
            "from_date": "2026-12-01"}  # fmt: skip
    assert office.post(f"/staff/{asha.pk}/post", form).status_code == 302
    assert PractitionerRole.objects.get(user=asha).role == "NUR"


def test_another_district_finds_nobody_and_is_noted(cast):
    client = cast.other_admin.client()
    target = cast.ravi.user.pk
    assert client.get(f"/staff/{target}/").status_code == 404
    for verb in ("profile", "post", "close", "open", "password", "pin"):
        assert client.post(f"/staff/{target}/{verb}", {"id": uuid7()}).status_code == 404, verb
    assert AuditEvent.objects.filter(event="access.refused").count() == 7
    assert cast.ravi.user.username not in client.get("/staff/").content.decode()


def test_a_posting_elsewhere_is_not_shown_and_the_account_not_closed_from_here(cast):
    PractitionerRole.objects.create(
        user=cast.ravi.user, role="KIT", scope="facility", facility=cast.blue,
        from_date="2026-01-01",
    )  # fmt: skip
    client = cast.neha.client()
    client.cookies["lang"] = "en"
    for path in ("/staff/", f"/staff/{cast.ravi.user.pk}/"):
        assert "Blue CHC" not in client.get(path).content.decode()
    assert client.post(f"/staff/{cast.ravi.user.pk}/close").status_code == 409


def test_closing_ends_the_session_with_the_next_click(cast):
    ravi, boss = cast.ravi.client(), chief(cast).client()
    assert ravi.get("/me").status_code == 200
    assert boss.post(f"/staff/{cast.ravi.user.pk}/close").status_code == 302
    assert ravi.get("/me").status_code == 302
    assert "ravi" in boss.get("/staff/?status=closed").content.decode()
    boss.post(f"/staff/{cast.ravi.user.pk}/open")
    assert cast.ravi.client().get("/me").status_code == 200


def test_a_reset_password_works_once_and_ends_sessions(cast):
    ravi, boss = cast.ravi.client(), chief(cast).client()
    form = {"id": uuid7()}
    for _ in range(2):
        answer = boss.post(f"/staff/{cast.ravi.user.pk}/password", form)
        password = re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.content.decode())[1]
    assert ravi.get("/me").status_code == 302
    cast.ravi.user.refresh_from_db()
    assert cast.ravi.user.check_password(password)
    assert AuditEvent.objects.filter(event="password.reset").count() == 1


def test_a_manager_does_not_take_over_the_superintendent(cast):
    boss = chief(cast)
    for verb in ("password", "pin", "close"):
        answer = cast.manager.client().post(f"/staff/{boss.user.pk}/{verb}", {"id": uuid7()})
        assert answer.status_code == 409, verb
    boss.user.refresh_from_db()
    assert boss.user.is_active


def test_transfer_and_end_by_the_page(cast):
    type(cast.blue).objects.filter(pk=cast.blue.pk).update(district_code="203")
    posting = PractitionerRole.objects.get(user=cast.ravi.user)
    client, day = cast.neha.client(), queries.today() + timedelta(days=3)
    base = f"/staff/{cast.ravi.user.pk}/{posting.pk}"
    bad = client.post(f"{base}/transfer", {"id": uuid7(), "on": day.isoformat()})
    assert bad.status_code == 422
    form = {"id": uuid7(), "on": day.isoformat(), "place": f"f:{cast.blue.pk}"}
    assert client.post(f"{base}/transfer", form).status_code == 302
    new = PractitionerRole.objects.get(user=cast.ravi.user, facility_id=cast.blue.pk)
    assert client.post(f"/staff/{cast.ravi.user.pk}/{new.pk}/end", {"on": "31-12-2026"}).status_code
    new.refresh_from_db()
    assert new.to_date.isoformat() == "2026-12-31"
    assert client.get(f"/staff/{cast.ravi.user.pk}/").status_code == 200


def test_a_list_is_saved_whole_or_not_at_all(cast):
    client = chief(cast).client()
    taken = cast.ravi.user
    taken.mobile = "9835000000"
    taken.save()
    bad = HEAD + (
        "Asha,आशा,9835011111,REG,,MED,01-12-2026\nBina,,123,NUR,,,\nChand,,9835000000,,,,\n"
        "Deep,,9835011112,XXX,,,\nEla,,9835011111,,,,\nFani,,9835011113,REG,,QQQ,\n"
        "Gita,,9835011114,REG,,,31-31-2026\n"
    )
    answer = upload(client, bad)
    assert answer.status_code == 422
    assert answer.content.decode().count("invalid-feedback") == 6
    assert not User.objects.filter(name_en="Asha").exists()
    assert upload(client, bad, commit="1").status_code == 422
    assert not User.objects.filter(name_en="Asha").exists()


def test_the_preview_writes_nothing_and_the_list_sent_twice_makes_nobody_twice(cast):
    client = chief(cast).client()
    good = HEAD + "Asha,आशा,9835011111,REG,,MED,01-12-2026\nBina,बीना,9835011112,NUR,,,\n"
    preview = upload(client, "\ufeff" + good)
    assert preview.status_code == 200
    assert not User.objects.filter(name_en="Asha").exists()
    assert not AuditEvent.objects.filter(event="user.created").exists()
    list_id = re.search(r'name="id" value="([0-9a-f-]{36})"', preview.content.decode())[1]
    for _ in range(2):
        answer = client.post("/staff/list", {"id": list_id, "text": good, "commit": "1"})
        assert answer.status_code == 201
    assert User.objects.filter(name_en__in=["Asha", "Bina"]).count() == 2
    assert PractitionerRole.objects.filter(user__name_en="Asha", department="MED").count() == 1


def test_a_district_s_list_names_its_own_hospitals_only(cast):
    rows = "Asha,,9835011111,REG,green-phc,,\nBina,,9835011112,REG,blue-chc,,\n"
    answer = upload(cast.neha.client(), HEAD + rows)
    assert answer.status_code == 422
    assert answer.content.decode().count("invalid-feedback") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00\xff\xfe",
        b"a;b\n1;2\n",
        "नाम,मोबाइल\n".encode(),
        b"name_en,mobile\n",
    ],
)
def test_a_file_that_is_no_list_is_told_so(cast, content):
    file = SimpleUploadedFile("x.csv", content)
    answer = chief(cast).client().post("/staff/list", {"id": uuid7(), "file": file})
    assert answer.status_code == 422


def test_the_template_names_the_columns(cast):
    answer = chief(cast).client().get("/staff/list/template.csv")
    assert answer.content.decode("utf-8-sig").startswith("name_hi,name_en,mobile,role")


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_page_opens_in_both_languages(cast, language):
    client = chief(cast).client()
    client.cookies["lang"] = language
    for path in ("/staff/", "/staff/new", "/staff/list", f"/staff/{cast.ravi.user.pk}/", "/me",
                 "/duty"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()
