"""One import from file to record, in the three steps a person sees: look, check, write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import shapely
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data import schema
from data.importers import base_map, boundaries, buildings, columns, incidents
from data.importers.attributes import with_tags
from data.importers.hierarchy import AreaPlan
from data.importers.known import Known, load_known, remembered_mapping
from data.importers.options import Options, What, requests
from data.importers.placing import Placed, place
from data.importers.reading import Limits, Records, Request, joined, read_records
from data.importers.report import Note, Report
from data.importers.values import text_of
from data.importers.write import (
    Entry,
    close_batch,
    digest,
    in_buildings,
    open_batch,
    stand_in,
    write_areas,
    write_rows,
)
from data.store import Store, get_meta, set_meta
from geo.crs import Shapes

_SYNONYMS: Final[dict[What, columns.Synonyms]] = {
    "boundaries": columns.AREA,
    "buildings": columns.BUILDING,
    "base": columns.BASE,
    "incidents": columns.INCIDENT,
}
_PERSONAL_FIELDS: Final = {"reporter_name", "reporter_phone"}


@dataclass(frozen=True)
class Look:
    """What a file holds and how it will be read; nothing is checked or written yet."""

    records: Records
    columns: dict[str, Sequence[Any]]
    raw: Shapes
    placed: Placed | None
    known: Known
    area_version: str
    report: Report

    @property
    def shapes(self) -> Shapes:
        """Shapes in CGCS2000 degrees."""
        return self.raw if self.placed is None else self.placed.shapes


@dataclass(frozen=True)
class Checked:
    """What would be written, and the report on it."""

    look: Look
    report: Report
    plan: AreaPlan | None = None
    rows: tuple[dict[str, Any], ...] = ()


def sample(found: Look, *, rows: int = 3) -> list[str]:
    """Give the first rows as understood, so that a wrong encoding or column shows at once."""
    named = {k: v for k, v in found.columns.items() if k not in _PERSONAL_FIELDS}
    cells = (
        {k: text_of(v[at]) for k, v in named.items() if v[at]} for at in range(len(found.records))
    )
    return [
        "; ".join(f"{k} {v[:40]}" for k, v in row.items()) for row in islice(cells, rows) if row
    ]


class StoreMoved(RuntimeError):
    """Areas or numbers changed between the check and the write; nothing was written."""


Reader = Callable[[Request, Limits], Records]


def look(store: Store, options: Options, *, read: Reader = read_records) -> Look:
    """Read a file and tell what it holds: encoding, columns, reference system, datum, extent.

    Raises
    ------
    data.importers.reading.UnreadableFile, data.importers.columns.UnknownColumn
        If the file cannot be read or lacks a column that was named.
    geo.crs.AmbiguousCrs, geo.crs.UnknownCrs, geo.crs.UnknownCrsName
        If a person has to say what the coordinates are.
    """
    records = joined([read(r, options.limits) for r in requests(options)])
    records = _looked_up(with_tags(records), options, read)
    with store.read() as conn:
        known = load_known(conn)
        version = get_meta(conn, "area_version") or "0"
        remembered = remembered_mapping(conn, options.what, records.headers)
    remembered = {k: v for k, v in remembered.items() if k not in _PERSONAL_FIELDS}
    mapping = columns.map_columns(
        records.headers, _SYNONYMS[options.what], asked=options.mapping, remembered=remembered
    )
    found: dict[str, Sequence[Any]] = {name: records.columns[c] for name, c in mapping.items()}
    raw = records.shapes
    if raw is None:
        raw = incidents.raw_points(found, len(records))
    placed = None
    if not shapely.is_missing(raw).all():
        placed = place(raw, known, declared=records.crs, crs=options.crs, datum=options.datum)
    report = Report(
        options.what, options.path.name, records.encoding, records.layer,
        tuple(records.headers), mapping, None if placed is None else placed.detection,
        len(records),
    ).with_notes(*_look_notes(records, mapping, remembered, placed))  # fmt: skip
    return Look(records, found, raw, placed, known, version, report)


def _look_notes(
    records: Records, mapping: Mapping[str, str], remembered: Mapping[str, str],
    placed: Placed | None,
) -> list[Note]:  # fmt: skip
    notes = list(placed.notes) if placed is not None else []
    personal = columns.personal_columns(records.headers, mapping)
    if personal:
        notes.append(Note("personal_left_out", {"columns": ", ".join(personal)}))
    if remembered and all(mapping.get(k) == v for k, v in remembered.items()):
        notes.append(Note("remembered"))
    return notes


def _looked_up(records: Records, options: Options, read: Reader) -> Records:
    changed = dict(records.columns)
    for lookup in options.lookups:
        if lookup.column not in changed:
            raise columns.UnknownColumn(lookup.column, records.headers)
        table = read(Request(lookup.path), options.limits)
        for name in (lookup.key, lookup.text):
            if name not in table.columns:
                raise columns.UnknownColumn(name, table.headers)
        words = dict(zip(table.columns[lookup.key], table.columns[lookup.text], strict=True))
        changed[lookup.column] = [words.get(v, v) for v in changed[lookup.column]]
    return replace(records, columns=changed)


def check(store: Store, options: Options, found: Look, entry: Entry) -> Checked:
    """Check every row and plan what to write; reads the store, writes nothing."""
    if options.what == "boundaries":
        return _check_areas(options, found)
    known, plan = found.known, None
    if found.placed is not None and not known.areas:
        root = options.made_root
        known, plan = stand_in(known, found.placed.detection.extent, root)
    rows, broken = found.records.rows, found.records.broken
    if options.what == "buildings":
        taken = _taken(store, schema.building.c.code)
        done = buildings.plan_buildings(
            found.shapes, found.columns, rows, known=known, taken=taken, broken=broken
        )
    elif options.what == "base":
        tags = {**found.records.columns, **found.columns}
        done = base_map.plan_base(found.shapes, tags, rows, layer=options.base_layer, broken=broken)
    else:
        rules = incidents.Rules(
            now=entry.at, zone=options.zone, time_form=options.time_form,
            kinds=incidents.kind_words(options.kinds), rulebook=options.rulebook,
        )  # fmt: skip
        done = incidents.plan_incidents(
            found.raw, found.shapes, found.columns, rows, known=known,
            places=_places(store), taken=_taken(store, schema.incident.c.number), rules=rules,
        )  # fmt: skip
    notes = (*done.notes, *([Note("synthetic_root")] if plan is not None and done.rows else []))
    report = replace(
        found.report, accepted=len(done.rows), counts=dict(done.counts or {}),
        refused=done.refused,
    ).with_notes(*notes)  # fmt: skip
    return Checked(found, report, plan if done.rows else None, done.rows)


def _check_areas(options: Options, found: Look) -> Checked:
    done = boundaries.plan_boundaries(
        found.shapes, found.columns, found.records.rows, level=options.level,
        known=found.known, root=options.made_root, gap_width=options.gap_width,
        parent_level=options.parent_level, broken=found.records.broken,
    )  # fmt: skip
    repair = {k: float(v) for k, v in vars(done.repair).items() if k != "emptied"}
    report = replace(
        found.report, accepted=done.accepted, counts=dict(done.counts or {}),
        refused=done.refused, repair=repair if done.repair.needed else {},
    ).with_notes(*done.notes)  # fmt: skip
    return Checked(found, report, done.plan)


def _taken(store: Store, column: Any) -> frozenset[str]:
    with store.read() as conn:
        return frozenset(conn.execute(select(column)).scalars())


def _places(store: Store) -> incidents.Places:
    a, b = schema.area.c, schema.building.c
    with store.read() as conn:
        areas = conn.execute(select(a.code, a.id, a.lon, a.lat).where(a.valid_to.is_(None)))
        homes = conn.execute(select(b.code, b.id, b.lon, b.lat, b.area_id))
        return incidents.Places(
            {r.code: (r.id, r.lon, r.lat) for r in areas},
            {r.code: (r.id, r.lon, r.lat, r.area_id) for r in homes},
        )


_TABLES: Final = {
    "buildings": schema.building,
    "base": schema.base_feature,
    "incidents": schema.incident,
}
_KEYS: Final = {"buildings": "code", "base": "name", "incidents": "number"}


def write(store: Store, options: Options, checked: Checked, entry: Entry) -> Report:
    """Write what was checked in one transaction, with its batch row and one event.

    Raises
    ------
    StoreMoved
        If the areas changed or a number was taken since the check.
    """
    report = checked.report
    try:
        with store.write() as conn:
            if (get_meta(conn, "area_version") or "0") != checked.look.area_version:
                raise StoreMoved
            batch = open_batch(conn, entry, report)
            rows: Sequence[Mapping[str, Any]] = checked.rows
            keys = [str(row[_KEYS[options.what]]) for row in rows]
            if checked.plan is not None:
                report = report.with_notes(
                    *write_areas(conn, checked.plan, checked.look.known, batch)
                )
                keys += [draft.code for draft in checked.plan.drafts]
            if checked.plan is not None and rows and "area_id" in rows[0]:
                root = load_known(conn).root
                rows = [{**row, "area_id": 0 if root is None else root.id} for row in rows]
            if options.what == "incidents":
                rows = in_buildings(conn, rows)
                if options.zone_name and get_meta(conn, "time_zone") is None:
                    set_meta(conn, "time_zone", options.zone_name)
            if rows:
                write_rows(conn, _TABLES[options.what], rows, batch)
            close_batch(conn, entry, batch, report, digest(keys))
    except IntegrityError as error:
        raise StoreMoved from error
    return report
