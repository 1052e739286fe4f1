"""Noisy addresses to buildings: our geocoder beside plain rapidfuzz, in the same run.

An ambiguous query fits several buildings equally well by what it says (the noise took away what
tells them apart): there the right answer is to accept none and to show the one meant. Such
queries are counted apart, never as right or wrong at the top.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bench.noisy_addresses import Place, Query, answerable, places, unanswerable
from bench.stores import store_of
from data import clock
from data.geocoder.address import normalise
from data.geocoder.geocoder import Candidate, Geocoder
from data.migrations import latest_version, upgrade
from data.picture import Pictures
from rules.access import Scope

_FUZZ_ACCEPT = 90.0
"""WRatio from which plain fuzzy matching is usually taken as a find."""


@dataclass(frozen=True)
class Answer:
    """What a method gives: the building at the top, all shown, and whether it was accepted."""

    kind: str
    top: int | None
    shown: tuple[int, ...]
    accepted: bool
    reasons: tuple[str, ...] = ()


def _ours(geocoder: Geocoder) -> Callable[[str], Answer]:
    def ask(text: str) -> Answer:
        found = geocoder.geocode(text)
        top: Candidate | None = found.candidates[0] if found.candidates else None
        return Answer(
            top.kind if top else "",
            top.id if top else None,
            tuple(c.id for c in found.candidates),
            found.accepted is not None,
            top.reasons if top else (),
        )

    return ask


def _fuzzy(known: list[Place], spell: Callable[[str], str]) -> Callable[[str], Answer]:
    addresses = [spell(place.address) for place in known]

    def ask(text: str) -> Answer:
        _, score, at = process.extractOne(spell(text), addresses, scorer=fuzz.WRatio)
        return Answer("building", known[at].id, (known[at].id,), score >= _FUZZ_ACCEPT)

    return ask


def _right(query: Query, answer: Answer, by_id: dict[int, Place]) -> bool:
    """Whether the top is what was meant; for an estate any of its buildings stands for it."""
    if answer.top is None or query.truth is None:
        return False
    if query.kind == "estate":
        return answer.top in by_id and by_id[answer.top].name == query.truth.name
    return answer.kind == "building" and answer.top == query.truth.id


def run(*, seed: int = 20261125, count: int = 900, missing: int = 200) -> list[dict[str, object]]:
    """Ask the same queries of both and print where each fails and why."""
    store = store_of("district")
    upgrade(store, store_id="bench", to=latest_version())
    picture = Pictures(store).current(clock.now())
    known = places(store)
    by_id = {place.id: place for place in known}
    queries = [*answerable(known, count, seed), *unanswerable(known, missing, seed)]
    start = time.perf_counter()
    geocoder = Geocoder(picture, store, scope=Scope(picture.tree.root_id))
    geocoder.geocode("大安区")
    print(f"gazetteer of {len(known)} buildings read in {time.perf_counter() - start:.1f} s\n")
    methods = {
        "data.geocoder": _ours(geocoder),
        "rapidfuzz WRatio": _fuzzy(known, str),
        "rapidfuzz WRatio on our spelling": _fuzzy(known, normalise),
    }
    rows = []
    for method, ask in methods.items():
        start = time.perf_counter()
        answers = [ask(query.text) for query in queries]
        rate = len(queries) / (time.perf_counter() - start)
        rows.append(
            {"method": method, **_figures(queries, answers, by_id), "queries/s": round(rate)}
        )
        _explain(method, queries, answers, by_id)
    store.close()
    return rows


def _figures(
    queries: list[Query], answers: list[Answer], by_id: dict[int, Place]
) -> dict[str, object]:
    asked = list(zip(queries, answers, strict=True))
    clear = [(q, a) for q, a in asked if q.kind != "none" and not q.ambiguous]
    unclear = [(q, a) for q, a in asked if q.ambiguous]
    absent = [(q, a) for q, a in asked if q.kind == "none"]
    wrong = sum(a.accepted and not _right(q, a, by_id) for q, a in clear)
    return {
        "answerable": len(clear),
        "top-1": f"{sum(_right(q, a, by_id) for q, a in clear) / len(clear):.3f}",
        "accepted": f"{sum(a.accepted for _, a in clear) / len(clear):.2f}",
        "wrong accepted": wrong,
        "ambiguous": len(unclear),
        "of these one that fits on top": f"{sum(a.top in q.fits for q, a in unclear) / max(1, len(unclear)):.2f}",
        "of these accepted wrong": sum(a.accepted and not _right(q, a, by_id) for q, a in unclear),
        "of these shown": f"{sum(bool(q.truth) and q.truth.id in a.shown for q, a in unclear) / max(1, len(unclear)):.2f}",
        "no such place": len(absent),
        "accepted though absent": sum(a.accepted for _, a in absent),
    }


def _why(query: Query, answer: Answer, by_id: dict[int, Place]) -> str:
    """Say in words what was confused with what."""
    truth, got = query.truth, by_id.get(answer.top or 0)
    if truth is None:
        return "accepted a place that does not exist"
    if got is None or answer.kind not in {"building", "estate"}:
        return "named the road or the area only"
    if got.name == truth.name and got.form == truth.form and got.number != truth.number:
        return "the right name with another number: 2栋 and 12栋 differ by one character of many"
    if got.road == truth.road and got.door != truth.door and not got.name:
        return "the right road with another door number"
    if got.name[-2:] == truth.name[-2:] and got.name:
        return "another name with the same tail: 花园, 小区 and 家属院 weigh as much as the stem"
    if got.form != truth.form:
        return "a place of another form: an estate for a house number, a farm for a street"
    if got.village and got.village != truth.village:
        return "the same group, courtyard and number in another village"
    return "another place with most characters in common"


def _explain(
    method: str, queries: list[Query], answers: list[Answer], by_id: dict[int, Place]
) -> None:
    missed = [
        (q, a, _why(q, a, by_id))
        for q, a in zip(queries, answers, strict=True)
        if (not q.ambiguous and q.kind != "none" and not _right(q, a, by_id))
        or (q.kind == "none" and a.accepted)
        or (q.ambiguous and a.accepted and not _right(q, a, by_id))
    ]
    print(f"### Where {method} fails: {len(missed)}\n")
    for why, times in Counter(why for _, _, why in missed).most_common():
        print(f"- {times} × {why}")
        for query, answer, _ in [m for m in missed if m[2] == why][:3]:
            got = by_id.get(answer.top or 0)
            print(
                f"  - 「{query.text}」 ({query.noise}) meant {query.truth.address if query.truth else 'nothing'}, "
                f"got {got.address if got else answer.kind} {'accepted' if answer.accepted else ''} {' '.join(answer.reasons)}"
            )
    print()
