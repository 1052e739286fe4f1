"""Drawing grids beside METIS, gerrychain, the flow reference and plain enumeration, in one run.

Grounds are made by a seeded generator (``bench.plan_ground``); band ±10 % around the mean. Where
a work is done on several grounds, the row holds medians and every ratio is taken on one ground.
Seconds are of the processor: on an idle machine they pass on the clock too, but for the
alternatives, which use all processors.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import numpy as np

from bench.plan_ground import Ground, ground, infill
from bench.plan_peers import gerrychain, metis, optimum
from geo.partition.alternatives import alternatives
from geo.partition.problem import Band, Problem, Wish
from geo.partition.score import Score, score
from geo.partition.solve import propose
from geo.partition.stability import moved_bound, moved_flow, renamed
from geo.partition.warm import warm

Row = dict[str, object]

_QUICK = 250_000
"""Proposals that take hardly longer than METIS."""
_CHANGES: dict[str, tuple[float, float, dict[str, float]]] = {
    "light": (1.5, 0.98, {"sites": 4, "each": 12, "median": 22.0, "turned": 0.0}),
    "heavy": (1.3, 0.98, {"sites": 12, "each": 12, "median": 50.0, "turned": 0.06}),
}
_TINY = ((14, 3, 1), (16, 3, 2), (18, 4, 3), (20, 3, 5), (20, 4, 4))


def _problem(made: Ground, parts: int, *, width: float = 0.1) -> Problem:
    mean = made.households.sum() / parts
    band = Band((1 - width) * mean, (1 + width) * mean)
    return Problem.of(made.graph, made.households, band)


def _timed(call: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = time.process_time()
    labels = call()
    return time.process_time() - start, labels


def _row(work: str, who: str, seconds: float, scores: list[Score], **more: object) -> Row:
    return {
        "work": work,
        "who": who,
        "cpu s": f"{seconds:.2f}",
        "in band %": f"{100 * median(s.in_band for s in scores):.1f}",
        "broken": max(s.broken for s in scores),
        "border km": f"{median(s.border for s in scores) / 1000:.2f}",
        "ratio": "",
        "goal": "",
        **more,
    }


def _compiling() -> list[Row]:
    code = "import time; from geo.partition.warm import warm; s = time.process_time(); warm(); print(time.process_time() - s)"
    with tempfile.TemporaryDirectory() as empty:
        env = {**os.environ, "NUMBA_CACHE_DIR": empty}
        first, later = (
            float(
                subprocess.run(
                    [sys.executable, "-c", code],
                    env=env,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for _ in range(2)
        )
    blank = dict.fromkeys(("in band %", "broken", "border km"), "")
    return [
        {
            "work": "warm()",
            "who": "first start ever",
            "cpu s": f"{first:.2f}",
            **blank,
            "ratio": "",
            "goal": "",
        },
        {
            "work": "warm()",
            "who": "later starts",
            "cpu s": f"{later:.2f}",
            **blank,
            "ratio": "",
            "goal": "",
        },
    ]


def _town(seeds: tuple[int, ...]) -> list[Row]:
    """3,000 buildings into 144 grids."""
    work, found = "3,000 → 144", {}
    for seed in seeds:
        made = ground(3_000, seed=seed)
        problem = _problem(made, 144)
        calls = {
            "METIS": lambda made=made, seed=seed: metis(
                made.graph, made.households, 144, seed=seed
            ),
            "ours, quick": lambda p=problem, seed=seed: propose(
                p, Wish(144, steps=_QUICK), seed=seed
            ),
            "ours": lambda p=problem, seed=seed: propose(p, Wish(144), seed=seed),
            "gerrychain": lambda made=made, seed=seed: gerrychain(
                made.graph, made.households, 144, steps=2_000, seed=seed
            ),
        }
        for who, call in calls.items():
            seconds, labels = _timed(call)
            if who in {"METIS", "ours, quick"}:
                seconds = min(seconds, *(_timed(call)[0] for _ in range(2)))
            found.setdefault(who, []).append((seconds, score(problem, labels)))

    def beside(mine: str, theirs: str) -> tuple[float, float]:
        pairs = list(zip(found[mine], found[theirs], strict=True))
        return (
            median(a[1].border / b[1].border for a, b in pairs),
            median(a[0] / b[0] for a, b in pairs),
        )

    metis_border, _ = beside("ours", "METIS")
    trees_border, trees_time = beside("ours", "gerrychain")
    quick_border, quick_time = beside("ours, quick", "METIS")
    ratios = {
        "ours": (
            f"border {metis_border:.3f} × METIS, {trees_border:.3f} × gerrychain in {trees_time:.2f} × its time",
            "≤ 0.95, ≤ 0.80, < 1",
        ),
        "ours, quick": (
            f"border {quick_border:.3f} × METIS in {quick_time:.1f} × its time",
            "≤ 0.98, ≤ 3",
        ),
    }
    return [
        _row(
            work, who, median(r[0] for r in runs), [r[1] for r in runs],
            ratio=ratios.get(who, ("", ""))[0], goal=ratios.get(who, ("", ""))[1],
        )
        for who, runs in found.items()
    ]  # fmt: skip


def _city() -> list[Row]:
    """30,000 buildings into 1,458 grids."""
    made = ground(30_000, seed=1)
    problem = _problem(made, 1_458)
    work = "30,000 → 1,458"
    theirs, labels = _timed(lambda: metis(made.graph, made.households, 1_458, seed=1))
    peer = score(problem, labels)
    seconds, labels = _timed(lambda: propose(problem, Wish(1_458), seed=1))
    mine = score(problem, labels)
    ratio = f"border {mine.border / peer.border:.3f} × METIS"
    return [
        _row(work, "METIS", theirs, [peer]),
        _row(work, "ours", seconds, [mine], ratio=ratio, goal="≤ 0.95, ≤ 60 s"),
    ]


def _community(seeds: tuple[int, ...]) -> list[Row]:
    """120 buildings into 6 grids; a few buildings doubled, then 100 alternatives."""
    drawn, offered = [], []
    for seed in seeds:
        made = ground(120, seed=seed)
        problem = _problem(made, 6)
        seconds, base = _timed(lambda p=problem, seed=seed: propose(p, Wish(6), seed=seed))
        drawn.append((seconds, score(problem, base)))
        households = made.households.copy()
        households[seed % 17 :: 17] *= 2
        mean = households.sum() / 6
        changed = replace(
            problem.rebased(base), households=households, band=Band(0.9 * mean, 1.1 * mean)
        )
        start = time.process_time()
        choice = alternatives(changed, count=100, seed=seed)
        offered.append((time.process_time() - start, choice))
    efficient = [sum(a.efficient for a in choice) for _, choice in offered]
    best = [
        min((a.score for a in choice), key=lambda s: (-s.in_band, s.border))
        for _, choice in offered
    ]
    ratio = f"{median(len(c) for _, c in offered):.0f} different, {min(efficient)}–{max(efficient)} efficient"
    return [
        _row(
            "120 → 6",
            "ours",
            median(d[0] for d in drawn),
            [d[1] for d in drawn],
            ratio=f"slowest {max(d[0] for d in drawn):.2f} s",
            goal="≤ 0.5 s",
        ),
        _row(
            "120 → 6, 100 alternatives",
            "ours",
            median(o[0] for o in offered),
            best,
            ratio=ratio,
            goal="≤ 3 s, ≥ 10",
        ),
    ]


def _changed(name: str, seeds: tuple[int, ...]) -> list[Row]:
    """A plan of 3,000 / 144 after households changed: who has to move."""
    goal, in_band, change = _CHANGES[name]
    runs: dict[str, list[tuple[float, Score]]] = {"today": [], "METIS, renamed": [], "ours": []}
    notes = []
    for seed in seeds:
        made = ground(3_000, seed=seed)
        plan = propose(_problem(made, 144), Wish(144), seed=seed)
        new, base = infill(made, plan, seed=seed, **change)
        problem = _problem(new, 144).rebased(base)
        flow, total = moved_flow(problem), int(new.households.sum())
        runs["today"].append((0.0, score(problem, base)))
        seconds, labels = _timed(
            lambda n=new, seed=seed: metis(n.graph, n.households, 144, seed=seed)
        )
        runs["METIS, renamed"].append(
            (seconds, score(problem, renamed(new.households, base, labels, problem.closed)))
        )
        seconds, labels = _timed(
            lambda p=problem, seed=seed: propose(p, Wish(144, stability=1.0), seed=seed)
        )
        runs["ours"].append((seconds, score(problem, labels)))
        notes.append(
            (
                total / made.households.sum() - 1,
                moved_bound(problem) / total,
                flow / total,
                flow,
                total,
            )
        )
    rows = []
    for who, results in runs.items():
        share = median(100 * s.moved / n[4] for (_, s), n in zip(results, notes, strict=True))
        times = [s.moved / n[3] for (_, s), n in zip(results, notes, strict=True)]
        note = f"moved {share:.1f} %, {median(times):.2f} × flow (worst {max(times):.2f})"
        if who == "today":
            note = "households +{:.1f} %; must move {:.1f} %, flow {:.1f} %".format(
                *(100 * median(n[i] for n in notes) for i in range(3))
            )
        rows.append(
            _row(
                f"3,000 / 144, {name} change",
                who,
                median(r[0] for r in results),
                [r[1] for r in results],
                ratio=note,
                goal=f"≤ {goal} × flow, ≥ {100 * in_band:.0f} % in band" if who == "ours" else "",
            )
        )
    return rows


def _tiny(seeds: int) -> list[Row]:
    """The optimum by enumeration, and how many seeds find it."""
    rows = []
    for n, parts, seed in _TINY:
        made = ground(n, seed=seed)
        made = replace(made, households=np.clip(made.households, 4, 60))
        problem = _problem(made, parts, width=0.15)
        start = time.process_time()
        least, count = optimum(made.graph, made.households, parts, problem.band)
        took = time.process_time() - start
        start = time.process_time()
        scores = [score(problem, propose(problem, Wish(parts), seed=s)) for s in range(seeds)]
        each = (time.process_time() - start) / seeds
        hits = sum(s.in_band == 1 and s.broken == 0 and s.border <= least + 1e-6 for s in scores)
        note = (
            f"optimum of {count:,} divisions (all tried in {took:.1f} s) in {hits} of {seeds} seeds"
        )
        rows.append(
            _row(
                f"{n} → {parts}, optimum {least:.1f} m",
                "ours",
                each,
                scores,
                ratio=note,
                goal="≥ 99 of 100",
            )
        )
    return rows


def run() -> list[Row]:
    """Measure all of it; about six minutes."""
    rows = _compiling()
    warm()
    rows += _town((1, 2, 3)) + _city() + _community((1, 2, 3, 4, 5))
    rows += _changed("light", (1, 2, 3)) + _changed("heavy", (1, 2, 3))
    return rows + _tiny(100)
