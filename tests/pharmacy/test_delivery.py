"""A delivery as a file, and a pack under the scanner."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.pharmacy import actions, gs1, queries
from apps.pharmacy.models import StockMovement
from tests.pharmacy.shelf import drug, lot

GTIN = "08901234567890"


@pytest.fixture
def para(cast):
    return drug("T-PARA", "Paracetamol")


def file(*rows, head="code,batch_no,expiry,quantity"):
    return "\n".join([head, *rows])


def many(n, *, bad=()):
    day = timezone.localdate() + timedelta(days=300)
    rows = [f"T-PARA,B{i},{day:%d-%m-%Y},10" for i in range(n)]
    for i, row in bad:
        rows[i] = row
    return file(*rows)


def take(cast, text, *, keep=False, id=None):
    return actions.receive_file(
        text, id=id or uuid7(), store="main", source="file", keep=keep, actor=cast.arun.actor
    )


BAD = [
    (3, "T-NONE,B3,31-12-2030,10"),
    (7, "T-PARA,B7,31-13-2030,10"),
    (9, "T-PARA,B9,31-12-2030,x"),
]


def test_three_bad_rows_in_400_are_told_and_nothing_is_written(cast, para):
    report = take(cast, many(400, bad=BAD))
    assert [(row.line, row.why.code) for row in report.bad] == [
        (5, "stock.unknown_medicine"), (9, "file.expiry"), (11, "stock.quantity"),
    ]  # fmt: skip
    assert (report.good, report.written) == (397, 0)
    assert not StockMovement.objects.exists()


def test_the_good_rows_are_taken_when_asked_and_once(cast, para):
    form_id = uuid7()
    assert take(cast, many(12, bad=BAD), keep=True, id=form_id).written == 9
    assert take(cast, many(12, bad=BAD), keep=True, id=form_id).written == 9
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 90}}


def test_an_export_of_another_system_is_read_by_its_headings(cast, para):
    text = file(
        "Paracetamol Tablet 500 mg,PX1,31-12-2030,\"1,200\"", "No such thing,PX2,31-12-2030,5",
        head="Drug Name,Batch No.,Exp. Date,Received Qty",
    )  # fmt: skip
    report = take(cast, text, keep=True)
    assert (report.written, [row.what for row in report.bad]) == (1, ["No such thing"])
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 1200}}


@pytest.mark.parametrize("text", ["", "a,b\n1,2", '"open'])
def test_what_is_no_delivery_is_refused(cast, text):
    with pytest.raises(Refused, match="file"):
        take(cast, text)


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN}1727033110AB12",
        f"01{GTIN}10AB12\x1d17270331",
        f"]d201{GTIN}10AB12\x1d17270331",
        f"\x1d01{GTIN}10AB12\x1d17270331",
        f"01{GTIN}10AB1217270331",  # a scanner that swallowed the separator
        f"(01){GTIN}(17)270300(10)ab12",
    ],
)
def test_a_pack_is_read(text):
    assert gs1.read(text) == gs1.Pack(GTIN, "AB12", date(2027, 3, 31))


def test_an_ean_carries_the_medicine_only():
    assert gs1.read(GTIN[1:]) == gs1.Pack(GTIN)


@pytest.mark.parametrize(
    "text", ["PUR-26-000123", "M-048", "8901234567899", "", "0108901234567899"]
)
def test_what_is_no_pack_is_none(text):
    assert gs1.read(text) is None


def test_a_pack_code_is_remembered(cast, para):
    assert queries.item_of_gtin(GTIN) is None
    lot(cast, gtin=GTIN)
    assert queries.item_of_gtin(GTIN).code == "T-PARA"
    assert queries.on_hand(["T-PARA"])["T-PARA"] == Decimal(100)
