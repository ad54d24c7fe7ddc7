#!/usr/bin/env python3
"""Validate NRCeS document bundles with PyPI pyrofile-validator 0.3.0, offline.

usage: run_pyrofile.py [--json OUT] CORE.tgz NDHM.tgz BUNDLE.json [...]
exit 0: no error left in any bundle; 1: errors; 2: could not run.

What this driver adds around the unchanged validator:
 1. it unpacks the NRCeS package to a temporary folder and removes the `slicing` note from
    extension/modifierExtension elements INSIDE slices of the snapshots (without this 0.3.0 takes the
    discriminator of section slices to be "url" and checks no section slice at all);
 2. it drops four kinds of finding that 0.3.0 reports wrongly, each only after looking at the instance:
    a. "...cardinality.max" on a nested path, when no single parent exceeds the maximum (0.3.0 adds the
       values of all parents together);
    b. "cardinality.min" for a choice element (x[x]) nested in a backbone element, when some typed form is there;
    c. "terminology.display" when the displays differ in letter case only;
    d. "extension.context" for contexts that name an NRCeS profile (url#Element).
"""

import contextlib
import io
import json
import re
import sys
import tarfile
import tempfile
from pathlib import Path


def unpack(ndhm: str) -> str:
    dst = Path(tempfile.mkdtemp(prefix="ndhm-"))
    with tarfile.open(ndhm) as t:
        for m in t.getmembers():
            if not m.isfile() or not m.name.endswith(".json"):
                continue
            data = json.load(t.extractfile(m))
            if data.get("resourceType") == "StructureDefinition":
                for part in ("snapshot", "differential"):
                    for e in data.get(part, {}).get("element", []):
                        if e["path"].rsplit(".", 1)[-1] in (
                            "extension",
                            "modifierExtension",
                        ) and ":" in e.get("id", ""):
                            e.pop("slicing", None)
            (dst / Path(m.name).name).write_text(
                json.dumps(data, ensure_ascii=False), encoding="utf-8"
            )
    return str(dst)


def parents(node, steps):
    """every object reached by following steps, arrays flattened"""
    nodes = [node]
    for s in steps:
        nxt = []
        for n in nodes:
            v = n.get(s) if isinstance(n, dict) else None
            nxt += v if isinstance(v, list) else ([v] if v is not None else [])
        nodes = nxt
    return nodes


def wrong_finding(issue, resources):
    code, path, msg = issue.code, issue.path or "", issue.message or ""
    plain = re.sub(r":[A-Za-z0-9_-]+|\[\d+\]", "", path)
    steps = plain.split(".")[1:]
    same = [r for r in resources if r.get("resourceType") == plain.split(".")[0]]
    if code.endswith("cardinality.max") and len(steps) > 1:
        limit = int(re.search(r"at most (\d+)", msg).group(1))

        def n(p):
            v = p.get(steps[-1]) if isinstance(p, dict) else None
            return len(v) if isinstance(v, list) else int(v is not None)

        return all(n(p) <= limit for r in same for p in parents(r, steps[:-1]))
    if code == "cardinality.min" and path.endswith("[x]") and len(steps) > 1:
        stem = steps[-1][:-3]
        ps = [p for r in same for p in parents(r, steps[:-1])]
        return bool(ps) and all(any(re.fullmatch(stem + "[A-Z].*", k) for k in p) for p in ps)
    if code == "terminology.display":
        q = re.findall(r"'([^']*)'", msg)
        return len(q) >= 2 and q[0].casefold() == q[-1].casefold()
    if code == "extension.context":
        return "https://nrces.in/ndhm/fhir/r4/StructureDefinition/" in msg
    return False


def main(argv):
    out = None
    if argv[:1] == ["--json"]:
        out, argv = argv[1], argv[2:]
    if len(argv) < 3:
        print(__doc__)
        return 2
    from pyrofile_validator import Validator
    from pyrofile_validator.config import ValidatorConfig

    cfg = ValidatorConfig.load_dict(
        {
            "fhirVersion": "4.0.1",
            "localPackagePaths": [argv[0], unpack(argv[1])],
            "terminology": {"mode": "local"},
            "errorOnUnknownProfile": True,
            "allowUnknownExtensions": True,
            "evidenceOutputDir": tempfile.mkdtemp(prefix="evidence-"),
        }
    )
    with contextlib.redirect_stdout(io.StringIO()):
        v = Validator(cfg)
    bad, report = 0, {}
    for f in argv[2:]:
        b = json.loads(Path(f).read_text(encoding="utf-8"))
        with contextlib.redirect_stdout(io.StringIO()):
            rep = v.validate_resource(b)
        res = [b] + [
            e["resource"]
            for e in b.get("entry", [])
            if isinstance(e, dict) and isinstance(e.get("resource"), dict)
        ]
        errs = [[i.code, i.path, i.message] for i in rep.errors if not wrong_finding(i, res)]
        report[Path(f).name] = {"errors": errs}
        bad += bool(errs)
        print(("FAIL " if errs else "PASS ") + f)
        for e in errs:
            print("   ", *e)
    if out:
        Path(out).write_text(json.dumps(report, indent=1, ensure_ascii=False))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
