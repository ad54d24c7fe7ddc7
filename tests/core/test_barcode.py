"""The bars of a slip number, module by module."""

import re

import barcode as symbols

from apps.core.templatetags.bhavya import barcode


def test_it_draws_the_bars_of_code_128():
    drawn = barcode("PUR-26-118204")
    modules = symbols.get("code128", "PUR-26-118204").build()[0]
    wide = int(re.search(r'viewBox="0 0 (\d+) 10"', drawn)[1])
    shown = ["0"] * wide
    for at, width in re.findall(r"M(\d+) 0h(\d+)v10", drawn):
        shown[int(at) : int(at) + int(width)] = "1" * int(width)
    assert "".join(shown) == "0" * 10 + modules + "0" * 10
    assert 'aria-label="PUR-26-118204"' in drawn
