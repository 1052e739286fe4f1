"""Timing callables side by side: interleaved rounds, warm before timed, medians and ratios."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one callable over all rounds."""

    median: float
    p95: float


def side_by_side(
    calls: Mapping[str, Callable[[], object]], *, rounds: int = 30
) -> dict[str, Timing]:
    """Time every callable once a round, each warmed by one untimed call just before."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            call()
            start = time.perf_counter()
            call()
            found[name].append(1000 * (time.perf_counter() - start))
    return {
        name: Timing(median(times), quantiles(times, n=20)[-1]) for name, times in found.items()
    }


def table(rows: list[dict[str, object]]) -> str:
    """Rows as a Markdown table; the first row names the columns."""
    if not rows:
        return "(nothing)"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(row.get(name, "")) for name in names) + " |" for row in rows]
    return "\n".join(lines)
