"""Our own script and style of the map: plain files joined in order, served under their digest."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from layers.wire import pack

FOLDER: Final = Path(__file__).parent / "js"
PARTS: Final = (
    "wire", "words", "theme", "overlay", "dom", "areas", "labels", "symbols", "incidents",
    "buildings", "base_map", "card", "legend", "toolbar", "search", "live", "command", "gestures",
    "placing", "mount",
)  # fmt: skip
"""Files of the script; a later one may use names of an earlier one."""

_A_YEAR: Final = "public, max-age=31536000, immutable"


@cache
def script() -> bytes:
    """Whole script: one function scope around all parts, so nothing leaks but ``GridMap``."""
    bodies = [(FOLDER / f"{part}.js").read_text("utf-8") for part in PARTS]
    return ('(() => {\n"use strict";\n' + "\n".join(bodies) + "\n})();\n").encode()


@cache
def style() -> bytes:
    """Style sheet of the map's frame."""
    return (FOLDER / "gridmap.css").read_bytes()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def script_link() -> str:
    """Address of the script; it moves with its content."""
    return f"/map/gridmap.{_digest(script())}.js"


def style_link() -> str:
    """Address of the style sheet; it moves with its content."""
    return f"/map/gridmap.{_digest(style())}.css"


def bundle_routes() -> list[Route]:
    """Routes of script and style; an old digest gets the present file without long caching."""
    files = {
        "js": (script_link(), pack(script(), level=9), "text/javascript"),
        "css": (style_link(), pack(style(), level=9), "text/css"),
    }

    async def file(request: Request) -> Response:
        link, packed, media = files[request.url.path.rpartition(".")[2]]
        cache_for = _A_YEAR if request.url.path == link else "no-store"
        return packed.answer(request.headers, media_type=media, cache=cache_for)

    return [
        Route("/map/gridmap.{digest:str}.js", file, name="gridmap_script"),
        Route("/map/gridmap.{digest:str}.css", file, name="gridmap_style"),
    ]
