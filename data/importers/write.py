"""Writing an import: a batch, its rows, what moves because of them, and one event."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from data import schema
from data.events import append
from data.importers.hierarchy import AreaDraft, AreaPlan, Root, generated_code
from data.importers.known import ROOT_MADE, Known, KnownArea, buildings_at, load_known
from data.importers.report import Note, Report
from data.store import get_meta, set_meta
from geo.crs import Bounds
from rules.levels import Level

_CHUNK: Final = 5000
_A, _B, _I = schema.area.c, schema.building.c, schema.incident.c


@dataclass(frozen=True)
class Entry:
    """Who imports when."""

    actor: str
    at: datetime


def open_batch(conn: Connection, entry: Entry, report: Report) -> int:
    """Write the batch row that everything of this import names; gives its id."""
    row = {
        "at": int(entry.at.timestamp()), "actor": entry.actor, "what": report.what,
        "source": report.source, "report": "{}",
    }  # fmt: skip
    key = conn.execute(insert(schema.batch).values(**row)).inserted_primary_key
    return int(key[0]) if key is not None else 0


def close_batch(conn: Connection, entry: Entry, batch_id: int, report: Report, digest: str) -> None:
    """Keep the report in the batch and append the one event of the import."""
    body = json.dumps(report.to_json(), ensure_ascii=False)
    conn.execute(update(schema.batch).where(schema.batch.c.id == batch_id).values(report=body))
    append(
        conn, at=entry.at, actor=entry.actor, action="import", subject="batch",
        subject_id=batch_id, before=None,
        after={
            "what": report.what, "source": report.source, "rows": report.accepted,
            "refused": len(report.refused), "counts": dict(report.counts), "sha256": digest,
        },
    )  # fmt: skip


def digest(keys: Iterable[str]) -> str:
    """SHA-256 over the keys of the rows written, in order."""
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def write_rows(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], batch_id: int
) -> None:
    """Insert rows in chunks."""
    for start in range(0, len(rows), _CHUNK):
        chunk = [{**row, "batch_id": batch_id} for row in rows[start : start + _CHUNK]]
        conn.execute(insert(table), chunk)


def bump_areas(conn: Connection) -> None:
    """Tell every reader that the areas changed."""
    set_meta(conn, "area_version", str(int(get_meta(conn, "area_version") or 0) + 1))


def write_areas(conn: Connection, plan: AreaPlan, known: Known, batch_id: int) -> tuple[Note, ...]:
    """Write a plan of areas and move what the new ones hold now; tells what moved."""
    ids = {a.code: a.id for a in known.areas}
    if plan.root_change is not None and known.root is not None:
        values = _values(plan.root_change, None, batch_id)
        conn.execute(update(schema.area).where(_A.id == known.root.id).values(**values))
        ids[plan.root_change.code] = known.root.id
    for draft in plan.drafts:
        parent = ids[draft.parent_code] if draft.parent_code is not None else None
        key = conn.execute(
            insert(schema.area).values(**_values(draft, parent, batch_id))
        ).inserted_primary_key
        ids[draft.code] = int(key[0]) if key is not None else 0
    for area_id, code in (plan.moves or {}).items():
        conn.execute(update(schema.area).where(_A.id == area_id).values(parent_id=ids[code]))
    _remember_root(conn, plan, known, ids)
    bump_areas(conn)
    return reassign(conn, load_known(conn), {d.code for d in plan.drafts})


def _remember_root(conn: Connection, plan: AreaPlan, known: Known, ids: Mapping[str, int]) -> None:
    if plan.made is None:
        return
    top = plan.root_change or next(d for d in plan.drafts if d.parent_code is None)
    set_meta(conn, ROOT_MADE, f"{plan.made}:{ids[top.code]}" if plan.made else "")
    if known.joined is None:
        set_meta(conn, "district_name", top.name)


def _values(draft: AreaDraft, parent: int | None, batch_id: int) -> dict[str, Any]:
    inside = shapely.point_on_surface(_largest(draft.geom))
    return {
        "parent_id": parent, "level": int(draft.level), "code": draft.code, "name": draft.name,
        "kind": draft.kind, "households": draft.households, "lon": inside.x, "lat": inside.y,
        "geom": draft.geom, "batch_id": batch_id,
    }  # fmt: skip


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts: list[shapely.Geometry] = list(shapely.get_parts(shape))
    return max(parts, key=shapely.area)


_INSIDE = select(_I.id, _I.lon, _I.lat, _I.area_id, _I.place).where(
    _I.area_id.in_(bindparam("areas", expanding=True)), _I.place != "grid"
)
_HOMES = select(_B.id, _B.lon, _B.lat, _B.area_id).where(
    _B.area_id.in_(bindparam("areas", expanding=True))
)
_MOVE_INCIDENT = (
    update(schema.incident)
    .where(_I.id == bindparam("of_id"))
    .values(area_id=bindparam("to_area"), place=bindparam("to_place"))
)
_MOVE_BUILDING = (
    update(schema.building).where(_B.id == bindparam("of_id")).values(area_id=bindparam("to_area"))
)


def reassign(conn: Connection, known: Known, codes: set[str]) -> tuple[Note, ...]:
    """Move incidents and buildings of the areas above the new ones down to where they lie."""
    above = {i for a in known.areas if a.code in codes for i in known.ancestors(a.parent_id)}
    if not above:
        return ()
    keys = {"areas": sorted(above)}
    incidents = conn.execute(_INSIDE, keys).all()
    moved = []
    for row, owner in zip(incidents, _owners(known, incidents), strict=True):
        if owner >= 0 and (owner != row.area_id or row.place == "outside"):
            place = "exact" if row.place == "outside" else row.place
            moved.append({"of_id": row.id, "to_area": owner, "to_place": place})
    if moved:
        conn.execute(_MOVE_INCIDENT, moved)
    homes = conn.execute(_HOMES, keys).all()
    settled = [
        {"of_id": row.id, "to_area": owner}
        for row, owner in zip(homes, _owners(known, homes), strict=True)
        if owner >= 0 and owner != row.area_id
    ]
    if settled:
        conn.execute(_MOVE_BUILDING, settled)
    found = {"moved_incidents": len(moved), "moved_buildings": len(settled)}
    return tuple(Note(key, {"n": n}) for key, n in found.items() if n)


def _owners(known: Known, rows: Sequence[Any]) -> list[int]:
    lon = np.array([r.lon for r in rows], float)
    lat = np.array([r.lat for r in rows], float)
    return [int(i) for i in known.owners(lon, lat)]


def in_buildings(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of incidents with the building whose footprint holds the point, where none is named."""
    lon = np.array([r["lon"] for r in rows], float)
    lat = np.array([r["lat"] for r in rows], float)
    found = buildings_at(conn, lon, lat).tolist() if rows else []
    return [
        {**row, "building_id": row["building_id"] or (at if at >= 0 else None)}
        for row, at in zip(rows, found, strict=True)
    ]


def stand_in(known: Known, extent: Bounds, root: Root) -> tuple[Known, AreaPlan]:
    """Give a store without areas a stand-in district: the extent of the data and 2 % around it."""
    west, south, east, north = extent
    margin = max(0.02 * max(east - west, north - south), 1e-4)
    shape = shapely.box(west - margin, south - margin, east + margin, north + margin)
    level = root.level or Level.DISTRICT
    code = root.code or generated_code(level, root.name)
    plan = AreaPlan((AreaDraft(code, root.name, level, shape),), made="extent")
    area = KnownArea(0, None, level, code, root.name, shape)
    return Known((area,), stand_in=0, zone=known.zone), plan
