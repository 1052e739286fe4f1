"""Every response carries the security headers; only the map's frame may evaluate."""

import pytest
from starlette.testclient import TestClient

from pages._headers import frame_policy, page_policy

STRICT = ("/", "/sign-in", "/healthz", "/nothing", "/map/search", "/_stcore/health")


@pytest.mark.parametrize("path", STRICT)
def test_pages_allow_our_scripts_only(
    server: TestClient, as_command: dict[str, str], path: str
) -> None:
    for headers in ({}, as_command):
        found = server.get(path, headers=headers).headers
        policy = found["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "frame-ancestors 'self'" in policy
        assert "http" not in policy
        assert found["x-frame-options"] == "SAMEORIGIN"
        assert found["x-content-type-options"] == "nosniff"
        assert found["referrer-policy"] == "same-origin"
        assert "no-" in found["cache-control"]


def test_the_map_frame_gets_what_its_component_needs_and_no_more(
    server: TestClient, as_command: dict[str, str]
) -> None:
    frame = "/component/streamlit_folium.st_folium/index.html"
    policy = server.get(frame, headers=as_command).headers["content-security-policy"]
    assert "'unsafe-eval'" in policy
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_a_configured_tile_server_is_let_into_the_frame_alone() -> None:
    assert b"https://tiles.example" in frame_policy("https://tiles.example/{z}/{x}/{y}.png")
    assert b"tiles.example" not in page_policy()
