"""Builds `bhavya/static/build` from the npm packages: Bootstrap's CSS, our fonts, our icons."""

import json
import re
import shutil
from pathlib import Path

from bhavya.local import places, processes, stamps
from bhavya.local.problem import Problem

HERE = Path(__file__).parent
BUILD = places.ROOT / "bhavya" / "static" / "build"
MADE = (
    "bootstrap.min.css",
    "icons.json",
    "fonts/bhavya-deva.woff2",
    "fonts/bhavya-latin.woff2",
    "fonts/bhavya-print-400.ttf",
    "fonts/bhavya-print-700.ttf",
)


def digest() -> str:
    sources = [
        places.ROOT / "package-lock.json",
        HERE / "icons.txt",
        HERE / "fonts.py",
        HERE / "static.py",
    ]
    return stamps.digest(sources)


def is_complete() -> bool:
    return all((BUILD / name).exists() for name in MADE)


def build() -> None:
    """Build beside and swap, so that a kill leaves the old build or the new one."""
    beside = BUILD.with_name("build.new")
    shutil.rmtree(beside, ignore_errors=True)
    (beside / "fonts").mkdir(parents=True)
    copy_bootstrap(beside / "bootstrap.min.css")
    icons = read_icons(HERE / "icons.txt")
    (beside / "icons.json").write_text(json.dumps(icons, indent=0, sort_keys=True) + "\n")
    processes.call(
        [places.PYTHON, HERE / "fonts.py", places.NODE_MODULES, beside / "fonts"],
        places.LOGS / "install.log",
        "The fonts could not be built",
    )
    shutil.rmtree(BUILD, ignore_errors=True)
    beside.rename(BUILD)


def copy_bootstrap(target: Path) -> None:
    """Without its source map's address: Django would look for that file when it names static files
    by hash."""
    source = places.NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
    target.write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", source.read_text()))


def read_icons(names: Path) -> dict[str, str]:
    """Name to the inside of the SVG, for each name in the list. Every icon has a 24 x 24 box."""
    lines = (line.partition("#")[0].strip() for line in names.read_text().splitlines())
    return {name: read_icon(name) for name in lines if name}


def read_icon(name: str) -> str:
    path = places.NODE_MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
    if not path.exists():
        raise Problem(f"There is no outline icon called {name!r} (bhavya/local/icons.txt).")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
    if inside is None:
        raise Problem(f"The icon {name!r} is not an SVG that can be read.")
    shapes = [line.strip() for line in inside[1].splitlines() if line.strip()]
    # The first shape of each icon is an invisible frame, needed only outside a 24 x 24 viewBox.
    return "".join(shape.replace(" />", "/>") for shape in shapes if 'stroke="none"' not in shape)
