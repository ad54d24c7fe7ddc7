"""Places and the register: good files, bad rows, twice, newer."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEvent
from apps.core.actor import NOBODY
from apps.core.errors import Forbidden
from apps.core.master import Unreadable
from apps.facilities import actions, lists, queries
from apps.facilities.models import Region, RegisterEntry
from tests.facilities.master import LOADER, load_places

DISTRICTS = lists.PLACES[1]
HEAD = "district_lgd_code,division_code,name_en,name_hi\n"


def command(name, *args):
    out = StringIO()
    call_command(name, *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_works(db):
    command("load_places")
    command("load_register")
    counts = {kind: Region.objects.filter(kind=kind).count() for kind in Region.Kind.values}
    carried = {"division": 9, "district": 38, "subdivision": 101, "block": 534}
    assert counts == {**carried, "panchayat": 0, "village": 0}
    assert RegisterEntry.objects.count() == 641
    assert not RegisterEntry.objects.exclude(hfr_id="").exists()  # none is invented
    assert not RegisterEntry.objects.filter(verified=True).exists()
    assert AuditEvent.objects.filter(event="master.loaded").count() == 5


def test_a_second_run_changes_nothing(db):
    load_places()
    actions.load_list(lists.REGISTER, actor=LOADER)
    again = [*load_places(), actions.load_list(lists.REGISTER, actor=LOADER)]
    assert sum(summary.added + summary.changed for summary in again) == 0
    assert sum(summary.same for summary in again) == 9 + 38 + 101 + 534 + 641


def test_the_map_answers_in_both_languages(db, django_assert_num_queries):
    load_places()
    queries.districts()
    with django_assert_num_queries(0):
        assert queries.place_name("1625", "188") == {
            "hi": "भरगामा, अररिया",
            "en": "Bhargama, Araria",
        }
        assert queries.place_name("", "188")["en"] == "Araria"
        assert queries.place_name("nowhere", "") == {"hi": "", "en": ""}
        assert len(queries.districts()) == 38
        assert len(queries.blocks("188")) == 9
        assert queries.region("division", "PURNIA").name_hi == "पूर्णिया"


def test_a_newer_file_changes_only_its_rows(db, tmp_path):
    load_places()
    newer = tmp_path / "newer.csv"
    newer.write_text(HEAD + "188,PURNIA,Arariya,अररिया\n", "utf-8")
    summary = actions.load_list(DISTRICTS, file=newer, actor=LOADER)
    assert (summary.added, summary.changed, summary.retired) == (0, 1, 0)
    assert Region.objects.get(kind="district", code="188").name_en == "Arariya"
    assert Region.objects.filter(kind="district", active=True).count() == 38


def test_vanished_rows_are_retired_only_when_asked(db, tmp_path):
    load_places()
    newer = tmp_path / "newer.csv"
    newer.write_text(HEAD + "188,PURNIA,Araria,अररिया\n", "utf-8")
    summary = actions.load_list(DISTRICTS, file=newer, retire=True, actor=LOADER)
    assert summary.retired == 37
    assert Region.objects.filter(kind="district").count() == 38


BAD = (
    HEAD
    + "188,PURNIA,Araria,अररिया\n"
    + "\n"
    + "x1,PURNIA,Somewhere,कहीं\n"
    + "901,MOON,Somewhere,कहीं\n"
    + "902,PURNIA,Somewhere,Latin\n"
    + '903,PURNIA,"",कहीं\n'
    + "188,PURNIA,Araria,अररिया\n"
)


def test_bad_rows_refuse_the_file_and_are_named(db, tmp_path):
    load_places()
    file = tmp_path / "bad.csv"
    file.write_text(BAD, "utf-8")
    summary = actions.load_list(DISTRICTS, file=file, actor=LOADER)
    assert summary.refused and summary.added == summary.changed == 0
    assert [(bad.line, bad.column) for bad in summary.bad] == [
        (4, "district_lgd_code"),
        (5, "division_code"),
        (6, "name_hi"),
        (7, "name_en"),
        (8, "district_lgd_code"),
    ]
    assert summary.bad[1].reason == "there is no division MOON"


def test_good_rows_are_kept_when_asked(db, tmp_path):
    load_places()
    file = tmp_path / "bad.csv"
    file.write_text(BAD.replace("Araria", "Arariya"), "utf-8")
    done = command("load_places", "--file", str(file), "--on-error", "keep")
    assert (done["changed"], len(done["bad"])) == (1, 5)
    assert Region.objects.get(kind="district", code="188").name_en == "Arariya"


def test_a_refused_file_ends_in_an_error(db, tmp_path):
    load_places()
    file = tmp_path / "bad.csv"
    file.write_text(BAD, "utf-8")
    with pytest.raises(CommandError, match="Nothing of a refused file"):
        call_command("load_places", "--file", str(file), stdout=StringIO())


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "no column"),
        (b"a,b\n1,2\n", "no column"),
        ("district_lgd_code,\xe9".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(db, tmp_path, content, why):
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        actions.load_list(DISTRICTS, file=file, actor=LOADER)


def test_a_register_row_needs_its_own_districts_block(db, tmp_path):
    load_places()
    file = tmp_path / "register.csv"
    file.write_text(
        "facility_code_local,facility_type,name_en,name_hi,district_lgd_code,block_lgd_code,"
        "latitude,bed_norm\n"
        "A1,PHC,A,अ,188,1625,26.07,6-30\n"
        "A2,PHC,A,अ,212,1625,26.07,6\n"
        "A3,SPA,A,अ,188,1625,26.07,6\n"
        "A4,PHC,A,अ,188,1625,87.1,6\n"
        "A5,PHC,A,अ,188,1625,26.07,many\n",
        "utf-8",
    )
    summary = actions.load_list(lists.REGISTER, file=file, keep_good=True, actor=LOADER)
    assert [(bad.line, bad.column) for bad in summary.bad] == [
        (3, "block_lgd_code"),
        (4, "facility_type"),
        (5, "latitude"),
        (6, "bed_norm"),
    ]
    assert RegisterEntry.objects.get().bed_norm == "6-30"


def test_nobody_else_loads(db):
    with pytest.raises(Forbidden):
        actions.load_list(DISTRICTS, actor=NOBODY)


def test_villages_come_as_a_file_of_the_state(db, tmp_path):
    load_places()
    files = {
        "panchayats": "panchayat_lgd_code,block_lgd_code,panchayat_en,panchayat_hi\n"
        "900001,1625,Bhargama,भरगामा\n",
        "villages": "village_lgd_code,panchayat_lgd_code,village_en,village_hi\n"
        "910001,900001,Majheli,मझेली\n910002,900001,Rani Patra,\n",
    }
    for name, text in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        command("load_places", "--file", str(path))
    assert [row.name_hi for row in queries.villages("1625", "majhe")] == ["मझेली"]
    assert queries.villages("1625", "रानी")[0].panchayat_en == "Bhargama"
    assert queries.villages("", "majhe") == queries.villages("1625", "zz") == []
    assert len(queries.districts()) == 38
