"""Which lines of the HMIS monthly format our own rows can fill today, and with what.

Our grouping of ICD-10 and tests; the district's data officer confirms it before the first upload.
A line that is not here is entered by hand: what no module writes down yet (deliveries, wards,
vaccination, family planning) is never guessed from something near.
"""

from apps.reporting.rules import POSITIVE, Rule, Tests, Visits

CHILD = (0, 4)  # section 10 is of children below five years
SYPHILIS = ("RPR", "SYPH", "TPHA")
MEN, WOMEN, OTHERS = ("male",), ("female",), ("other",)
FOUND = POSITIVE

OPD_DISEASES = {
    "14.1.1": ("E10", "E11", "E12", "E13", "E14"),
    "14.1.2": ("I10", "I11", "I12", "I13", "I15"),
    "14.1.3": ("I60", "I61", "I62", "I63", "I64"),
    "14.1.4": ("I0", "I2", "I3", "I4", "I50", "I51", "I52"),
    "14.1.5": ("F",),
    "14.1.6": ("G40", "G41"),
    "14.1.8": ("K00", "K01", "K02", "K03", "K04", "K05", "K06", "K07", "K08", "K12", "K13"),
    "14.1.9": ("H6", "H7", "H80", "H81", "H82", "H83", "H9", "R04.0", "T16", "T17.1"),
    "14.1.10": ("J45", "J46"),
    "14.1.11": ("C00", "C01", "C02", "C03", "C04", "C05", "C06"),
    "14.1.12": ("C50",),
    "14.1.13": ("C53",),
    "14.1.15": ("J44",),
    "14.1.16": ("N18",),
    "14.1.17": ("H52",),
    "14.1.18": ("A15", "A16", "A17", "A18", "A19"),
    "14.1.19": ("A30",),
    "14.1.22": ("K70", "K73", "K74"),
    "14.1.23": ("Z51.5",),
}
NAMED_CANCERS = (*OPD_DISEASES["14.1.11"], "C50", "C53")
CHILDREN = {
    "10.1.1": ("J12", "J13", "J14", "J15", "J16", "J17", "J18"),
    "10.1.2": ("J45", "J46"),
    "10.1.3": ("P36", "A40", "A41"),
    "10.1.4": ("A36",),
    "10.1.5": ("A37",),
    "10.1.6": ("A33",),
    "10.1.7": ("A15", "A16", "A17", "A18", "A19"),
    "10.1.9": ("B05",),
    "10.1.10": ("B50", "B51", "B52", "B53", "B54"),
    "10.1.11": ("A00", "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09"),
    "10.1.14": ("A30",),
}
VECTOR_BORNE: dict[str, Rule] = {
    "11.1.1.a": Tests(("MPSM",)),
    "11.1.2.a": Tests(("MPRDT",)),
    "11.1.2.b": Tests(("MPRDT",), positive=frozenset({"PV"})),
    "11.1.2.c": Tests(("MPRDT",), positive=frozenset({"PF"})),
    "11.1.2.d": Tests(("MPRDT",), positive=frozenset({"PFPV"})),
    "11.2.1": Tests(("RK39",)),
    "11.2.2": Tests(("RK39",), positive=FOUND),
    "11.3.1": Tests(("NS1", "DENM")),
    "11.3.2": Tests(("NS1", "DENM"), positive=FOUND),
    "11.3.3": Tests(("CHIKM",)),
    "11.3.4": Tests(("CHIKM",), positive=FOUND),
    "11.4.1": Tests(("JEM",)),
    "11.4.2": Tests(("JEM",), positive=FOUND),
}
HEPATITIS: dict[str, Rule] = {
    "14.24.1.a": Tests(("HAVM",)),
    "14.24.1.b": Tests(("HBSAG",), pregnant=False),
    "14.24.1.c": Tests(("HCV",)),
    "14.24.1.d": Tests(("HEVM",)),
    "14.24.2.a": Tests(("HAVM",), positive=FOUND),
    "14.24.2.b": Tests(("HBSAG",), positive=FOUND, pregnant=False),
    "14.24.2.c": Tests(("HCV",), positive=FOUND),
    "14.24.2.d": Tests(("HEVM",), positive=FOUND),
    "14.24.3.a": Tests(("HBSAG",), pregnant=True, people=True),
    "14.24.3.b": Tests(("HBSAG",), positive=FOUND, pregnant=True, people=True),
}
LABORATORY: dict[str, Rule] = {
    "1.4.2": Tests(("HB",), above=7, below=11, pregnant=True, people=True),
    "1.4.3": Tests(("HB",), up_to=7, pregnant=True, people=True),
    "1.6.1.a": Tests(SYPHILIS, pregnant=True, people=True),
    "1.6.1.b": Tests(SYPHILIS, positive=FOUND, pregnant=True, people=True),
    "15.1.1": Tests(outside=False),
    "15.1.2": Tests(outside=True),
    "15.2.1": Tests(("HB",)),
    "15.2.2": Tests(("HB",), below=7),
    "15.3.1.a": Tests(("HIVR",), sex=MEN),
    "15.3.1.b": Tests(("HIVR",), positive=FOUND, sex=MEN),
    "15.3.2.a": Tests(("HIVR",), sex=WOMEN, pregnant=False),
    "15.3.2.b": Tests(("HIVR",), positive=FOUND, sex=WOMEN, pregnant=False),
    "15.3.3.a": Tests(("HIVR",), pregnant=True, people=True),
    "15.3.3.b": Tests(("HIVR",), positive=FOUND, pregnant=True, people=True),
    "15.3.4.a": Tests(("HIVR",), sex=OTHERS),
    "15.3.4.b": Tests(("HIVR",), positive=FOUND, sex=OTHERS),
    "15.4.1.a": Tests(SYPHILIS, sex=MEN),
    "15.4.1.b": Tests(SYPHILIS, positive=FOUND, sex=MEN),
    "15.4.2.a": Tests(SYPHILIS, sex=WOMEN, pregnant=False),
    "15.4.2.b": Tests(SYPHILIS, positive=FOUND, sex=WOMEN, pregnant=False),
    "15.4.3.a": Tests(SYPHILIS, sex=OTHERS),
    "15.4.3.b": Tests(SYPHILIS, positive=FOUND, sex=OTHERS),
    "15.5.1": Tests(("WIDAL",)),
}
IMAGING = {
    "15.6.1.a": ("XRAY", "CXR"),
    "15.6.1.b": ("USGA", "USGO"),
    "15.6.1.c": ("CTS",),
    "15.6.1.d": ("MRI",),
    "15.6.1.e": ("ECG",),
}


def _imaging() -> dict[str, Rule]:
    return {
        f"{code}.{'ii' if outside else 'i'}": Tests(tests, category="imaging", outside=outside)
        for code, tests in IMAGING.items()
        for outside in (False, True)
    }


RULES: dict[str, Rule] = {
    "14.2.1": Visits(not_department="AYU"),
    "14.2.2": Visits(department="AYU"),
    "14.1.7": Visits(icd=("H0", "H1", "H2", "H3", "H4", "H5", "A71", "T15"), not_icd=("H52",)),
    "14.1.14": Visits(icd=("C",), not_icd=NAMED_CANCERS),
    "14.1.21": Visits(years=(60, 200)),
    "14.3.10": Visits(tele=True),
    "14.5.1": Visits(kind="ER"),
    "14.5.2": Visits(kind="ER", night=True),
    **{code: Visits(icd=icd) for code, icd in OPD_DISEASES.items()},
    **{code: Visits(icd=icd, years=CHILD) for code, icd in CHILDREN.items()},
    **VECTOR_BORNE,
    **HEPATITIS,
    **LABORATORY,
    **_imaging(),
}
# Who may see the rows behind these needs the right to sensitive records as well.
SENSITIVE = frozenset(code for code in RULES if code.startswith(("15.3", "15.4", "1.6", "14.1.5")))
