"""The plain way: one folium map with everything embedded, shown by ``st_folium``.

Data are read once and cached, colours come from the same counts, and the map is rebuilt at every
rerun, as folium's and streamlit-folium's own examples do.
"""

import os
import sqlite3

import folium
import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from layers.assets import LEAFLET, LEAFLET_CSS

DATABASE = os.environ["PLAIN_DATABASE"]
KINDS = ["all", "hazard", "dispute", "public_service", "environment"]
COLOURS = ["#eef3f8", "#c6dbef", "#6baed6", "#2171b5", "#08306b"]
OPEN = "('reported','accepted','dispatched','in_progress','suspended','returned','escalated','reopened')"


@st.cache_data
def frame(sql: str) -> gpd.GeoDataFrame:
    with sqlite3.connect(DATABASE) as connection:
        rows = pd.read_sql(sql, connection)
    return gpd.GeoDataFrame(
        rows.drop(columns="geom"), geometry=shapely.from_wkb(rows["geom"]), crs=4490
    )


@st.cache_data
def table(sql: str) -> pd.DataFrame:
    with sqlite3.connect(DATABASE) as connection:
        return pd.read_sql(sql, connection)


grids = frame(
    "SELECT id, code, name, households, geom FROM area WHERE level = 6 AND valid_to IS NULL"
)
buildings = frame("SELECT id, address, households, geom FROM building")
incidents = table(
    "SELECT number, title, address, kind, state, area_id, due_at, lon, lat "
    f"FROM incident WHERE state IN {OPEN}"
)

st.set_page_config(layout="wide", page_title="Plain way")
left, right = st.columns([2, 1])
kind = left.selectbox("Kind", KINDS)
shown = incidents if kind == "all" else incidents[incidents["kind"] == kind]
counts = shown.groupby("area_id").size()
grids = grids.assign(open=grids["id"].map(counts).fillna(0).astype(int))

m = folium.Map(location=[29.37, 104.85], zoom_start=11, tiles=None)
m.default_js = [("leaflet", LEAFLET)]
m.default_css = [("leaflet_css", LEAFLET_CSS)]


def style(feature: dict) -> dict:
    step = min(int(feature["properties"]["open"]), 4)
    return {"fillColor": COLOURS[step], "fillOpacity": 0.7, "weight": 1, "color": "#567"}


folium.GeoJson(grids, style_function=style, tooltip=folium.GeoJsonTooltip(["name", "open"])).add_to(
    m
)
folium.GeoJson(
    buildings, style_function=lambda _: {"weight": 0.5}, tooltip=folium.GeoJsonTooltip(["address"])
).add_to(m)
for row in shown.itertuples():
    folium.CircleMarker([row.lat, row.lon], radius=4, color="#c0392b", tooltip=row.title).add_to(m)

with left:
    clicked = st_folium(m, key="plain", height=700, use_container_width=True)

drawing = (clicked or {}).get("last_active_drawing") or {}
code = drawing.get("properties", {}).get("code")
with right:
    if code:
        grid = grids[grids["code"] == code].iloc[0]
        st.subheader(grid["name"])
        st.metric("Open", int(grid["open"]))
        st.dataframe(shown[shown["area_id"] == grid["id"]])
    else:
        st.write("Click a grid")
st.caption(f"drawn {kind} {code}")
