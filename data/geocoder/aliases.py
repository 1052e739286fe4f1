"""What people call a place: taught once by whoever placed it by hand, found ever after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from data import events, schema
from data.admission import BUILDING, admit_place
from data.geocoder.address import read_address
from data.geocoder.area_words import AreaWords
from data.geocoder.gazetteer import Gazetteer
from data.geocoder.sites import Draft
from data.picture import Picture
from data.store import Store
from rules.access import Actor, OutsideScope, Scope

ALIAS: Final = "alias"
_LONGEST: Final = 60


class NothingToTeach(ValueError):
    """The words name no place of their own: 3栋 is in every estate, 大安区 is an area already."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Alias:
    """What was taught: the words and the place they stand for."""

    id: int
    text: str
    label: str
    building_id: int | None
    area_id: int
    lon: float
    lat: float
    version: int


_A, _B = schema.alias.c, schema.building.c
_ALL = select(_A.id, _A.label, _A.building_id, _A.area_id, _A.lon, _A.lat).order_by(_A.id)
_SAME = select(_A.id, _A.label, _A.building_id, _A.area_id, _A.lon, _A.lat, _A.version).where(
    _A.text == bindparam("of_text"), _A.area_id == bindparam("of_area")
)
_BUILDING = select(_B.area_id, _B.lon, _B.lat).where(_B.id == bindparam("of_id"))
_PUT = insert(schema.alias).returning(_A.id)
_CHANGE = (
    update(schema.alias)
    .where(_A.id == bindparam("of_id"))
    .values(
        label=bindparam("new_label"), building_id=bindparam("new_building"),
        lon=bindparam("new_lon"), lat=bindparam("new_lat"), actor=bindparam("new_actor"),
        version=bindparam("new_version"),
    )
)  # fmt: skip
_TOLD: Final = ("label", "building_id", "area_id", "lon", "lat")


def aliases_of(picture: Picture, store: Store) -> Gazetteer:
    """Gazetteer of all that was taught up to a picture."""

    def make() -> Gazetteer:
        draft = Draft(AreaWords(picture.tree))
        with store.read() as conn:
            for row in conn.execute(_ALL):
                number = picture.tree.places.get(row.area_id)
                if number is not None:
                    place = (row.building_id or 0, number, row.lon, row.lat)
                    draft.add_alias(row.id, row.label, place)
        return Gazetteer.of(draft)

    return picture.memo.get((ALIAS, picture.watermark), make)


def teach_alias(  # noqa: PLR0913 - who calls which place what, and when
    store: Store, picture: Picture, *, scope: Scope, actor: Actor, text: str, now: datetime,
    building_id: int | None = None, area_id: int | None = None,
    lon: float | None = None, lat: float | None = None,
) -> Alias:  # fmt: skip
    """Remember what a place is called, with its event in one transaction.

    The place is a building, else a point, else an area. Taught again in the same area, the words
    move to the new place; in another area they get a second meaning, and neither is then
    accepted without asking.

    Raises
    ------
    OutsideScope
        If the scope does not hold the place.
    NothingToTeach
        If the words hold no name, or only that of an area.
    """
    with store.write() as conn:
        return taught(
            conn, picture, scope=scope, actor=actor, text=text, now=now,
            place=(building_id, area_id, lon, lat),
        )  # fmt: skip


def taught(  # noqa: PLR0913 - as teach_alias, inside a transaction
    conn: Connection, picture: Picture, *, scope: Scope, actor: Actor, text: str, now: datetime,
    place: "Place",
) -> Alias:  # fmt: skip
    """Remember what a place is called inside the caller's transaction; see :func:`teach_alias`."""
    label = text.strip()[:_LONGEST]
    address = read_address(label)
    words = AreaWords(picture.tree)
    if not any(len(n) > 1 and words.bare(n) not in words.numbers for n in address.names):
        raise NothingToTeach(text)
    building_id = place[0]
    area, point = _place(conn, picture, scope, place)
    row = {
        "text": address.text, "label": label, "building_id": building_id, "area_id": area,
        "lon": point[0], "lat": point[1], "actor": actor.login,
    }  # fmt: skip
    before = conn.execute(_SAME, {"of_text": address.text, "of_area": area}).one_or_none()
    version = before.version + 1 if before else 1
    if before:
        alias_id = int(before.id)
        conn.execute(_CHANGE, {
            "of_id": alias_id, "new_label": label, "new_building": building_id,
            "new_lon": point[0], "new_lat": point[1], "new_actor": actor.login,
            "new_version": version,
        })  # fmt: skip
    else:
        put = {**row, "created_at": int(now.timestamp()), "version": 1}
        alias_id = int(conn.execute(_PUT, put).scalar_one())
    events.append(
        conn, at=now, actor=actor.login, action="teach", subject=ALIAS, subject_id=alias_id,
        before={name: getattr(before, name) for name in _TOLD} if before else None,
        after={name: row[name] for name in _TOLD},
    )  # fmt: skip
    return Alias(alias_id, address.text, label, building_id, area, *point, version)


Place = tuple[int | None, int | None, float | None, float | None]
"""Building, area, longitude and latitude, of which some are given."""


def _place(
    conn: Connection, picture: Picture, scope: Scope, place: Place
) -> tuple[int, tuple[float, float]]:
    """Area and point of the place to be taught."""
    building_id, area_id, lon, lat = place
    if building_id is not None:
        found: Any = conn.execute(_BUILDING, {"of_id": building_id}).one_or_none()
        if found is None:
            raise OutsideScope(BUILDING)
        admit_place(picture, scope, found.area_id, building_id, BUILDING)
        return int(found.area_id), (float(found.lon), float(found.lat))
    if lon is not None and lat is not None:
        number = picture.atlas.deepest(lon, lat)
        if number is None:
            raise OutsideScope(ALIAS)
        area = picture.tree.areas[number]
        admit_place(picture, scope, area.id, None, ALIAS)
        return area.id, (lon, lat)
    if area_id is None:
        raise OutsideScope(ALIAS)
    picture.tree.admit(scope, area_id)
    admit_place(picture, scope, area_id, None, ALIAS)
    area = picture.tree.get(area_id)
    return area.id, (area.lon, area.lat)
