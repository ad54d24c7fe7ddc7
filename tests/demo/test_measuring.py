"""What the long benches stand on: forms as a browser sends them, and what grew."""

import pytest

from apps.demo.bench_browser import Wrong, form_of, shape
from apps.demo.bench_memory import growth

PAGE = """<form id="a"><input name="q"></form>
<form id="give"><input type="hidden" name="id" value="7">
<input type="checkbox" name="tick-1" checked>
<input type="checkbox" name="tick-2"><input type="radio" name="rest" value="no">
<input type="radio" name="rest" value="later" checked>
<select name="lot"><option value="x">X</option><option value="y" selected>Y</option></select>
<select name="first"><option value="">-</option><option value="z">Z</option></select></form>
<input form="give" name="give-1" value="10"><button form="give" name="op" value="send">"""


def test_a_form_is_read_as_a_browser_would_send_it():
    told = {"id": "7", "tick-1": "on", "rest": "later", "lot": "y", "first": "", "give-1": "10"}
    assert form_of(PAGE, "give-") == told
    with pytest.raises(Wrong, match="no form with pin"):
        form_of(PAGE, "pin")


def test_what_went_wrong_names_no_patient():
    assert shape("/opd/GRN-26-0000001/sign?q=asha") == "/opd/*/sign"


def samples(*sizes):
    return [(float(n), {"web_uss_mb": size, "backends_own_mb": 10.0}) for n, size in
            enumerate(sizes)]  # fmt: skip


def test_memory_that_stays_does_not_grow_and_a_leak_does():
    warm_up = (50.0, 90.0, 100.0, 100.0, 100.0)
    stays = growth(samples(*warm_up, 100.0, 101.0, 100.0, 100.0))
    assert stays["memory_grew_percent"] == 0.0
    leaks = growth(samples(*warm_up, 120.0, 140.0, 160.0, 180.0))
    assert leaks["memory_grew_percent"] > 40
    assert leaks["memory"]["backends_own_mb"]["percent"] == 0.0


def test_too_few_samples_are_no_figure():
    assert growth(samples(1.0, 2.0)) == {"memory": "too few samples"}
