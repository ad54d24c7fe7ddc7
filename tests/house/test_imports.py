"""Models are private to their app; contracts on layers are lint-imports' part."""

import ast

from tests.house.tree import APPS, name, sources


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_models_are_private_to_their_app():
    strangers = [
        f"{name(path)} imports {module}"
        for app in APPS
        for path in sources(f"apps/{app}")
        for module in imported(path)
        if (parts := module.split("."))[:1] == ["apps"] and parts[2:3] == ["models"]
        and parts[1] != app
    ]  # fmt: skip
    assert strangers == []


def test_imports_stand_at_the_top():
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in sources("apps")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert hidden == []


def test_forbidden_file_names():
    banned = {"utils.py", "helpers.py", "services.py", "signals.py"}
    assert [name(path) for path in sources("apps", "bhavya") if path.name in banned] == []
