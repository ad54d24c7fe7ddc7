"""38 equal tiles for 38 districts: where each stands on the page. Our own drawing, no boundary map.

LGD code: (row, column, short name in Hindi, in English).
"""

TILES = {
    "211": (1, 2, "प. चंपारण", "W Champ."), "213": (1, 3, "पू. चंपारण", "E Champ."),
    "220": (1, 4, "शिवहर", "Sheohar"), "221": (1, 5, "सीतामढ़ी", "Sitamarhi"),
    "206": (1, 6, "मधुबनी", "Madhubani"), "223": (1, 7, "सुपौल", "Supaul"),
    "188": (1, 8, "अररिया", "Araria"), "203": (1, 9, "किशनगंज", "Kishanganj"),
    "197": (2, 2, "गोपालगंज", "Gopalganj"), "222": (2, 3, "सीवान", "Siwan"),
    "208": (2, 4, "मुज़फ़्फ़रपुर", "Muzaff."), "195": (2, 5, "दरभंगा", "Darbhanga"),
    "216": (2, 6, "सहरसा", "Saharsa"), "205": (2, 7, "मधेपुरा", "Madhepura"),
    "214": (2, 8, "पूर्णिया", "Purnia"), "218": (3, 3, "सारण", "Saran"),
    "224": (3, 4, "वैशाली", "Vaishali"), "217": (3, 5, "समस्तीपुर", "Samastipur"),
    "191": (3, 6, "बेगूसराय", "Begusarai"), "202": (3, 7, "खगड़िया", "Khagaria"),
    "201": (3, 8, "कटिहार", "Katihar"), "194": (4, 1, "बक्सर", "Buxar"),
    "193": (4, 2, "भोजपुर", "Bhojpur"), "212": (4, 3, "पटना", "Patna"),
    "209": (4, 4, "नालंदा", "Nalanda"), "219": (4, 5, "शेखपुरा", "Sheikhpura"),
    "204": (4, 6, "लखीसराय", "Lakhisarai"), "207": (4, 7, "मुंगेर", "Munger"),
    "192": (4, 8, "भागलपुर", "Bhagalpur"), "200": (5, 1, "कैमूर", "Kaimur"),
    "215": (5, 2, "रोहतास", "Rohtas"), "611": (5, 3, "अरवल", "Arwal"),
    "199": (5, 4, "जहानाबाद", "Jehanabad"), "210": (5, 5, "नवादा", "Nawada"),
    "198": (5, 6, "जमुई", "Jamui"), "190": (5, 7, "बाँका", "Banka"),
    "189": (6, 3, "औरंगाबाद", "Aurangabad"), "196": (6, 4, "गया", "Gaya"),
}  # fmt: skip
STEPS = (50, 60, 70, 75, 80)


def shade(percent: int | None) -> str:
    """The CSS class of a tile: five steps of one hue over sand, hatched without data."""
    return "na" if percent is None else f"g{sum(percent >= step for step in STEPS)}"
