"""Tell the browser early which files the map page will ask for, so that they come side by side.

Streamlit loads its parts one after the other as elements appear: a chain of some twelve steps.
Named in a header of the page, they arrive while the first of them is still being compiled.
"""

from pathlib import Path
from typing import Final

import streamlit

from layers.assets import HEAT, LEAFLET, LEAFLET_CSS
from layers.bundle import script_link, style_link

PARTS: Final = (
    "Html", "purify.es", "PageLink", "ButtonGroup", "Button", "Selectbox", "TextInput",
    "useSyncComboBoxEnterTargetFocus", "ComponentInstance", "arrowFormatUtils", "DataFrame",
    "serialization", "recordbatch", "StreamlitMarkdown",
)  # fmt: skip
"""Streamlit's files by the name before the digest; one that a release no longer has is skipped."""


def streamlit_parts(folder: Path) -> list[str]:
    """Addresses of the parts that the release at hand has."""
    found = {path.name.split(".")[0]: path.name for path in sorted(folder.glob("*.js"))}
    names = {part: found.get(part.split(".")[0]) for part in PARTS}
    return [f"/static/js/{name}" for name in names.values() if name]


def link_header() -> bytes:
    """Give the value of the ``Link`` header of the page."""
    static = Path(streamlit.__file__).parent / "static" / "static" / "js"
    modules = [f"<{link}>; rel=modulepreload" for link in streamlit_parts(static)]
    later = [LEAFLET, HEAT, script_link(), LEAFLET_CSS, style_link()]
    return ", ".join([*modules, *(f"<{link}>; rel=prefetch" for link in later)]).encode()
