"""One name, many spellings, one key."""

import unicodedata

import pytest

from apps.core.fold import digits, fold, fold_name, name_key, tidy

SAME = """सुनीता देवी|Sunita Devi|suneeta devee
शबनम ख़ातून|Shabnam Khatoon|Shabnam Khatun
मनोज कुमार साह|Manoj Kumar Sah|Manoj Kumar Shah
कलावती|Kalawati|Kalavati
मो. इरफ़ान|Md. Irfan|Mohammad Irfan
सौरभ चौधरी|Saurabh Choudhary|Saurav Chaudhary
लक्ष्मी|Lakshmi|Laxmi
विद्या|Vidya|Bidya
सिंह|Singh|Sinh
विजय|Vijay|Bijay
कमला|Kamla|Kamala
वर्मा|Varma|Verma
ज़ाकिर हुसैन|Zakir Hussain|Jakir Husain"""


@pytest.mark.parametrize("spellings", SAME.splitlines())
def test_spellings_meet(spellings):
    assert len({fold_name(name) for name in spellings.split("|")}) == 1


@pytest.mark.parametrize("one, other", [("Sunita", "Sarita"), ("Rekha", "Rekhan"), ("Ram", "Rim")])
def test_different_names_stay_apart(one, other):
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_any_normalisation_gives_one_key(form):
    for name in ("शबनम ख़ातून", "फ़ातिमा", "गुड़िया", "Zoë Müller"):
        assert name_key(unicodedata.normalize(form, name)) == name_key(name)


def test_signs_without_width_do_not_matter():
    assert fold_name("क्\u200dष\u200cमा") == fold_name("क्षमा")
    assert tidy("\ufeffराम\u200b  प्रसाद\n") == "राम प्रसाद"


def test_words_run_together_are_kept_too():
    assert name_key("राम चंद्र").split("|")[1] == name_key("Ramchandra").split("|")[0]


def test_digits_of_any_script():
    assert digits("१२३ 45 ۶") == "123 45 6"


def test_medicine_names_keep_their_vowels():
    assert fold("Paracetamol").startswith(fold("Para"))
    assert not fold("Prednisolone").startswith(fold("Para"))
