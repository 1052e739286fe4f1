"""One boundary plan: its map, and beside it what the plan means in numbers, live."""

import streamlit as st

from pages._plan_head import draw_head
from pages._plan_map import draw_plan_map
from pages._plan_panel import draw_panel

with st.container(key="workbench"):
    draw_head()
    with st.container(key="stage"):
        left, right = st.columns([62, 38], gap="small")
    with left:
        draw_plan_map()
    with right, st.container(key="panel"):
        draw_panel()
