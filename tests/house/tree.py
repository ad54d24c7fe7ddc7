"""The project's files, as the house tests read them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(p.name for p in (ROOT / "apps").iterdir() if (p / "apps.py").exists())


def sources(*folders: str) -> list[Path]:
    """Python files below `folders`, migrations left out."""
    found = (p for folder in folders for p in (ROOT / folder).rglob("*.py"))
    return sorted(p for p in found if "migrations" not in p.parts)


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
