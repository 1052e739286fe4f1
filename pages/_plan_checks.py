"""What is wrong with a plan: hard faults first, each with its place on the map."""

from dataclasses import replace
from typing import Final

import streamlit as st
from markupsafe import Markup

from data.plan_checks import checks
from pages._format import count
from pages._html import badge, empty, heading, plain
from pages._plan_address import PLAN_MAP, look_at, plan_here
from pages._plan_desk import Bench
from pages._plan_map import point_at
from pages._plan_words import metres
from pages._text import Translate, later, pick
from rules.plan_checks import CAUSES, RULES, Finding, Unit

MOST: Final = 60
UNITS: Final[dict[Unit, str]] = {
    "households": later("{n} households"),
    "percent": later("{n} %"),
    "square metres": later("{n} m²"),
    "buildings": later("{n} buildings"),
}


def value_words(finding: Finding, t: Translate) -> str:
    """Give the value of a finding with its unit; nothing where it has none."""
    unit = RULES[finding.rule].unit
    if finding.value is None or not unit:
        return ""
    if unit == "metres":
        return metres(finding.value, t)
    return t(UNITS[unit]).format(n=count(finding.value))


def about(finding: Finding, bench: Bench) -> str:
    """Say which grids a finding concerns, how much, and why."""
    named = [bench.name(label) for label in finding.labels]
    cause = pick(CAUSES[finding.cause], bench.desk.locale) if finding.cause else ""
    subject = "" if finding.rule == "lock" else finding.subject
    parts = [subject, bench.t(", ").join(named), value_words(finding, bench.t), cause]
    return " · ".join(part for part in parts if part)


def line(finding: Finding, bench: Bench) -> Markup:
    """Give one finding."""
    t, rule = bench.t, RULES[finding.rule]
    mark = badge(t("must"), "bad") if finding.hard else badge(t("should"), "warn")
    return Markup('<div class="gm-check">{}<div><b>{}</b><span>{}</span></div></div>').format(
        mark, pick((rule.zh, rule.en), bench.desk.locale), about(finding, bench)
    )


def _show(finding: Finding) -> None:
    """Bring the place of a finding into sight, and the one grid that it is about."""
    point_at(cells=finding.cells, spot=finding.place)
    grid = finding.labels[0] if len(finding.labels) == 1 else ""
    look_at(replace(plan_here(), grid=grid), PLAN_MAP)


def verdict(found: tuple[Finding, ...], t: Translate) -> str:
    """Say in a few words how the plan stands."""
    hard = sum(one.hard for one in found)
    if hard:
        return t("{n} must be put right, {m} to look at").format(n=hard, m=len(found) - hard)
    return t("nothing that must be put right, {m} to look at").format(m=len(found))


def draw_checks(bench: Bench) -> None:
    """Draw the findings."""
    t, found = bench.t, checks(bench.shown)
    st.html(heading(t("Checks"), verdict(found, t)))
    if not found:
        st.html(empty(t("Nothing to find fault with.")))
    with st.container(key="checks"):
        for at, finding in enumerate(found[:MOST]):
            with st.container(
                key=f"check_{at}", horizontal=True, vertical_alignment="center"
            ):  # fmt: skip
                st.html(line(finding, bench))
                if finding.cells or finding.place:
                    st.button(
                        plain(t("Show")), key=f"check_show_{at}", type="tertiary",
                        icon=":material/location_on:", on_click=_show, args=(finding,),
                    )  # fmt: skip
    if len(found) > MOST:
        st.html(empty(t("{n} of {total}").format(n=MOST, total=len(found))))
