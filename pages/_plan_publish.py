"""What publishing a plan would do, said before it is done."""

import streamlit as st
from markupsafe import Markup

from data.plan_effect import Effect, preview
from data.plan_land import BaseReplaced
from pages._format import count
from pages._html import join, note
from pages._messages import words
from pages._plan_desk import Bench
from pages._text import Translate


def tiles(found: Effect, t: Translate) -> Markup:
    """Give how much moves."""
    cells = (
        (t("Buildings that move"), len(found.moved_homes)),
        (t("Open items that move"), len(found.moved_items)),
        (t("Staff who move"), len(found.staff)),
        (t("Accounts that move"), len(found.accounts)),
        (t("Buildings with another chief"), len(found.chiefs)),
        (t("Buildings that lose their chief"), len(found.torn)),
    )
    return Markup('<div class="gm-tiles gm-mine">{}</div>').format(
        join(Markup("<div><span>{}</span><b>{}</b></div>").format(k, count(v)) for k, v in cells)
    )


def grids(found: Effect, bench: Bench) -> Markup:
    """Give the grids that get a new row, with their codes."""
    t, known = bench.t, {mark.code for mark in bench.sheet.start.marks.values()}
    rows = join(
        Markup('<tr><th>{}</th><td>{}</td><td class="gm-n">{}</td><td>{}</td></tr>').format(
            one.name, one.code, count(one.households),
            t("keeps its code") if one.code in known else t("new code"),
        )
        for one in sorted(found.grids, key=lambda one: one.code)
    )  # fmt: skip
    return Markup(
        '<div class="gm-wide"><table class="gm-table"><thead><tr><th>{}</th><th>{}</th>'
        '<th class="gm-n">{}</th><th></th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(t("Grid"), t("Code"), t("Households"), rows)


def draw_effect(bench: Bench) -> None:
    """Draw what would follow."""
    try:
        found = preview(bench.desk.store, bench.sheet)
    except BaseReplaced as error:
        st.html(note(words(error, bench.t)))
        return
    st.html(tiles(found, bench.t))
    st.html(grids(found, bench))
