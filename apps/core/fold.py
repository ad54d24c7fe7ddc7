"""One search key for both scripts: सुनीता, Sunita and "suneeta" fold to the same letters.

Hindi is written out in Latin letters with the final and middle schwa dropped as it is spoken,
then both scripts lose what spelling varies in: vowel length, aspiration, doubled letters,
the three sibilants, v/w, nukta. Rules from the interface specification, section 12.
"""

import re
import unicodedata

CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        [
            "k",
            "kh",
            "g",
            "gh",
            "n",
            "ch",
            "chh",
            "j",
            "jh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "p",
            "ph",
            "b",
            "bh",
            "m",
            "y",
            "r",
            "l",
            "v",
            "sh",
            "sh",
            "s",
            "h",
            "l",
        ],
        strict=True,
    )
)
VOWELS = dict(
    zip(
        "अआइईउऊऋएऐओऔऍऑ",
        ["a", "aa", "i", "ee", "u", "oo", "ri", "e", "ai", "o", "au", "e", "o"],
        strict=True,
    )
)
SIGNS = dict(
    zip("ािीुूृेैोौॅॉ", ["aa", "i", "ee", "u", "oo", "ri", "e", "ai", "o", "au", "e", "o"], strict=True)
)
NASAL = dict.fromkeys("ंँ", "n")
VIRAMA, NUKTA = "\u094d", "\u093c"
SPEECH = (  # order matters: longer spellings first
    ("chh", "c"), ("ch", "c"), ("ksh", "ks"), ("x", "ks"), ("gy", "gn"), ("jn", "gn"),
    ("ph", "f"), ("sh", "s"), ("zh", "j"), ("z", "j"), ("q", "k"), ("w", "v"),
    ("ck", "k"),
)  # fmt: skip
SPACE = re.compile(r"[^0-9a-z]+")
# Titles and family names whose spellings no rule of sound brings together. Folded forms.
SAME_NAME = {
    **dict.fromkeys(("mo", "mohd", "mohmd", "muhmd", "mohmad", "muhmad"), "md"),
    **dict.fromkeys(("sinh", "sinha"), "sing"),
    **dict.fromkeys(("coduri", "codree", "codre"), "codri"),
    **dict.fromkeys(("berma", "berm"), "brm"),
    **dict.fromkeys(("smt", "srimti", "srimn"), ""),
}
INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u00ad]")


def romanise(text: str) -> str:
    """Devanagari to plain Latin letters as spoken: सुनीता देवी -> suneetaa devee, राम -> raam."""
    words = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text)).split()
    return " ".join(_romanise_word(word) for word in words)


def _romanise_word(word: str) -> str:
    word = "".join(ch for ch in word if ch not in (NUKTA, "\u200c", "\u200d"))
    syllables: list[list[str]] = []  # [consonants, vowel]; an "a" nobody wrote is marked "·"
    for ch in word:
        if ch in CONSONANTS:
            if syllables and syllables[-1][1] == "":
                syllables[-1][0] += CONSONANTS[ch]
                syllables[-1][1] = "·"
            else:
                syllables.append([CONSONANTS[ch], "·"])
        elif ch == VIRAMA and syllables:
            syllables[-1][1] = ""
        elif ch in SIGNS and syllables:
            syllables[-1][1] = SIGNS[ch]
        elif ch in VOWELS:
            syllables.append(["", VOWELS[ch]])
        elif ch in NASAL and syllables:
            syllables[-1][1] = syllables[-1][1].replace("·", "a") + "n"
        elif ch not in "\u0903\u093d":
            syllables.append([ch.lower(), "-"])
    return _speak(syllables)


def _speak(syllables: list[list[str]]) -> str:
    """Drop the schwas that are not spoken: at the end, and between two sounded syllables."""
    count = len(syllables)
    for n, (_, vowel) in enumerate(syllables):
        if vowel != "·":
            continue
        last = n == count - 1
        squeezed = 0 < n < count - 1 and _sounds(syllables[n - 1]) and _sounds(syllables[n + 1])
        inner = squeezed and syllables[n + 1][1] != "·"
        syllables[n][1] = "" if (last and count > 1) or inner else "a"
    return "".join(c + v.replace("-", "") for c, v in syllables)


def _sounds(syllable: list[str]) -> bool:
    return syllable[1] not in ("", "-")


def fold(text: str) -> str:
    """The search key of a name or a term in either script; words stay apart by one space."""
    latin = "".join(
        ch
        for ch in unicodedata.normalize("NFD", romanise(text).lower())
        if not unicodedata.combining(ch)
    )
    return " ".join(_fold_word(word) for word in SPACE.sub(" ", latin).split())


def _fold_word(word: str) -> str:
    for written, spoken in SPEECH:
        word = word.replace(written, spoken)
    word = re.sub(r"([bdgjkpt])h", r"\1", word)
    word = re.sub(r"aa|a", "a", word).replace("ee", "i").replace("oo", "u").replace("y", "i")
    word = re.sub(r"([a-z])\1+", r"\1", word)  # never digits: 500 is not 50
    return word[:-1] if len(word) > 3 and word.endswith("a") else word


def fold_name(name: str) -> str:
    """The search key of a person's name: looser than fold(), because clerks write by ear.

    Inner "a" goes (Kamla, Kamala, कमला), b and v meet (Bijay, Vijay), au/ou/o and ai/e meet.
    """
    return " ".join(loose for word in fold(name).split() if (loose := _loosen(word)))


def _loosen(word: str) -> str:
    word = re.sub(r"au|ou|ov(?=[bcdfgjklmnpqrst])|ao", "o", word)
    word = re.sub(r"aie|ai|ei|ie", "e", word).replace("v", "b")
    word = word[0] + re.sub("a", "", word[1:])
    word = re.sub(r"(.)\1+", r"\1", word)
    return SAME_NAME.get(word, word)


def name_key(*names: str) -> str:
    """What is stored to find a person by any of `names`: words, then the words run together.

    "ram cndr sah|ramcndrsah": so "Ramchandra Sah" meets "Ram Chandra Sah". At most 200 letters.
    """
    keys: list[str] = []
    for folded in filter(None, map(fold_name, names)):
        for key in (folded, folded.replace(" ", "")):
            if key not in keys:
                keys.append(key)
    return "|".join(keys)[:200]


def is_name(*names: str) -> bool:
    """Whether one of `names` can be a person's: it holds a letter that can be searched for."""
    return bool(name_key(*(name for name in names if any(ch.isalpha() for ch in name))))


def digits(text: str) -> str:
    """१२३ becomes 123, whichever script the digits were typed in; all else stays."""
    return "".join(
        str(unicodedata.decimal(ch)) if unicodedata.category(ch) == "Nd" else ch for ch in text
    )


def tidy(text: str) -> str:
    """A name or a place as it is stored: NFC, no invisible signs, single spaces.

    ZWJ and ZWNJ stay: Devanagari needs them to be written right. fold() does not see them.
    """
    plain = "".join(
        ch
        for ch in unicodedata.normalize("NFC", text)
        if ch.isspace() or ch.isprintable() or ch in "\u200c\u200d"
    )
    return " ".join(INVISIBLE.sub("", plain).split())
