"""A page with one word on it: what the page server itself costs before anything is drawn."""

import streamlit as st

st.write("ready")
