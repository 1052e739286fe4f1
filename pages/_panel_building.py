"""The panel of a building: address, households, floors, chief, and its incidents."""

import streamlit as st
from markupsafe import Markup

from data.buildings import BuildingDetail, building
from data.store import StoreUnavailable
from pages._actions import OF_A_BUILDING, draw_back
from pages._desk import Desk
from pages._format import count
from pages._html import facts, note
from pages._items import draw_items
from pages._messages import words
from rules.access import OutsideScope


def head(found: BuildingDetail, desk: Desk) -> Markup:
    """Give the building's name and code."""
    name = " ".join(filter(None, (found.estate, found.name))) or found.address or found.code
    return Markup('<div class="gm-title"><h2>{}</h2><span>{} · {}</span></div>').format(
        name, desk.t("Building"), found.code
    )


def fact_rows(found: BuildingDetail, desk: Desk) -> list[tuple[str, str]]:
    """Names and values of what the register says."""
    t = desk.t
    return [
        (t("Address"), found.address),
        (t("Area"), found.area_name),
        (t("Households"), count(found.households)),
        (t("Floors"), str(found.floors or "")),
        (t("Entrances"), str(found.units or "")),
        (t("Building chief"), found.chief_name or t("none named")),
        (t("Open items"), count(found.open)),
        (t("Overdue"), count(found.overdue) if found.overdue else ""),
    ]


def draw_building(desk: Desk) -> None:
    """Draw the building that is open."""
    t = desk.t
    draw_back(desk, OF_A_BUILDING)
    try:
        found = building(
            desk.store, desk.picture, scope=desk.scope, code=desk.address.building, now=desk.now,
            filter=desk.address.filter,
        )  # fmt: skip
    except (OutsideScope, StoreUnavailable) as error:
        st.html(note(words(error, t)))
        return
    st.html(head(found, desk))
    st.html(facts(fact_rows(found, desk)))
    draw_items(desk, area_id=desk.place.root.id, building_id=found.id)
