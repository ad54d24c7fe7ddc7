"""Age as told, age as shown."""

from datetime import date

import pytest

from apps.core.errors import Refused
from apps.patients.age import age_on, birth_date

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    "number, unit", [(0, "days"), (27, "days"), (1, "months"), (23, "months"), (2, "years"),
                     (42, "years"), (120, "years")],
)  # fmt: skip
def test_the_age_shown_today_is_the_age_told(number, unit):
    shown = age_on(birth_date(number, unit, on=TODAY), TODAY)
    assert (shown.number, shown.unit) == (number, unit)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 12, 31), date(2026, 3, 1)])
def test_it_holds_on_odd_days(day):
    for months in range(2, 24):
        assert age_on(birth_date(months, "months", on=day), day).number == months


def test_it_refuses_what_nobody_reaches_and_offers_the_likely():
    with pytest.raises(Refused) as refused:
        birth_date(420, "years", on=TODAY)
    assert refused.value.code == "age.out_of_range_guess"
    assert refused.value.values["guess"] == "42"


def test_a_birthday_in_the_future_is_age_nought():
    assert age_on(date(2027, 1, 1), TODAY).number == 0
