"""The browser that the tests drive: Debian's Chromium, without its own calls home."""

import os
import shutil
from typing import Final

import pytest

PATH: Final = shutil.which("chromium") or ""
QUIET: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
"""Every host but this machine's loopback is unknown."""

needed: Final = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not PATH and os.environ.get("GRIDMAP_TEST_ALL") != "1",
        reason="no chromium on this machine",
    ),
]
"""Marks of a test that drives the browser: skipped only where there is none to drive."""
