"""Chips offered before anybody has typed: the commonest of an OPD, by code of the catalogue.

Our own selection, to be replaced by what a hospital really writes; a code that the catalogue
does not know is left out.
"""

COMPLAINTS = (
    "FEVER", "COUGH", "HEADACHE", "ABDPAIN", "DIARRHOEA", "BODYACHE", "WEAKNESS", "COLD",
    "VOMITING", "GIDDINESS",
)  # fmt: skip
DIAGNOSES = ("DX001", "DX044", "DX108", "DX103", "DX058", "DX063", "DX150", "DX206")
TESTS = ("HB", "TLC", "PLT", "RBS", "HBA1C")
ADVICE = ("FLUIDS", "REST", "LESSSALT", "WALK")
FOLLOW_UP_DAYS = (3, 5, 7, 15, 30)
COMPLAINT_DAYS = (1, 2, 3, 5, 7, 15, 30)
DAYS = (3, 5, 7, 15, 30)
DOSES = {
    "count": ("1-0-0", "0-0-1", "1-0-1", "1-1-1", "SOS"),
    "volume": ("2½-2½-2½ ml", "5-0-5 ml", "5-5-5 ml", "10-10-10 ml"),
    "one": ("1-0-1", "1-1-1", "2-0-2", "2-2-2"),
    "apply": ("1-0-0", "1-0-1", "1-1-1", "HS"),
    "units": ("10-0-6", "6-6-6"),
}
