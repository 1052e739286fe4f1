"""The band of households that a plan aims at, and the form that changes it."""

import streamlit as st

from pages import _session
from pages._html import heading
from pages._plan_desk import Bench
from pages._plan_draw import Stand, command
from rules.plan_commands import SetBand
from rules.plan_edits import WIDEST_BAND

LOW, HIGH = "band_low", "band_high"


def _save(stand: Stand) -> None:
    low, high = _session.widget(LOW), _session.widget(HIGH)
    command(stand, SetBand(int(low or 0), int(high or 0)))


def draw_band(bench: Bench) -> None:
    """Draw the two ends of the band."""
    t, (low, high) = bench.t, bench.sheet.state.band
    st.html(heading(t("Households of a grid")))
    with st.form("band", border=False), st.container(
        key="band", horizontal=True, vertical_alignment="bottom"
    ):  # fmt: skip
        st.number_input(t("At least"), 1, WIDEST_BAND, low, step=10, key=LOW, width=120)
        st.number_input(t("At most"), 1, WIDEST_BAND, high, step=10, key=HIGH, width=120)
        st.form_submit_button(t("Set the band"), on_click=_save, args=(bench.stand,))
