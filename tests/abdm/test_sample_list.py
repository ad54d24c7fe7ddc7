"""Which message of the integrator's dossier is produced or consumed by which test.

`samples.txt` has a line for each of its messages: the name, then the tests (`file::function`), or
"-" and why there is none. A test counts only when it, its decorators or a helper of its file uses
the name as a string: the list cannot claim what nobody does. `python -m
tests.abdm.test_sample_list` writes the list anew from the tests, and keeps the reasons.
"""

import ast
import os
from pathlib import Path

import pytest

from tests.house.tree import ROOT

HERE = Path(__file__).parent
DOSSIER = Path(os.environ.get("ABDM_SAMPLES", ROOT.parent / "shared" / "abdm" / "samples"))
NAMES = 182


def rows():
    """Name → (tests, why there is none)."""
    found = {}
    for line in (HERE / "samples.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, told = line.split(maxsplit=1)
        assert name not in found, f"{name} stands there twice"
        dash = told.startswith("- ")
        found[name] = ([] if dash else told.split(), told[2:].strip() if dash else "")
    return found


def functions():
    """`file::function` → every string that the test itself, its decorators, or a helper of its file
    that it names uses; this file is none of them."""
    found = {}
    for path in HERE.glob("test_*.py"):
        if path.name == Path(__file__).name:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name in own:
            if name.startswith("test_"):
                found[f"{path.name}::{name}"] = strings(own, name, set())
    return found


def strings(own, name, seen):
    """Strings of a function and of the file's helpers that it names; other tests are no helpers."""
    seen.add(name)
    nodes = list(ast.walk(own[name]))
    found = {
        node.value for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    named = {node.id for node in nodes if isinstance(node, ast.Name)} & own.keys()
    for one in named - seen:
        if not one.startswith("test_"):
            found |= strings(own, one, seen)
    return found


def test_every_message_has_a_line():
    listed = rows()
    assert len(listed) == NAMES
    assert list(listed) == sorted(listed)
    assert all(bool(tests) != bool(why) for tests, why in listed.values())
    assert not [name for name, (_, why) in listed.items() if why.startswith("no test")]


def test_what_is_claimed_is_done():
    known = functions()
    wrong = [
        f"{name}: {test}"
        for name, (tests, _) in rows().items()
        for test in tests
        if name not in known.get(test, ())
    ]
    assert wrong == []


def test_a_false_claim_would_be_seen():
    known = functions()
    mine = known["test_samples.py::test_both_forms_of_the_qr_are_read"]
    assert mine and "session.create-request" not in mine
    assert "test_samples.py::test_that_nobody_wrote" not in known


@pytest.mark.skipif(not DOSSIER.is_dir(), reason="no dossier here (ABDM_SAMPLES)")
def test_the_list_is_the_dossiers():
    assert {path.name.removesuffix(".json") for path in DOSSIER.glob("*.json")} == set(rows())


def write():
    """Every message with the tests that name it; else the reason that stood there."""
    known = functions()
    lines = [
        '# A message, then the tests that produce or consume it, or "-" and why there is none.'
    ]
    for name, (_, why) in rows().items():
        tests = sorted(test for test, used in known.items() if name in used)
        lines.append(
            f"{name} {' '.join(tests)}" if tests else f"{name} - {why or 'no test names it'}"
        )
    (HERE / "samples.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    write()
