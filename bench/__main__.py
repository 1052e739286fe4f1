"""``python -m bench [locate] [store] [map] [city] [geocode] [plan] [topology] [workbench]``: measure, print Markdown."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench.side_by_side import table

RESULTS = Path(__file__).resolve().parents[1] / "var" / "bench" / "results.json"


def _locate() -> list[dict[str, object]]:
    from bench import locate

    return locate.run()


def _store() -> list[dict[str, object]]:
    from bench import store

    return store.run()


def _map() -> list[dict[str, object]]:
    from bench import browser

    return browser.beside_the_plain_way()


def _city() -> list[dict[str, object]]:
    from bench import browser

    return browser.district_beside_city()


def _geocode() -> list[dict[str, object]]:
    from bench import geocode

    return geocode.run()


def _plan() -> list[dict[str, object]]:
    from bench import plan

    return plan.run()


def _topology() -> list[dict[str, object]]:
    from bench import topology

    return topology.run()


def _workbench() -> list[dict[str, object]]:
    from bench import workbench

    return workbench.run()


PARTS: dict[str, tuple[str, Callable[[], list[dict[str, object]]]]] = {
    "locate": ("Points to grids beside geopandas.sjoin", _locate),
    "store": ("Queries through our API beside PostGIS, city scale", _store),
    "map": ("This map beside the plain way, district scale, one browser", _map),
    "city": ("The same views at district and at city scale", _city),
    "topology": ("Ten thousand edits of a map, and repair beside maup", _topology),
    "plan": ("Drawing grids beside METIS, gerrychain and enumeration", _plan),
    "workbench": ("The planner's workbench, district scale, one browser", _workbench),
    "geocode": ("Noisy addresses beside plain rapidfuzz, district scale", _geocode),
}


def main() -> int:
    """Run the parts named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in parser.parse_args().parts or list(PARTS):
        title, measure = PARTS[name]
        print(f"\n## {title}\n", flush=True)
        results[name] = measure()
        print(table(results[name]), flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
