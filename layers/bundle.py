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

PLAN_PARTS: Final = (
    "wire", "words", "theme", "overlay", "dom", "labels", "base_map", "card", "toolbar", "live",
    "plan_words", "plan_model", "plan_colours", "plan_paint", "plan_chips", "plan_curtain",
    "plan_wire", "plan_bar", "plan_tools", "plan_strokes", "plan_lines", "workbench",
    "plan_gestures", "plan_mount",
)  # fmt: skip
"""Files of the script of the workbench map; what the command map does not need stays out of it."""

_A_YEAR: Final = "public, max-age=31536000, immutable"


def _joined(parts: tuple[str, ...]) -> bytes:
    bodies = [(FOLDER / f"{part}.js").read_text("utf-8") for part in parts]
    return ('(() => {\n"use strict";\n' + "\n".join(bodies) + "\n})();\n").encode()


@cache
def script() -> bytes:
    """Whole script: one function scope around all parts, so nothing leaks but ``GridMap``."""
    return _joined(PARTS)


@cache
def style() -> bytes:
    """Style sheet of the map's frame."""
    return (FOLDER / "gridmap.css").read_bytes()


@cache
def plan_script() -> bytes:
    """Whole script of the workbench map."""
    return _joined(PLAN_PARTS)


@cache
def plan_style() -> bytes:
    """Style sheet of the workbench map's frame: that of every map, and its own."""
    return style() + (FOLDER / "plan.css").read_bytes()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def script_link() -> str:
    """Address of the script; it moves with its content."""
    return f"/map/gridmap.{_digest(script())}.js"


def style_link() -> str:
    """Address of the style sheet; it moves with its content."""
    return f"/map/gridmap.{_digest(style())}.css"


def plan_script_link() -> str:
    """Address of the script of the workbench map."""
    return f"/map/workbench.{_digest(plan_script())}.js"


def plan_style_link() -> str:
    """Address of the style sheet of the workbench map."""
    return f"/map/workbench.{_digest(plan_style())}.css"


def bundle_routes() -> list[Route]:
    """Routes of script and style; an old digest gets the present file without long caching."""
    files = {
        ("gridmap", "js"): (script_link(), pack(script(), level=9), "text/javascript"),
        ("gridmap", "css"): (style_link(), pack(style(), level=9), "text/css"),
        ("workbench", "js"): (plan_script_link(), pack(plan_script(), level=9), "text/javascript"),
        ("workbench", "css"): (plan_style_link(), pack(plan_style(), level=9), "text/css"),
    }

    async def file(request: Request) -> Response:
        name, _, ending = request.url.path.rpartition("/")[2].split(".")
        link, packed, media = files[name, ending]
        cache_for = _A_YEAR if request.url.path == link else "no-store"
        return packed.answer(request.headers, media_type=media, cache=cache_for)

    return [
        Route(f"/map/{name}.{{digest:str}}.{ending}", file, name=f"{name}_{ending}")
        for name, ending in files
    ]
