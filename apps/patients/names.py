"""A name in the other script, as a proposal: the clerk may mend it, the patient decides.

Devanagari to Latin goes by sound. Latin to Devanagari first asks a list of name words heard every
day in Bihar, because spelling alone cannot tell a from aa; only unknown words go by rule.
"""

import re
import unicodedata

from apps.core.fold import fold_name, romanise

COMMON = """
अंजलि अंजू अंकित अंसारी अकबर अजय अजीत अनिता अनिल अनुज अनूप अब्दुल अभिषेक
अमन अमित अमरेन्द्र अरविंद अरुण अर्जुन अली अलका अवधेश अशोक अहमद आकाश आनंद
आरती आलम आशा आसिफ इंदु इमरान इरफ़ान उदय उपेन्द्र उमा उमेश उर्मिला उषा ऋतु
कंचन कमल कमला कलावती कविता कांति किरण किशोर कुमार कुमारी कुशवाहा कृष्ण
कृष्णा केदार कौशल्या ख़ान ख़ातून ख़ुशबू गंगा गणेश गायत्री गीता गुड़िया
गुड्डू गुप्ता गोपाल गोविंद गौतम गौरी घोष चंदन चंद्र चंदा चंपा चौधरी चौहान
छोटू जगदीश जमीला जयंती जानकी जितेन्द्र जीतन जुबैदा ज्योति ज्ञान झा टुन्नी
ठाकुर डोली तबस्सुम तनु तिवारी तेतरी दास दिनेश दिलीप दीपक दीपा दुबे दुर्गा
देव देवी द्रौपदी धर्मेन्द्र नंदन नरेश नवीन नसीमा नाज़ नागेन्द्र निशा
निर्मला नीतू नीरज नीलम नूतन पंकज पंडित परवीन पांडेय पार्वती पासवान पिंकी
पुष्पा पूजा पूनम प्रकाश प्रदीप प्रमिला प्रमोद प्रवीण प्रसाद प्रिया प्रीति
प्रेम फ़ातिमा फूलो फूलमती बबलू बबीता बानो बिंदु बेगम बैजनाथ भगत भारती भोला
मंजू मंडल मधु मनीष मनोज ममता महतो महेश माया माला मालती मिथिलेश मिश्रा मीना
मीरा मुकेश मुन्ना मुन्नी मुस्तफ़ा मो. मोहन यादव रंजन रंजीत रंजू रघु रजनी
रमेश रवि रवींद्र रश्मि राखी राजकुमार राजीव राजू राजेंद्र राजेश राधा राधिका
राम रामचंद्र रामप्रवेश राय रीता रीना रुक्मिणी रुबीना रूपा रेखा रेणु रेशमा
रोशन रोहित लक्ष्मी लखन ललिता लाल लालू वर्मा विकास विजय विद्या विनोद विमला
विवेक विष्णु साह शंकर शबनम शर्मा शांति शाह शाहीन शिव शिवानी शीला शेख़
शैलेश श्याम श्री संगीता संजय संजीव संतोष संध्या सकीना सत्येन्द्र सपना
सबीना सरस्वती सरिता सरोज सलमा सविता सावित्री सिंह सिन्हा सीता सीमा सुजाता
सुधा सुधीर सुनील सुनीता सुबोध सुभाष सुमन सुमित्रा सुरेंद्र सुरेश सुशीला
सुषमा सूरज सोनम सोनी सोनू सोरेन सौरभ हरि हसन हसीना हीरा हुसैन हेमलता
"""
# Where habit spells otherwise than the ear.
SPELT = {
    **{"शबनम": "Shabnam", "चौधरी": "Chaudhary", "कलावती": "Kalawati", "ख़ातून": "Khatoon"},
    **{"मो.": "Md.", "सिंह": "Singh", "पांडेय": "Pandey", "राय": "Rai", "हुसैन": "Hussain"},
    **{"पूजा": "Pooja", "मीरा": "Meera", "मीना": "Meena", "पूनम": "Poonam", "राजेंद्र": "Rajendra"},
}
SPELT = {unicodedata.normalize("NFC", word): latin for word, latin in SPELT.items()}
KNOWN: dict[str, str] = {}
for _known in unicodedata.normalize("NFC", COMMON).split():
    KNOWN.setdefault(fold_name(_known), _known)

DEVANAGARI = re.compile("[\u0900-\u097f]")
ONSETS = {
    **{"chh": "छ", "ksh": "क्ष", "shr": "श्र", "sh": "श", "ch": "च", "kh": "ख", "gh": "घ"},
    **{"th": "थ", "dh": "ध", "ph": "फ", "bh": "भ", "jh": "झ", "gy": "ज्ञ", "x": "क्स"},
    **dict(zip("kgjtdnpbmyrlvwshc", "कगजतदनपबमयरलववसहक", strict=True)),
}
ONSETS |= {"z": "ज़", "f": "फ़", "q": "क़"}
VOWELS = {
    **{"aa": ("आ", "ा"), "ee": ("ई", "ी"), "oo": ("ऊ", "ू"), "ai": ("ऐ", "ै"), "au": ("औ", "ौ")},
    **{"ou": ("औ", "ौ"), "a": ("अ", ""), "i": ("इ", "ि"), "u": ("उ", "ु")},
    **{"e": ("ए", "े"), "o": ("ओ", "ो")},
}
CLUSTERS = {"st", "sth", "kt", "pt", "shn", "sht", "shth", "sm", "sk", "kl", "shm", "lp"}
PREFIXES = {"ram": "राम", "raj": "राज", "lal": "लाल", "jan": "जान", "shyam": "श्याम"}
PIECE = re.compile("|".join(sorted([*ONSETS, *VOWELS], key=len, reverse=True)))


def is_devanagari(name: str) -> bool:
    return bool(DEVANAGARI.search(name))


def latin(name: str) -> str:
    """सुनीता देवी -> Sunita Devi; मो. इरफ़ान -> Mo. Irfan."""
    words = []
    for written, spoken in zip(name.split(), romanise(name).split(), strict=False):
        if habit := SPELT.get(unicodedata.normalize("NFC", written)):
            words.append(habit)
            continue
        if "फ\u093c" in unicodedata.normalize("NFD", written):
            spoken = spoken.replace("ph", "f")
        word = spoken.replace("ee", "i").replace("oo", "u").replace("aa", "a")
        # A cluster at the end is spoken with its vowel: Chandra, Mishra, not Chandr.
        if re.search("\u094d[\u0915-\u0939]$", written):
            word += "a"
        words.append(word.capitalize())
    return " ".join(words)


def devanagari(name: str) -> str:
    """Sunita Devi -> सुनीता देवी, by the list of common words, else by rule."""
    return " ".join(_word(word) for word in name.split())


def _word(word: str) -> str:
    if is_devanagari(word):
        return word
    if known := KNOWN.get(fold_name(word)):
        return known
    if not (word.isascii() and word.isalpha()):
        return word
    word = word.lower()
    for prefix, sign in PREFIXES.items():  # Ramjatan, Rajkishor
        if word.startswith(prefix) and word[len(prefix) : len(prefix) + 1] in ONSETS:
            return sign + _by_rule(word[len(prefix) :])
    return _by_rule(word)


def _by_rule(word: str) -> str:
    pieces = PIECE.findall(word)
    out, bare = "", False  # bare: the last sign is a consonant that no vowel followed yet
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        if piece in VOWELS:
            out += _vowel(piece, last=not after and len(pieces) > 2)[bare]
            bare = False
        elif piece == "n" and after in ONSETS and place and not bare:
            out += "ं"
        else:
            out += ("्" if bare and _is_cluster(pieces[place - 1], piece) else "") + ONSETS[piece]
            bare = True
    return out


def _is_cluster(first: str, second: str) -> bool:
    """Written as one sign. Elsewhere Hindi writes two letters and swallows the vowel: रमजतन."""
    return first == second or second in ("r", "y", "v", "w") or first + second in CLUSTERS


def _vowel(piece: str, *, last: bool) -> tuple[str, str]:
    """(letter, sign). A final short vowel is written long: Radha, Kali."""
    long = {"a": ("आ", "ा"), "i": ("ई", "ी"), "u": ("उ", "ू")}
    return long[piece] if last and piece in long else VOWELS[piece]


def both(name_hi: str, name_en: str) -> tuple[str, str, str]:
    """(Hindi name, Latin name, which one was made by us: "hi", "en" or "").

    A name typed in Latin letters into the Hindi field is the Latin one: keyboards are slow to turn.
    """
    if name_hi and not is_devanagari(name_hi) and (not name_en or is_devanagari(name_en)):
        name_hi, name_en = name_en, name_hi
    if name_hi and not name_en:
        return name_hi, latin(name_hi), "en"
    if name_en and not name_hi:
        return devanagari(name_en), name_en, "hi"
    return name_hi, name_en, ""
