"""Chips offered before anybody has typed: the commonest of an OPD, by code of the catalogue.

Our own selection, to be replaced by what a hospital really writes; a code that the catalogue
does not know is left out.
"""

COMPLAINTS = (
    "FEVER", "COUGH", "HEADACHE", "ABDPAIN", "DIARRHOEA", "BODYACHE", "WEAKNESS", "COLD",
    "VOMITING", "GIDDINESS",
)  # fmt: skip
DIAGNOSES = ("DX001", "DX044", "DX108", "DX103", "DX058", "DX063", "DX150", "DX206")
TESTS = ("P-CBC", "MPRDT", "RBS", "HBA1C", "P-KFT", "P-URINE")
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

# What people ask for by one word, as the analytes of the test list. Own work, not verified: a
# laboratory's own panels take its place.
PANELS = {
    "P-CBC": ("सीबीसी (पूरा ख़ून)", "CBC", (
        "HB", "TLC", "NEUT", "LYMP", "MONO", "EOSI", "BASO", "PLT", "RBC", "PCV", "MCV", "MCH",
        "MCHC",
    )),
    "P-LFT": ("लिवर की जाँच (LFT)", "LFT", (
        "BILT", "BILD", "BILI", "AST", "ALT", "ALP", "TP", "ALB", "GLOB",
    )),
    "P-KFT": ("गुर्दे की जाँच (KFT)", "KFT", ("UREA", "CREA", "URIC", "NA", "K", "CL")),
    "P-LIPID": ("लिपिड", "Lipid", ("CHOL", "TG", "HDL", "LDL", "VLDL")),
    "P-THYROID": ("थायरॉइड (T3, T4, TSH)", "Thyroid (T3, T4, TSH)", ("T3", "T4", "TSH")),
    "P-URINE": ("पेशाब की जाँच", "Urine routine", (
        "UALB", "USUG", "UPH", "USG", "UBLD", "UMIC", "UMICR",
    )),
    "P-ANC": ("गर्भ जाँच (ANC)", "ANC profile", (
        "HB", "ABORH", "HIVR", "SYPH", "HBSAG", "UALB", "USUG", "RBS",
    )),
}  # fmt: skip
REPEAT_TEST_DAYS = 7  # the same test in fewer days is asked about
