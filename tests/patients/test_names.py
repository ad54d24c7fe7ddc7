"""The proposal in the other script."""

import pytest

from apps.patients.names import both, devanagari, latin


@pytest.mark.parametrize(
    "hindi, english",
    [
        ("सुनीता देवी", "Sunita Devi"),
        ("मनोज कुमार साह", "Manoj Kumar Sah"),
        ("रामचंद्र", "Ramchandra"),
        ("शबनम ख़ातून", "Shabnam Khatoon"),
        ("मो. इरफ़ान", "Md. Irfan"),
    ],
)
def test_it_works(hindi, english):
    assert latin(hindi) == english
    assert devanagari(english) in (hindi, hindi.replace("मो.", "मो."))


def test_an_unknown_name_is_written_by_rule():
    assert devanagari("Majheli") == "मझेली"
    assert devanagari("Ramjatan") == "रामजतन"


def test_it_says_which_one_was_made():
    assert both("आशा", "") == ("आशा", "Asha", "en")
    assert both("", "Asha") == ("आशा", "Asha", "hi")
    assert both("आशा", "Aasha") == ("आशा", "Aasha", "")


def test_what_no_rule_knows_is_left_alone():
    assert devanagari("Zoë 7") == "Zoë 7"
