"""The server: Streamlit's pages with our routes, our door and our start-up in one ASGI app."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from pages import _start  # noqa: E402
from pages._gate import Auth  # noqa: E402
from pages._headers import Headers  # noqa: E402
from pages._house import house  # noqa: E402

HOUSE = house()

app = st.App(
    ROOT / "pages" / "main.py",
    routes=_start.routes(HOUSE),
    middleware=[
        Middleware(Headers, tile_url=HOUSE.settings.tile_url, secure=HOUSE.settings.secure_cookie),
        Middleware(Auth, house=HOUSE),
    ],
    lifespan=_start.lifespan,
    on_script_error=_start.say_error,
)

if __name__ == "__main__":
    app.run(config=_start.server_options(HOUSE.settings))
