"""The feeds of the map under ``/map``: JSON, scoped, packed once, asked for conditionally."""

import math
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from data import clock
from data.events import events_since
from data.picture import Picture, Pictures
from data.points import Bounds
from data.store import Store
from layers.areas import packed_shapes, view_body
from layers.bundle import bundle_routes
from layers.desk import BadQuestion, Desk, Part, Question, feed, still
from layers.heat import heat_body
from layers.incidents import changed_body, incidents_body
from layers.place_feeds import PlaceFeeds
from layers.plan_feeds import PlanFeeds
from layers.tile_feeds import TileFeeds
from layers.tiles import tile_source
from layers.wire import FOREVER, Kept, pack_json
from layers.words import LANGUAGES, Translate, document
from rules.filters import View
from rules.kinds import Kind
from rules.levels import Level

MAX_ZOOM: Final = 19

MANY: Final = 500
"""After more events than this, nothing is pointed out as new."""


class ViewFeeds:
    """Feeds of one view: its figures, shapes, incidents and heat."""

    def __init__(self) -> None:
        self._moving = Kept(256)
        self._shapes = Kept(160)

    def view(self, question: Question) -> Response:
        """``/map/view/{key}``: figures by area, and the tiles to lay under them."""

        def body(picture: Picture, *, view: View, **chosen: Any) -> dict[str, Any]:
            tiles = tile_source(question.desk.store.settings, picture.tree.get(view.area_id))
            return view_body(picture, view=view, **chosen) | {"tiles": tiles}

        return self._moved(question, "view", body)

    def heat(self, question: Question) -> Response:
        """``/map/heat/{key}``: counted cells."""
        return self._moved(question, "heat", heat_body)

    def incidents(self, question: Question) -> Response:
        """``/map/incidents/{key}?z=&bbox=&since=``: points, or clusters of that zoom.

        With the watermark of the picture before, also what changed since then.
        """
        zoom = question.number("z", 0, MAX_ZOOM)
        bounds = read_bounds(question.query.get("bbox", ""))
        since = question.number("since", 0, 2**53) if "since" in question.query else None

        def body(picture: Picture, **chosen: Any) -> dict[str, Any]:
            found = incidents_body(picture, zoom=zoom, bounds=bounds, **chosen)
            if since is not None:
                ids = _changed(question.desk.store, since, picture.watermark)
                found["changed"] = changed_body(picture, ids=ids, **chosen)
            return found

        return self._moved(question, ("incidents", zoom, bounds, since), body)

    def shapes(self, question: Question) -> Response:
        """``/map/shapes/{area}/{level}/{version}``: immutable, for one boundary version."""
        picture = question.picture()
        area_id = question.number("area", 0, 2**53)
        level = Level(question.number("level", min(Level), max(Level)))
        picture.tree.admit(question.scope, area_id)
        version = question.path["version"]
        if version != (picture.area_version or "0"):
            raise BadQuestion(Part.VERSION)
        packed = self._shapes.get(
            (picture.store_id, version, area_id, level),
            lambda: packed_shapes(question.desk.store, picture.tree, area_id=area_id, level=level),
        )
        return packed.answer(question.headers, cache=FOREVER)

    def _moved(
        self, question: Question, what: Hashable, body: Callable[..., dict[str, Any]]
    ) -> Response:
        """Answer that stays the same until an event comes or a step of time has passed."""
        picture, view = question.picture(), question.view()
        now = still(question.now)
        key = (what, _stamp(picture, now), question.scope, view.key)
        packed = self._moving.get(
            key,
            lambda: pack_json(body(picture, scope=question.scope, view=view, now=now), level=4),
        )
        return packed.answer(question.headers)


def _changed(store: Store, since: int, watermark: int) -> list[int]:
    """Ids of the incidents with an event after a watermark; none when it is long past."""
    if not since < watermark <= since + MANY:
        return []
    with store.read() as conn:
        return [e.subject_id for e in events_since(conn, since) if e.subject == "incident"]


def _stamp(picture: Picture, now: datetime) -> tuple[Hashable, ...]:
    return picture.store_id, picture.watermark, picture.area_version, now


def read_bounds(text: str) -> Bounds:
    """West, south, east, north of ``w,s,e,n``.

    Raises
    ------
    BadQuestion
        If these are not four finite numbers in order.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadQuestion(Part.BOUNDS) from None
    if not all(map(math.isfinite, (west, south, east, north))) or west >= east or south >= north:
        raise BadQuestion(Part.BOUNDS)
    return west, south, east, north


class WordFeed:
    """The words of the map."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._kept = Kept(len(LANGUAGES))

    def texts(self, question: Question) -> Response:
        """``/map/texts/{lang}``: words and symbol colours."""
        language = question.path["lang"]
        if language not in LANGUAGES:
            raise BadQuestion(Part.LANGUAGE)
        translate = question.desk.texts(language)
        packed = self._kept.get(
            language, lambda: pack_json(document(language, translate, self._kinds))
        )
        return packed.answer(question.headers)


def map_routes(
    pictures: Pictures,
    store: Store,
    *,
    texts: Callable[[str], Translate],
    now: Callable[[], datetime] = clock.now,
) -> list[Route]:
    """Give all routes of the map: its script and style, and the feeds.

    The actor's scope is taken from ``request.scope["grid_scope"]``, where the sign-in middleware
    puts it; without one a feed answers 401.
    """
    desk = Desk(pictures=pictures, store=store, texts=texts, now=now)
    views, words, tiles, places, plans = (
        ViewFeeds(),
        WordFeed(pictures.rulebook.kinds),
        TileFeeds(),
        PlaceFeeds(),
        PlanFeeds(),
    )
    answers = {
        "/map/view/{key}": views.view,
        "/map/shapes/{area}/{level}/{version}": views.shapes,
        "/map/incidents/{key}": views.incidents,
        "/map/heat/{key}": views.heat,
        "/map/texts/{lang}": words.texts,
        "/map/buildings/{z}/{x}/{y}": tiles.buildings,
        "/map/base/{z}/{x}/{y}": tiles.base,
        "/map/search": places.search,
        "/map/incident/{id}": places.incident,
        "/map/place/{kind}/{id}": places.place,
        "/map/plan/{id}/sheet": plans.sheet,
        "/map/plan/{id}/now": plans.now,
        "/map/plan-texts/{lang}": plans.texts,
    }
    return [
        *bundle_routes(),
        *(Route(path, feed(desk, answer), methods=["GET"]) for path, answer in answers.items()),
    ]
