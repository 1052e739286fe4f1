"""Servers under measurement: ours and the plain way, each a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.stores import ROOT, folder


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(words: list[str], env: dict[str, str], url: str, log: Path) -> Iterator[str]:
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=ROOT, env=os.environ | env, stdout=out, stderr=out)
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(url + "/_stcore/health"):
                    break
            except urllib.error.HTTPError:
                break  # it answers, if only to refuse
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _assets(var: Path) -> None:
    link = var / "assets"
    if not link.exists():
        base = Path(os.environ.get("GRIDMAP_VAR", ROOT / "var"))
        link.symlink_to(base / "assets", target_is_directory=True)


@contextmanager
def ours(scale: str) -> Iterator[str]:
    """This program on the demo of a scale; gives its address."""
    var, port = folder(scale), _free_port()
    _assets(var)
    env = {"GRIDMAP_VAR": str(var), "GRIDMAP_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    with _running([sys.executable, "app.py"], env, url, var / "ours.log") as found:
        yield found


@contextmanager
def plain(scale: str) -> Iterator[str]:
    """The plain way on the same store; gives its address."""
    var, port = folder(scale), _free_port()
    _assets(var)
    env = {
        "GRIDMAP_VAR": str(var),
        "PLAIN_DATABASE": str(var / "gridmap.db"),
        "PYTHONPATH": str(ROOT),
    }
    words = [
        sys.executable, "-m", "streamlit", "run", "bench/plain_app.py", "--server.port", str(port),
        "--runner.postScriptGC", "true", "--server.trustedUserHeaders", "{}",
    ]  # fmt: skip
    with _running(words, env, f"http://127.0.0.1:{port}", var / "plain.log") as found:
        yield found


@contextmanager
def empty() -> Iterator[str]:
    """A page with nothing on it; gives its address."""
    port = _free_port()
    words = [
        sys.executable, "-m", "streamlit", "run", "bench/empty_page.py",
        "--server.port", str(port), "--server.trustedUserHeaders", "{}",
    ]  # fmt: skip
    log = folder("district") / "empty.log"
    with _running(words, {}, f"http://127.0.0.1:{port}", log) as found:
        yield found
