"""Prometheus' text format (version 0.0.4), as far as counters, gauges and histograms need it.

Written by hand and not with prometheus_client: our counts live in the cache, since web processes
are recycled, and the library's files of many processes grow with every one that ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SIGNS = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
Labels = Mapping[str, str]


@dataclass(slots=True)
class Metric:
    """`kind`: "gauge", "counter" or "histogram"; a sample is (suffix, labels, value)."""

    name: str
    kind: str
    help: str
    samples: list[tuple[str, Labels, float]] = field(default_factory=list)

    def add(self, value: float, /, suffix: str = "", **labels: str) -> None:
        self.samples.append((suffix, labels, value))


def text(metrics: Iterable[Metric]) -> str:
    """All of them; one without a sample is left out."""
    lines: list[str] = []
    for metric in metrics:
        if metric.samples:
            lines.append(f"# HELP {metric.name} {metric.help}")
            lines.append(f"# TYPE {metric.name} {metric.kind}")
            lines += [f"{metric.name}{_sample(*sample)}" for sample in metric.samples]
    return "\n".join(lines) + "\n"


def _sample(suffix: str, labels: Labels, value: float) -> str:
    told = ",".join(f'{key}="{word.translate(SIGNS)}"' for key, word in labels.items())
    number = f"{value:.0f}" if value == int(value) else f"{value:.6g}"
    return f"{suffix}{{{told}}} {number}" if told else f"{suffix} {number}"
