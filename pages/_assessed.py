"""The table of an assessment, and behind each number its formula and the cases it counts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st
from markupsafe import Markup

from data.assessment import Assessed, Part, cases_behind
from data.people import PersonLoad
from data.subjects import By, Key
from pages import _session
from pages._desk import Desk
from pages._format import NOTHING, count, percent
from pages._html import badge, empty, heading, join, note
from pages._scope_bar import window
from pages._text import Translate, later, pick
from pages._totals import item_link, linked
from pages._workload import explanation, formula
from rules.assessment import MEASURES, Count, judge
from rules.rulebook import Rulebook

ROW: Final = 34
MOST_ROWS: Final = 14
MOST_CASES: Final = 300
LOAD: Final = "load"
MARKS: Final = {"good": " ✓", "bad": " ✗"}
VERDICTS: Final = {
    "good": (later("mark reached"), "good"),
    "fair": (later("near the mark"), "warn"),
    "bad": (later("mark missed"), "bad"),
    "few": (later("too few to judge"), "plain"),
    "none": (later("nothing to judge"), "plain"),
}
Loads = Mapping[Any, PersonLoad]


def cell(key: str, found: Count | None, book: Rulebook) -> str:
    """Give a share with the number of items beside it, and a sign of the verdict."""
    if found is None or found.rate is None:
        return NOTHING
    verdict = judge(MEASURES[key], found, book.targets[key], few=book.few)
    return f"{found.rate * 100:.0f}% · {count(found.out_of)}{MARKS.get(verdict, '')}"


def measures_of(rows: Sequence[Assessed]) -> list[str]:
    """Give the measures that are defined for any of the subjects, in the order of the rules."""
    return [key for key in MEASURES if any(key in row.counts for row in rows)]


def names_of(measures: Sequence[str], loads: Loads | None, desk: Desk) -> dict[str, str]:
    """Heading of each column by its key."""
    found = {key: pick((MEASURES[key].zh, MEASURES[key].en), desk.locale) for key in measures}
    return found | ({LOAD: desk.t("Workload")} if loads is not None else {})


def table(rows: Sequence[Assessed], loads: Loads | None, desk: Desk) -> pd.DataFrame:
    """Give the table as text; subjects stand in the order of register or code, never ranked."""
    book, side = desk.picture.rulebook, 0 if desk.locale == "zh" else 1
    names = names_of(measures_of(rows), loads, desk)
    columns: dict[str, list[str]] = {desk.t("Subject"): [row.names[side] for row in rows]}
    if loads is not None:
        columns[desk.t("Area")] = areas_of(desk, [row.key for row in rows])
    for key, name in names.items():
        if key == LOAD:
            columns[name] = [
                percent(loads[row.key].ratio) if loads and row.key in loads else NOTHING
                for row in rows
            ]
        else:
            columns[name] = [cell(key, row.counts.get(key), book) for row in rows]
    columns[desk.t("Marks reached")] = [f"{r.overall.reached}/{r.overall.judged}" for r in rows]
    return pd.DataFrame(columns, dtype="object")


def areas_of(desk: Desk, people: Sequence[Key]) -> list[str]:
    """Name of the area that each of these people works in."""
    staff, areas = desk.picture.staff, desk.picture.tree.areas
    where = dict(zip(staff.id.tolist(), staff.area.tolist(), strict=True))
    return [areas[where[person]].name for person in people if isinstance(person, int)]


def _pick(key: str, keys: list[str], names: dict[str, str], part: str) -> None:
    """Put the number that was clicked into the URL, or take it out when it was unselected."""
    selection = (_session.widget(key) or {}).get("selection", {})
    query = {k: v for k, v in _session.query().items() if k not in {"who", "measure"}}
    for row, column in selection.get("cells", [])[:1]:
        measure = next((k for k, name in names.items() if name == column), "")
        if row < len(keys) and measure:
            query |= {"who": keys[row], "measure": measure}
    _session.go(query)
    st.rerun(part)


def draw_assessed(
    desk: Desk, rows: Sequence[Assessed], *, by: By, part: str, loads: Loads | None = None
) -> None:
    """Draw the table and, for the number that the URL names, what is behind it."""
    t = desk.t
    if not rows:
        st.html(empty(t("There is nobody and nothing to assess here.")))
        return
    names = names_of(measures_of(rows), loads, desk)
    keys = [str(row.key) for row in rows]
    key = f"assessed_{part}_{by}_{desk.place.at.id}"
    st.dataframe(
        table(rows, loads, desk), key=key, hide_index=True, row_height=ROW,
        height=ROW * min(MOST_ROWS, len(rows)) + ROW + 2, selection_mode="single-cell",
        on_select=lambda: _pick(key, keys, names, part), alt=t("Assessment"),
    )  # fmt: skip
    who, measure = (_session.query().get(name, "") for name in ("who", "measure"))
    if who not in keys or measure not in names:
        st.html(empty(t("Click a number to see its formula and the cases behind it.")))
        return
    row = rows[keys.index(who)]
    if measure == LOAD:
        _draw_load(desk, row, loads or {})
    else:
        _draw_behind(desk, row, by, measure)


def _draw_load(desk: Desk, row: Assessed, loads: Loads) -> None:
    t, load = desk.t, loads.get(row.key)
    st.html(heading(f"{row.names[0]} · {t('Workload')}", percent(load.ratio if load else None)))
    words = formula(load.load, t) if load else t("No working time is registered.")
    st.html(note(words))
    st.html(Markup('<p class="gm-formula">{}</p>').format(explanation(desk.picture.rulebook, t)))


def _draw_behind(desk: Desk, row: Assessed, by: By, key: str) -> None:
    """Draw formula, verdict and the cases: those that do not count first."""
    t, book, measure = desk.t, desk.picture.rulebook, MEASURES[key]
    found, target = row.counts.get(key, Count()), book.targets[key]
    words, tone = VERDICTS[judge(measure, found, target, few=book.few)]
    name = row.names[0 if desk.locale == "zh" else 1]
    said = f"{count(found.counted)} ÷ {count(found.out_of)} = {percent(found.rate)}"
    st.html(heading(f"{name} · {pick((measure.zh, measure.en), desk.locale)}", said))
    marks = t("Mark {good}, missed beyond {bad}").format(
        good=percent(target.good), bad=percent(target.bad)
    )
    st.html(
        Markup('<p class="gm-formula">{} {}<br>{}</p>').format(
            badge(t(words), tone), marks, pick(measure.formula, desk.locale)
        )
    )
    shown: tuple[tuple[Part, str], ...] = (
        ("missing", t("Not counted")), ("counted", t("Counted")),
    )  # fmt: skip
    since, until = window(desk)
    for which, title in shown:
        cases = cases_behind(
            desk.store, desk.picture, scope=desk.scope, area_id=desk.place.at.id, by=by,
            since=since, until=until, now=desk.now, rulebook=book, figure=key, key=row.key,
            part=which,
        )  # fmt: skip
        st.html(cases_list(cases, title, measure.items, t))


def cases_list(cases: Sequence[str], title: str, items: str, t: Translate) -> Markup:
    """Give the cases behind a number, each a way to its own page."""
    links = join(
        Markup("<li>{}</li>").format(
            linked(one, item_link(one) if items == "incident" else f"/map?building={one}")
        )
        for one in cases[:MOST_CASES]
    )
    more = len(cases) - MOST_CASES
    after = Markup("<p>{}</p>").format(t("and {n} more").format(n=count(more))) if more > 0 else ""
    return Markup(
        '<details class="gm-behind"{}><summary>{} <b>{}</b></summary><ul>{}</ul>{}</details>'
    ).format(
        Markup(" open") if len(cases) <= 40 and cases else "", title, count(len(cases)), links,
        after,
    )  # fmt: skip
