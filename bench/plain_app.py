"""The plain way's server: the same assets from this machine, and a page built as tutorials do."""

import os
from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

ASSETS = Path(os.environ["GRIDMAP_VAR"]) / "assets"

app = st.App(
    Path(__file__).with_name("plain_page.py"),
    routes=[Mount("/assets", StaticFiles(directory=ASSETS))],
)
