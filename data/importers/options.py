"""What a person asks of an import, and what has to be read for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Literal

from data.importers.hierarchy import Root
from data.importers.reading import Limits, Request
from geo.coverage import GAP_WIDTH
from geo.datum import Datum
from rules.deadlines import CHINA
from rules.levels import Level
from rules.rulebook import DEFAULT, Rulebook

What = Literal["boundaries", "buildings", "base", "incidents"]


@dataclass(frozen=True)
class Lookup:
    """A code table: values of ``column`` are replaced by what ``path`` says about them."""

    column: str
    path: Path
    key: str
    text: str


@dataclass(frozen=True)
class Options:
    """What a person asked for."""

    what: What
    path: Path
    layer: str | None = None
    encoding: str | None = None
    where: str | None = None
    crs: str | None = None
    datum: Datum | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    level: Level = Level.GRID
    parent_level: Level | None = None
    root: Root | None = None
    gap_width: float = GAP_WIDTH
    base_layer: str | None = None
    lookups: tuple[Lookup, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = CHINA
    zone_name: str | None = None
    time_form: str | None = None
    rulebook: Rulebook = DEFAULT
    limits: Limits = field(default_factory=Limits)

    @property
    def made_root(self) -> Root:
        """How a made-up root is called: as asked, else by the name of the file."""
        return self.root or Root(self.path.name.partition(".")[0])


def requests(options: Options) -> list[Request]:
    """Tell what to read; an OSM extract keeps one kind of thing in several layers."""
    request = Request(options.path, options.layer, options.encoding, options.where)
    osm = options.path.suffix.lower() == ".pbf" and options.layer is None
    if osm and options.what == "buildings":
        where = options.where or "building IS NOT NULL"
        return [replace(request, layer="multipolygons", where=where)]
    if osm and options.what == "base":
        return [replace(request, layer="lines"), replace(request, layer="multipolygons")]
    dimension: dict[What, int | None] = {"boundaries": 2, "buildings": 2, "incidents": 0}
    return [replace(request, dimension=dimension.get(options.what))]
