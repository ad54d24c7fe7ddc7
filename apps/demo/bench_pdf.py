"""What drawing a prescription costs on a warm process, without database, queue and disk."""

import multiprocessing
import os
import statistics
import time
from typing import Any

from apps.demo import bench_paper
from apps.documents import pdf

ROUNDS, EACH = 30, 20


def measure_pdf() -> dict[str, Any]:
    """{"hi": {"cpu_ms", "wall_ms", "kb", "pages"}, "en": …, "first_ms", "pages_a_second": n}.

    `first_ms`: the first page of a process, fonts and stylesheet read. `pages_a_second`: one
    process a core, all drawing Hindi at the same time.
    """
    began = time.perf_counter()
    _draw("hi")
    figures: dict[str, Any] = {"first_ms": round((time.perf_counter() - began) * 1000)}
    for language in ("hi", "en"):
        figures[language] = _measure(language)
    cores = os.cpu_count() or 1
    figures["processes"] = cores
    figures["pages_a_second"] = _together(cores)
    return figures


def _draw(language: str) -> pdf.Paper:
    return pdf.draw("Prescription", bench_paper.CONTENT, language=language, size="a5")


def _measure(language: str) -> dict[str, float]:
    paper = _draw(language)
    cpu, wall = [], []
    for _ in range(ROUNDS):
        spent, began = time.process_time(), time.perf_counter()
        _draw(language)
        cpu.append((time.process_time() - spent) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return {
        "cpu_ms": round(statistics.median(cpu), 1),
        "cpu_ms_best": round(min(cpu), 1),
        "wall_ms": round(statistics.median(wall), 1),
        "kb": round(len(paper.data) / 1024, 1),
        "pages": paper.pages,
    }


def _many(_: int) -> None:
    for _ in range(EACH):
        _draw("hi")


def _together(cores: int) -> float:
    # The processes are warm: each was copied from this one after its first page.
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        pool.map(_many, range(cores))
        began = time.perf_counter()
        pool.map(_many, range(cores), chunksize=1)
        return round(cores * EACH / (time.perf_counter() - began), 1)
