"""Picking a building: at once where there are few, by estate where there are many."""

from collections.abc import Collection, Sequence
from typing import Final

import streamlit as st

from data.estates import Choice as Building
from data.estates import Estate, buildings_of, buildings_of_estate, estates
from data.placing import Spot
from pages import _session
from pages._desk import Desk
from pages._html import empty, plain
from pages._picked import CHOICE, Choice, choose

FEW: Final = 40
"""So many buildings are shown as buttons; more are asked for by estate."""
BUILDING: Final = "where_building"
ESTATE: Final = "where_estate"


def few_buildings(desk: Desk) -> list[Building] | None:
    """Give all buildings of the scope where they are few enough to show, else nothing."""
    root = desk.place.root.id
    register = desk.picture.buildings
    first, last = desk.picture.tree.range(root)
    many = int(((register.area >= first) & (register.area < last)).sum())
    if desk.scope.buildings is None and many > FEW:
        return None
    return buildings_of(desk.store, desk.picture, scope=desk.scope, area_id=root)


def pick_building(desk: Desk) -> list[Building]:
    """Give the buildings to pick from; where there are many, those of an estate to choose."""
    t, few = desk.t, few_buildings(desk)
    if few is not None:
        return few
    found = desk.picture.memo.get(
        ("estates", desk.scope),
        lambda: estates(desk.store, desk.picture, scope=desk.scope, area_id=desk.place.root.id),
    )  # fmt: skip
    chosen: Estate | None = st.selectbox(
        t("Estate"), found, index=None, key=ESTATE, placeholder=t("Type or choose an estate"),
        format_func=lambda e: f"{e.name or t('Without an estate')} · {e.area_name}",
    )  # fmt: skip
    if chosen is None:
        return []
    return buildings_of_estate(
        desk.store, desk.picture, scope=desk.scope, area_id=chosen.area_id, estate=chosen.name
    )


def _picked(names: dict[int, str], after: Sequence[str]) -> None:
    building_id = _session.widget(BUILDING)
    if building_id is None:
        choose(None)
    else:
        choose(Choice(Spot(building_id=building_id), names[building_id]))
    st.rerun(list(after))


def draw_buildings(desk: Desk, *, after: Sequence[str], seen: Collection[int] = ()) -> None:
    """Draw the buildings to pick one of; those already ``seen`` come last."""
    t = desk.t
    shown = sorted(pick_building(desk), key=lambda b: b.id in seen)
    if not shown:
        if _session.widget(ESTATE) is None and desk.scope.buildings is None:
            return
        st.html(empty(t("No building is registered here.")))
        return
    names = {b.id: b.label for b in shown}
    chosen: Choice | None = _session.kept(CHOICE)
    at = chosen.spot.building_id if chosen else None
    _session.keep_widget(BUILDING, at if at in names else None)
    st.pills(
        t("Building"), list(names), key=BUILDING, on_change=_picked, args=(names, after),
        format_func=lambda one: plain(names[one]),
    )  # fmt: skip
