"""Words of review: on the plan, on a grid, or pinned to a place; each is dealt with in the end."""

from collections.abc import Mapping
from typing import Final

import streamlit as st
from markupsafe import Markup

from data import clock
from data.plan_comments import (
    LONGEST,
    Comment,
    EmptyComment,
    NewComment,
    comment,
    comments,
    resolve,
)
from data.store import StoreUnavailable
from layers.events import PickedComment, Pinned
from pages import _session
from pages._desk import take_desk
from pages._format import date_time
from pages._html import badge, empty, heading, plain
from pages._messages import words
from pages._plan_address import PLAN_HEAD, PLAN_MAP, PLAN_PANEL, look_at, plan_here
from pages._plan_desk import Bench
from pages._plan_draw import say
from pages._plan_map import COMMENT, PIN, point_at
from rules.access import OutsideScope

WRITTEN: Final = "plan_comments_written"


def _text_key() -> str:
    """Key of the field: a new one after each comment, so that it is empty again."""
    return f"comment_text_{_session.kept(WRITTEN) or 0}"


def _write(plan_id: int, label: str) -> None:
    """Keep the comment; what was typed stays where it was refused."""
    desk, pin = take_desk(), _session.kept(PIN)
    if desk is None:
        return
    place = (pin.lon, pin.lat) if isinstance(pin, Pinned) else None
    label = pin.label if isinstance(pin, Pinned) else label
    new = NewComment(str(_session.widget(_text_key()) or ""), label, place)
    try:
        comment(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                plan_id=plan_id, new=new, now=clock.now())  # fmt: skip
    except (EmptyComment, OutsideScope, StoreUnavailable) as error:
        say(plan_id, words(error, desk.t))
    else:
        _session.taken(PIN)
        _session.keep(WRITTEN, (_session.kept(WRITTEN) or 0) + 1)
    st.rerun([PLAN_HEAD, PLAN_MAP, PLAN_PANEL])


def _done(plan_id: int, number: int) -> None:
    desk = take_desk()
    if desk is None:
        return
    try:
        resolve(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                plan_id=plan_id, comment_id=number, now=clock.now())  # fmt: skip
    except (OutsideScope, StoreUnavailable) as error:
        say(plan_id, words(error, desk.t))
    st.rerun([PLAN_HEAD, PLAN_MAP, PLAN_PANEL])


def _show(place: tuple[float, float]) -> None:
    point_at(spot=place)
    look_at(plan_here(), PLAN_MAP)


def _unpin() -> None:
    _session.taken(PIN)
    st.rerun(PLAN_PANEL)


def line(one: Comment, bench: Bench, names: Mapping[str, str]) -> Markup:
    """Give one comment."""
    t, picked = bench.t, _session.kept(COMMENT)
    on = " gm-on" if isinstance(picked, PickedComment) and picked.id == one.id else ""
    mark = badge(t("dealt with"), "good") if one.resolved_by else Markup("")
    where = bench.name(one.label) if one.label else ""
    aside = " · ".join(
        part for part in (names.get(one.actor, one.actor), date_time(one.at, bench.desk.now), where)
        if part
    )  # fmt: skip
    return Markup('<div class="gm-comment{}"><p>{}</p><small>{} {}</small></div>').format(
        on, one.text, aside, mark
    )


def draw_comments(bench: Bench, names: Mapping[str, str]) -> None:
    """Draw the comments, what can be done with each, and the field for a new one."""
    t, desk = bench.t, bench.desk
    found = comments(desk.store, desk.picture, scope=desk.scope, actor=desk.visitor.actor,
                     plan_id=bench.plan.id)  # fmt: skip
    waiting = sum(one.resolved_by is None for one in found)
    st.html(heading(t("Comments"), t("{n} not dealt with").format(n=waiting)))
    if not found:
        st.html(empty(t("Nobody has said anything yet.")))
    with st.container(key="comments"):
        for one in found:
            with st.container(
                key=f"comment_{one.id}", horizontal=True, vertical_alignment="center"
            ):  # fmt: skip
                st.html(line(one, bench, names))
                if one.place:
                    st.button(t("Show"), key=f"comment_show_{one.id}", type="tertiary",
                              on_click=_show, args=(one.place,))  # fmt: skip
                if one.resolved_by is None:
                    st.button(
                        t("Mark as dealt with"), key=f"comment_done_{one.id}", type="tertiary",
                        on_click=_done, args=(bench.plan.id, one.id),
                    )  # fmt: skip
    draw_new(bench)


def draw_new(bench: Bench) -> None:
    """Draw the field for a new comment, and say what it is about."""
    t, pin = bench.t, _session.kept(PIN)
    label = bench.address.grid
    if isinstance(pin, Pinned):
        said = t("About the place marked on the map, in {name}").format(name=bench.name(pin.label))
    elif label:
        said = t("About {name}").format(name=bench.name(label))
    else:
        said = t("About the whole plan")
    st.text_area(plain(said), key=_text_key(), max_chars=LONGEST, height=80)
    with st.container(horizontal=True):
        st.button(t("Write the comment"), key="comment_write", on_click=_write,
                  args=(bench.plan.id, label))  # fmt: skip
        if isinstance(pin, Pinned):
            st.button(t("Not this place"), key="comment_unpin", type="tertiary", on_click=_unpin)
