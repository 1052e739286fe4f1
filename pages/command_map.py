"""The command map: the district on a map, and beside it what the selected place holds."""

import streamlit as st

from pages._figures import draw_figures
from pages._filters import draw_filters
from pages._map import draw_map
from pages._panel import draw_panel
from pages._trail import draw_trail

bar = st.container(key="bar", horizontal=True, vertical_alignment="center")
strip = st.container()
with st.container(key="stage"):
    left, right = st.columns([65, 35], gap="small")

# The map's frame takes longest to come up, so it is asked for first.
with left:
    draw_map()
with bar:
    draw_trail()
    draw_filters()
with strip:
    draw_figures()
with right, st.container(key="panel"):
    draw_panel()
