"""Security headers of every response: a strict content policy, no framing, no sniffing."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._preload import link_header

MAP_FRAME: Final = "/component/streamlit_folium.st_folium/"
_SHARED: Final = ("/static/", "/component/", "/assets/")
_PLAIN: Final = ("/sign-in", "/evaluate")
"""Pages that need nothing of the map."""


def shell_hashes() -> list[str]:
    """Policy sources of the inline scripts of Streamlit's own page; they move with its release."""
    shell = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", shell, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    return [f"'sha256-{digest}'" for digest in digests]


def _policy(**directives: str) -> bytes:
    return "; ".join(f"{k.replace('_', '-')} {v}".strip() for k, v in directives.items()).encode()


def page_policy() -> bytes:
    """Content policy of every page: our own scripts only, nothing from elsewhere."""
    return _policy(
        default_src="'none'",
        script_src=" ".join(["'self'", *shell_hashes()]),
        style_src="'self' 'unsafe-inline'",
        img_src="'self' data: blob:",
        font_src="'self' data:",
        connect_src="'self'",
        worker_src="'self' blob:",
        media_src="'self'",
        manifest_src="'self'",
        frame_src="'self'",
        form_action="'self'",
        base_uri="'self'",
        object_src="'none'",
        frame_ancestors="'self'",
    )


def frame_policy(tile_url: str | None) -> bytes:
    """Content policy of the map's frame: its component evaluates the map script it is sent."""
    tiles = f" {urlsplit(tile_url).scheme}://{urlsplit(tile_url).netloc}" if tile_url else ""
    tiles = tiles.replace("{s}", "*")
    return _policy(
        default_src="'none'",
        script_src="'self' 'unsafe-inline' 'unsafe-eval'",
        style_src="'self' 'unsafe-inline'",
        img_src=f"'self' data: blob:{tiles}",
        font_src="'self' data:",
        connect_src="'self'",
        worker_src="'self' blob:",
        form_action="'none'",
        base_uri="'self'",
        object_src="'none'",
        frame_ancestors="'self'",
    )


def file_policy() -> bytes:
    """Content policy of an uploaded file, should a browser open it as a page: it may do nothing."""
    return _policy(default_src="'none'", frame_ancestors="'self'", sandbox="")


def form_policy() -> bytes:
    """Content policy of the page behind a resident's link: a form and its style, no script."""
    return _policy(
        default_src="'none'",
        style_src="'self'",
        img_src="data:",
        form_action="'self'",
        base_uri="'none'",
        frame_ancestors="'none'",
    )


class Headers:
    """Put the security headers on every response, those of the gate included."""

    def __init__(self, app: ASGIApp, *, tile_url: str | None, secure: bool) -> None:
        self.app = app
        self.page = page_policy()
        self.special = {
            MAP_FRAME: frame_policy(tile_url),
            "/attachment/": file_policy(),
            "/evaluate/": form_policy(),
        }
        self.links = link_header()
        self.fixed = {
            b"x-content-type-options": b"nosniff",
            b"x-frame-options": b"SAMEORIGIN",
            b"referrer-policy": b"same-origin",
            b"cross-origin-opener-policy": b"same-origin",
            b"cross-origin-resource-policy": b"same-origin",
            b"permissions-policy": b"camera=(), microphone=(), payment=(), geolocation=(self)",
        }
        if secure:
            self.fixed[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mend the start of the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = {k.lower(): v for k, v in message["headers"] if k.lower() != b"set-cookie"}
                cookies = [(k, v) for k, v in message["headers"] if k.lower() == b"set-cookie"]
                kept |= self.fixed | {b"content-security-policy": self.policy(path)}
                if not path.startswith(_SHARED):
                    if kept.get(b"content-type", b"").startswith(b"text/html"):
                        kept[b"cache-control"] = b"no-store"
                        if not path.startswith(_PLAIN):
                            kept[b"link"] = self.links
                    kept.setdefault(b"cache-control", b"no-store")
                message = {**message, "headers": [*kept.items(), *cookies]}
            await send(message)

        await self.app(scope, receive, mended)

    def policy(self, path: str) -> bytes:
        """Give the content policy of a path."""
        return next((p for start, p in self.special.items() if path.startswith(start)), self.page)
