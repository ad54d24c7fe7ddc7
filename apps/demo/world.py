"""The demo's hospitals and staff. Every person, number and registration here is invented.

Mobile numbers start with 60000 and registration numbers with DEMO: a labelled range of our own
that is used by nobody in this system but the demo.
"""

from dataclasses import dataclass

PASSWORD = "bhavya-demo-2026"
PIN = "2468"
PURNIA, ARARIA = "214", "188"


@dataclass(frozen=True, slots=True)
class Hospital:
    """`visits` is how many people come today: (seen, at the doctor's door, at the vitals desk)."""

    register_code: str
    slug: str
    prefix: str
    facility_type: str
    visits: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Staff:
    """`where` is a hospital's slug, a district's code, or "" for the State."""

    username: str
    name_hi: str
    name_en: str
    roles: tuple[str, ...]
    where: str
    department: str = ""
    room: str = ""
    qualification: str = ""


HOSPITALS = (
    Hospital("BHDH214", "dh-purnia", "PUR", "DH", (26, 34, 12)),
    Hospital("BHSD1999", "sdh-banmankhi", "BNM", "SDH", (10, 12, 5)),
    Hospital("BHBL2005", "chc-kasba", "KSB", "CHC", (8, 9, 4)),
    Hospital("BHBL2009", "phc-srinagar", "SRN", "PHC", (5, 6, 3)),
    Hospital("BHBL1625", "phc-bhargama", "BRG", "PHC", (5, 6, 3)),
    Hospital("BHBL1631", "phc-raniganj", "RNG", "PHC", (5, 6, 3)),
)

STATE_STAFF = (
    Staff("state.admin", "नीरज सिन्हा", "Neeraj Sinha", ("SHQ",), ""),
    Staff("auditor", "कविता मिश्रा", "Kavita Mishra", ("AUD",), ""),
    Staff("support", "सौरभ आनंद", "Saurabh Anand", ("SUP",), ""),
    Staff("dpm.purnia", "रागिनी कुमारी", "Ragini Kumari", ("DPM",), PURNIA),
    Staff("cs.purnia", "डॉ. सुरेश प्रसाद", "Dr Suresh Prasad", ("CS",), PURNIA),
    Staff("dm.purnia", "अभिषेक वर्मा", "Abhishek Verma", ("DM",), PURNIA),
    Staff("dstk.purnia", "बिनोद रजक", "Binod Rajak", ("DSTK",), PURNIA),
    Staff("data.purnia", "ममता सिंह", "Mamta Singh", ("DME",), PURNIA),
    Staff("idsp.purnia", "डॉ. अरविंद झा", "Dr Arvind Jha", ("DSO",), PURNIA),
    Staff("programme", "संगीता राय", "Sangeeta Rai", ("SPO",), ""),
    Staff("dpm.araria", "इमरान आलम", "Imran Alam", ("DPM",), ARARIA),
)

DH_STAFF = (
    Staff("ravi.ranjan", "रवि रंजन", "Ravi Ranjan", ("REG",), "dh-purnia", "", "2"),
    Staff("rita.singh", "रीता सिंह", "Rita Singh", ("NUR",), "dh-purnia", "", "1"),
    Staff("anjali.jha", "डॉ. अंजलि झा", "Dr Anjali Jha", ("MO",), "dh-purnia", "MED", "7", "MBBS, MD"),
    Staff("rakesh.gupta", "डॉ. राकेश गुप्ता", "Dr Rakesh Gupta", ("SPC",), "dh-purnia", "PED", "9",
          "MBBS, DCH"),
    Staff("meena.devi", "मीना देवी", "Meena Devi", ("PHM",), "dh-purnia"),
    Staff("arun.das", "अरुण दास", "Arun Das", ("STK",), "dh-purnia"),
    Staff("puja.lab", "पूजा भारती", "Puja Bharti", ("LAB",), "dh-purnia"),
    Staff("faizan.lab", "फ़ैज़ान आलम", "Faizan Alam", ("LAB",), "dh-purnia", "", "12"),
    Staff("path.purnia", "डॉ. शालिनी वर्मा", "Dr Shalini Verma", ("PATH",), "dh-purnia", "", "12",
          "MBBS, MD (Path)"),
    Staff("xray.purnia", "मनोज सिंह", "Manoj Singh", ("RADG",), "dh-purnia", "", "14"),
    Staff("radl.purnia", "डॉ. आरती सहाय", "Dr Aarti Sahay", ("RADL",), "dh-purnia", "", "14",
          "MBBS, DMRD"),
    Staff("manager.purnia", "संजय कुमार", "Sanjay Kumar", ("HM",), "dh-purnia"),
    Staff("ds.purnia", "डॉ. विनोद ठाकुर", "Dr Vinod Thakur", ("DS",), "dh-purnia", "", "",
          "MBBS, MS"),
)  # fmt: skip

# At a small place one person wears several hats (role specification, starter sets).
SMALL_STAFF = (
    ("reg", "निबंधन", ("REG", "HLP"), ""),
    ("nurse", "जीएनएम", ("NUR", "REG", "VAC"), ""),
    ("doctor", "डॉ.", ("MO", "EMO", "DS"), "MED"),
    ("pharma", "फार्मासिस्ट", ("PHM", "STK"), ""),
    ("manager", "प्रबंधक", ("HM", "MRD", "CASH"), ""),
)
SMALL_NAMES = (
    ("अमित राज", "Amit Raj"), ("सुमन कुमारी", "Suman Kumari"), ("फ़रहान अंसारी", "Farhan Ansari"),
    ("किरण बाला", "Kiran Bala"), ("दीपक पासवान", "Deepak Paswan"), ("नूतन देवी", "Nutan Devi"),
    ("राजेश मंडल", "Rajesh Mandal"), ("शाहिदा परवीन", "Shahida Parveen"), ("मुकेश साह", "Mukesh Sah"),
    ("प्रीति झा", "Preeti Jha"), ("अजय टुडू", "Ajay Tudu"), ("गीता सोरेन", "Geeta Soren"),
    ("विकास यादव", "Vikas Yadav"), ("रुखसार बानो", "Rukhsar Bano"), ("संतोष राम", "Santosh Ram"),
    ("ममता सिंह", "Mamta Singh"), ("अनिल मुर्मू", "Anil Murmu"), ("सबीना ख़ातून", "Sabina Khatoon"),
    ("पंकज मिश्र", "Pankaj Mishra"), ("रेणु देवी", "Renu Devi"), ("आशीष कुमार", "Ashish Kumar"),
    ("नगमा आरा", "Nagma Ara"), ("बबलू ऋषिदेव", "Bablu Rishidev"), ("सीमा भगत", "Seema Bhagat"),
    ("मनीष ठाकुर", "Manish Thakur"),
)  # fmt: skip


def small_staff() -> tuple[Staff, ...]:
    """Five people for each hospital but the district hospital."""
    names = iter(SMALL_NAMES)
    people = []
    for hospital in HOSPITALS[1:]:
        place = hospital.slug.split("-", 1)[1]
        for post, _, roles, department in SMALL_STAFF:
            hindi, latin = next(names)
            doctor = "MO" in roles
            people.append(
                Staff(
                    f"{post}.{place}",
                    f"डॉ. {hindi}" if doctor else hindi,
                    f"Dr {latin}" if doctor else latin,
                    roles,
                    hospital.slug,
                    department,
                    "1" if doctor else "",
                    "MBBS" if doctor else "",
                )
            )
    return tuple(people)


STAFF = (*STATE_STAFF, *DH_STAFF, *small_staff())
