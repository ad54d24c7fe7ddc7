"""The search words of a catalogue: the house's fold, but 2.5 stays one word and is not 2 and 5."""

import re

from apps.core.fold import fold

POINT = re.compile(r"(?<=\d)\.(?=\d)")


def folded(text: str) -> str:
    """Search key of a name, strength or code in either script."""
    return fold(POINT.sub("p", text))


# Names that are mistaken for each other, with the letters that tell them apart in capitals: after
# the lists that FDA and ISMP publish, for names of our catalogue. Not verified.
LOOK_ALIKE = """
predniSOLONE methylPREDNISolone DOPamine DOBUTamine glimePIRIDE glibenCLAMIDE glicLAZIDE
cefTRIAXone cefoTAXIME cefAZolin cefTAZidime cefUROXime carBAMazepine OXcarbazepine
chlorproMAZINE clomiPHENE clomiPRAMINE hydroCHLOROthiazide hydrOXYzine hydrALAZINE vinBLAStine
vinCRIStine DAUNOrubicin DOXOrubicin CARBOplatin CISplatin mifePRIStone miSOPROStol metFORMIN
metroNIDAZOLE tiZANidine lamoTRIgine lamiVUDine azaTHIOprine SUMAtriptan fentaNYL valACYclovir
valGANciclovir rifAMPicin amLODIPine aMILoride
"""
TALL = {name.lower(): name for name in LOOK_ALIKE.split()}


def tall(name: str) -> str:
    """A medicine's name as a list shows it: look-alikes with tall letters."""
    return " ".join(TALL.get(word.lower(), word) for word in name.split(" "))
