"""The choice among proposals: a chart of what they trade off, a list, and taking one over."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.plan_offers import Offer, key_of, offer_of
from data.plan_proposals import Ask, Proposal, adopt
from pages import _session
from pages._format import count
from pages._html import empty, heading, plain
from pages._plan_address import look_at, plan_here
from pages._plan_desk import Bench
from pages._plan_draw import Stand, command, say
from pages._plan_pareto import CHOICE, chart
from pages._plan_words import metres
from pages._text import Translate, texts

LISTED: Final = 12
CHART: Final = "pareto"


def values(found: tuple[Proposal, ...], chosen: int, t: Translate) -> pd.DataFrame:
    """Give the points of the chart; its names are what the marks' hints say."""
    return pd.DataFrame(
        {
            "index": [one.index for one in found],
            "border": [one.border / 1000 for one in found],
            "balance": [100 * one.balance for one in found],
            "moved": [one.moved for one in found],
            "band": [f"{one.in_band}/{one.grids}" for one in found],
            "kind": [t("not beaten") if one.efficient else t("beaten") for one in found],
            "chosen": [one.index == chosen for one in found],
        }
    )


def _look(keys: list[str], index: int) -> None:
    look_at(replace(plan_here(), proposal=keys[index], seq=None))


def _picked(keys: list[str]) -> None:
    """Look at the point that was clicked."""
    state: Any = _session.widget(CHART)
    points = (state or {}).get("selection", {}).get(CHOICE) or []
    index = points[0].get("index") if points else None
    if isinstance(index, int | float) and 0 <= int(index) < len(keys):
        _look(keys, int(index))


def _adopt(stand: Stand, proposal: Proposal) -> None:
    _session.go(replace(plan_here(), proposal="").to_query())
    t = texts(_session.language())
    say(stand[0], t("Taken over. Undo brings the grids back."), "good")
    command(stand, adopt(proposal))


def _leave() -> None:
    look_at(replace(plan_here(), proposal=""))


def line(one: Proposal, t: Translate) -> str:
    """Give a proposal in one line."""
    parts = [
        t("{n}/{total} in the band").format(n=one.in_band, total=one.grids),
        t("± {n} %").format(n=f"{100 * one.balance:.0f}"),
        metres(one.border, t),
        t("{n} move").format(n=count(one.moved)),
    ]
    return " · ".join(parts)


def draw_choice(bench: Bench, ask: Ask, seed: int, found: tuple[Proposal, ...]) -> None:
    """Draw chart and list; a chosen proposal is shown on the map and can be taken over."""
    t = bench.t
    keys = [key_of(bench.sheet, Offer(ask, seed, one.index)) for one in found]
    shown = bench.address.proposal
    chosen = offer_of(bench.sheet, shown).index if shown in keys else -1
    efficient = [one for one in found if one.efficient]
    st.html(heading(
        t("Balance against borders"), t("{n} of {total} not beaten").format(
            n=len(efficient), total=len(found)
        ),
    ))  # fmt: skip
    st.vega_lite_chart(
        values(found, chosen, t), chart(t), key=CHART, on_select=lambda: _picked(keys),
        selection_mode=CHOICE, width="stretch", theme="streamlit",
    )  # fmt: skip
    if chosen >= 0:
        _draw_chosen(bench, found[chosen])
    else:
        st.html(empty(t("Choose a point or a line to see it on the map.")))
    with st.container(key="offers"):
        for one in efficient[:LISTED]:
            st.button(
                plain(f"{one.index + 1}. {line(one, t)}"), key=f"offer_{one.index}",
                type="primary" if one.index == chosen else "secondary", on_click=_look,
                args=(keys, one.index), width="stretch",
            )  # fmt: skip


def _draw_chosen(bench: Bench, proposal: Proposal) -> None:
    t = bench.t
    with st.container(key="offer", horizontal=True, vertical_alignment="center"):
        st.html(empty(t("Proposal {n} is shown").format(n=proposal.index + 1)))
        st.button(t("Adopt"), key="adopt", type="primary", on_click=_adopt,
                  args=(bench.stand, proposal))  # fmt: skip
        st.button(t("Leave it"), key="leave_offer", on_click=_leave)
