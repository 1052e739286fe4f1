"""Feeds of single things: what the pointer is over, where a selection lies, what a search finds."""

from typing import Any, Final

from starlette.responses import Response

from data.admission import INCIDENT, admit_place
from data.buildings import building_spot
from data.incidents import read_rows
from data.picture import Picture
from data.search import search
from layers.desk import BadQuestion, Part, Question
from layers.wire import pack_json
from rules.access import OutsideScope

MAX_ID: Final = 2**53
MAX_TEXT: Final = 60


class PlaceFeeds:
    """Feeds of single things; each looks at one row, so nothing is kept."""

    def incident(self, question: Question) -> Response:
        """``/map/incident/{id}``: what the card beside the pointer says."""
        picture = question.picture()
        incident_id = question.number("id", 1, MAX_ID)
        _admit_incident(picture, question, incident_id)
        with question.desk.store.read() as conn:
            rows = read_rows(conn, picture, [incident_id], question.now)
        if not rows:
            raise OutsideScope(INCIDENT)
        row = rows[0]
        body = {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "address": row.address,
            "kind": row.kind,
            "state": row.state.value,
            "area": row.area_name,
            "reported_at": int(row.reported_at.timestamp()),
            "due_at": int(row.due_at.timestamp()),
            "overdue": row.overdue,
        }
        return pack_json(body).answer(question.headers)

    def place(self, question: Question) -> Response:
        """``/map/place/{kind}/{id}``: where an area, building or incident is."""
        picture, row_id = question.picture(), question.number("id", 1, MAX_ID)
        kind = question.path["kind"]
        if kind == "area":
            picture.tree.admit(question.scope, row_id)
            area = picture.tree.get(row_id)
            spot = {"lon": area.lon, "lat": area.lat, "bounds": area.bounds}
        elif kind == "building":
            lon, lat = building_spot(
                question.desk.store, picture, scope=question.scope, building_id=row_id
            )
            spot = {"lon": lon, "lat": lat}
        elif kind == "incident":
            at = _admit_incident(picture, question, row_id)
            columns = picture.columns
            spot = {"lon": float(columns.lon[at]), "lat": float(columns.lat[at])}
        else:
            raise BadQuestion(Part.KIND)
        return pack_json({"kind": kind, "id": row_id} | spot).answer(question.headers)

    def search(self, question: Question) -> Response:
        """``/map/search?q=``: places, grids, buildings and numbers."""
        text = question.query.get("q", "").strip()[:MAX_TEXT]
        picture = question.picture()
        hits = search(
            question.desk.store, picture, scope=question.scope, text=text, now=question.now
        )
        body = {"hits": [_hit(picture, hit) for hit in hits]}
        return pack_json(body).answer(question.headers)


def _hit(picture: Picture, hit: Any) -> dict[str, Any]:
    area = picture.tree.by_code(hit.key) if hit.kind == "area" else None
    return {
        "kind": hit.kind,
        "id": hit.id,
        "key": hit.key,
        "label": hit.label,
        "detail": hit.detail,
        "lon": hit.lon,
        "lat": hit.lat,
        "bounds": area.bounds if area else None,
    }


def _admit_incident(picture: Picture, question: Question, incident_id: int) -> int:
    """Row position of an incident that the scope holds; raises ``OutsideScope`` otherwise."""
    columns = picture.columns
    at = int(columns.positions([incident_id])[0])
    if at < 0:
        raise OutsideScope(INCIDENT)
    building = int(columns.building[at]) or None
    admit_place(picture, question.scope, int(columns.area_id[at]), building)
    return at
