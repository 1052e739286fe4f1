"""What a photo says of its place and time is offered before the file is stripped of both."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from data.photos import Offered, read_exif
from data.placing import Spot
from pages._desk import Desk
from pages._format import date_time
from pages._html import note
from pages._picked import Choice, choose

USED: Final = 3
"""So many photos are looked at."""


def offered(photos: Sequence[Any]) -> Offered | None:
    """Give place and time of the first photo that knows its place."""
    found = (read_exif(photo.getvalue()) for photo in photos[:USED])
    return next((one for one in found if one is not None and one.lon is not None), None)


def _take(lon: float, lat: float, after: Sequence[str]) -> None:
    choose(Choice(Spot(lon=lon, lat=lat)))
    st.rerun(list(after))


def draw_offer(desk: Desk, photos: Sequence[Any], *, after: Sequence[str]) -> None:
    """Offer the place of a photo; it is taken only when somebody says so."""
    t, one = desk.t, offered(photos)
    if one is None or one.lon is None or one.lat is None:
        return
    when = date_time(one.taken_at, desk.now) if one.taken_at else ""
    st.html(note(t("The photo knows where it was taken. {time}").format(time=when)))
    st.button(
        t("Take the photo's place"), key="photo_place", icon=":material/add_location:",
        on_click=_take, args=(one.lon, one.lat, after), width="stretch",
    )  # fmt: skip
