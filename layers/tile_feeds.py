"""Feeds by map tile: buildings from street zoom on, and the base map."""

from threading import Lock
from typing import Final

from starlette.responses import Response

from data.base_map import BaseMap, load_base_map
from data.picture import Picture
from layers.base_map import BASE_ZOOMS, base_body
from layers.buildings import BUILDING_ZOOMS, buildings_body
from layers.desk import BadQuestion, Part, Question, still
from layers.wire import FRESH, Kept, pack_json
from rules.filters import IncidentFilter

_A_DAY: Final = "private, max-age=86400"


class TileFeeds:
    """Feeds by tile; what was packed is kept until something it shows has changed."""

    def __init__(self) -> None:
        self._buildings = Kept(400)
        self._base = Kept(1000)
        self._map: tuple[tuple[str, int], BaseMap] | None = None
        self._loading = Lock()

    def buildings(self, question: Question) -> Response:
        """``/map/buildings/{z}/{x}/{y}?view=``: buildings of a tile with their open items.

        With a view, those that its filter keeps.
        """
        zoom, x, y = _tile(question, *BUILDING_ZOOMS)
        picture, now = question.picture(), still(question.now)
        chosen = question.view().filter if "view" in question.query else IncidentFilter()
        key = (picture.store_id, picture.watermark, now, question.scope, zoom, x, y, chosen)
        packed = self._buildings.get(
            key,
            lambda: pack_json(
                buildings_body(
                    question.desk.store, picture, scope=question.scope,
                    tile=(zoom, x, y), filter=chosen, now=now,
                )
            ),
        )  # fmt: skip
        return packed.answer(question.headers, cache=FRESH)

    def base(self, question: Question) -> Response:
        """``/map/base/{z}/{x}/{y}?v=``: roads, rail, water and green of a tile."""
        zoom, x, y = _tile(question, *BASE_ZOOMS)
        picture = question.picture()
        key = (picture.store_id, picture.bulk, zoom, x, y)
        packed = self._base.get(
            key,
            lambda: pack_json(base_body(self._base_map(question, picture), zoom, x, y)),
        )
        return packed.answer(question.headers, cache=_A_DAY)

    def _base_map(self, question: Question, picture: Picture) -> BaseMap:
        """Give the base map as of the last bulk write; only an import changes it."""
        version = (picture.store_id, picture.bulk)
        with self._loading:
            if self._map is None or self._map[0] != version:
                with question.desk.store.read() as conn:
                    self._map = version, load_base_map(conn)
            return self._map[1]


def _tile(question: Question, low: int, high: int) -> tuple[int, int, int]:
    zoom = question.number("z", low, high)
    last = (1 << zoom) - 1
    try:
        return zoom, question.number("x", 0, last), question.number("y", 0, last)
    except BadQuestion:
        raise BadQuestion(Part.TILE) from None
