"""Stores the measurements run on: demo districts, made once and kept under var/bench."""

import os
import subprocess
import sys
from pathlib import Path

from data.settings import Settings
from data.store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]


def folder(scale: str) -> Path:
    """Where the store of a scale is kept, made at the first call."""
    base = Path(os.environ.get("GRIDMAP_VAR", ROOT / "var")) / "bench" / scale
    if not (base / "gridmap.db").exists():
        base.mkdir(parents=True, exist_ok=True)
        for words in (("init",), ("demo", "--scale", scale)):
            subprocess.run(
                [sys.executable, "-m", "data", *words],
                cwd=ROOT, env=os.environ | {"GRIDMAP_VAR": str(base)}, check=True,
            )  # fmt: skip
    return base


def store_of(scale: str) -> Store:
    """The open store of a scale."""
    var = folder(scale)
    return open_store(Settings(database_url=f"sqlite:///{var / 'gridmap.db'}", var=var))
