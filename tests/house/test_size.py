"""Small functions, small files. The list of exceptions may only shrink."""

import ast

from tests.house.tree import ROOT, name, sources

LONG_FILES = {"apps/accounts/permissions.py"}  # the role matrix: data, one line a grant


def test_files_are_short():
    long = {
        name(path)
        for path in sources("apps", "bhavya")
        if path.read_text("utf-8").count("\n") > 400
    }
    assert long <= LONG_FILES


def test_functions_are_short():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in sources("apps", "bhavya", "tests")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert long == []


def test_each_app_says_what_it_is():
    apps = sorted((ROOT / "apps").iterdir())
    missing = [a.name for a in apps if (a / "apps.py").exists() and not (a / "README.md").exists()]
    assert missing == []
    long = [a.name for a in apps if (readme := a / "README.md").exists()
            and len(readme.read_text("utf-8").splitlines()) > 40]  # fmt: skip
    assert long == []
