"""What the feeds give, and how they refuse."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data import events, schema
from data.picture import Pictures
from data.store import Reason, Store, StoreUnavailable
from data.views import keep_view
from geo.tiles import tile_xy
from layers.bundle import script_link, style_link
from layers.feeds import map_routes
from rules.filters import IncidentFilter, View
from rules.levels import Level
from tests.data.enacted import MERGED, enacted, living
from tests.layers.conftest import Client, Hand, SignedIn
from tests.small_district import (
    ACCOUNT,
    AREA,
    BUILDING,
    CODE,
    INCIDENT,
    NOW,
    NUMBER,
    actor,
    grids_of,
    place,
    square,
)

Key = Callable[..., str]
WIDE = "bbox=100,20,110,40"


def get(client: TestClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def paths(key: str) -> list[str]:
    return [
        f"/map/view/{key}",
        "/map/shapes/1/4/1",
        f"/map/incidents/{key}?z=12&{WIDE}",
        f"/map/heat/{key}",
        "/map/texts/zh",
        "/map/buildings/16/51864/27205",
        "/map/base/12/3241/1700?v=1",
        "/map/search?q=龙井",
        "/map/incident/1",
        "/map/place/area/1",
        "/map/place/building/1",
        "/map/place/incident/1",
    ]


def test_every_feed_answers_json_to_an_account_and_nothing_to_nobody(
    client: Client, key: Key
) -> None:
    for path in paths(key()):
        assert get(client("command"), path)
        assert get(client(""), path, 401) == {"error": "signed out"}


def test_every_feed_is_conditional_and_private(client: Client, key: Key) -> None:
    for path in paths(key()):
        first = client("command").get(path)
        assert "private" in first.headers["cache-control"], path
        assert "Cookie" in first.headers["vary"], path
        again = client("command").get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304, path
        assert again.content == b""


def test_a_view_gives_figures_by_area(client: Client, key: Key) -> None:
    body = get(client("command"), f"/map/view/{key()}")
    areas = body["areas"]
    assert areas["id"] == [AREA["S1"], AREA["S2"]]
    assert areas["open"] == areas["value"]
    assert sum(areas["open"]) == 7
    assert body["place"]["code"] == CODE["D"]
    assert body["around"] is None
    assert body["breaks"] == sorted(set(areas["value"]))


@pytest.mark.parametrize(
    ("area", "level", "drawn"),
    [("D", None, ["S1", "S2"]), ("D", Level.GRID, [f"G{n}" for n in range(1, 9)]),
     ("S2", Level.COMMUNITY, ["C3", "C4"]), ("G1", None, ["G1"]),
     ("S1", Level.PROVINCE, ["C1", "C2"])],
)  # fmt: skip
def test_a_view_draws_one_level(
    client: Client, key: Key, area: str, level: Level | None, drawn: list[str]
) -> None:
    body = get(client("command"), f"/map/view/{key(area, level=level)}")
    assert body["areas"]["id"] == [AREA[name] for name in drawn]
    shapes = get(client("command"), str(body["shapes"]))
    assert [a["id"] for a in shapes["areas"]] == body["areas"]["id"]


def test_the_filter_of_a_view_recolours_without_other_shapes(client: Client, key: Key) -> None:
    narrow = IncidentFilter(kinds=("hazard",))
    one, two = (get(client("command"), f"/map/view/{k}") for k in (key(), key(filter=narrow)))
    assert one["shapes"] == two["shapes"]
    assert sum(two["areas"]["open"]) == 2


def rings(body: dict[str, Any]) -> list[shapely.Polygon]:
    (lon, lat), unit = body["origin"], body["unit"]
    found = []
    for area in body["areas"]:
        steps = area["rings"][0][0]
        xs = itertools.accumulate(steps[::2])
        ys = itertools.accumulate(steps[1::2])
        found.append(
            shapely.Polygon([(lon + x * unit, lat + y * unit) for x, y in zip(xs, ys, strict=True)])
        )
    return found


def test_shapes_come_back_as_they_are_stored(client: Client) -> None:
    body = get(client("command"), "/map/shapes/1/6/1")
    for shape, name in zip(rings(body), grids_of("D"), strict=True):
        assert shape.symmetric_difference(square(name)).area < 1e-9


def test_shapes_are_immutable_for_their_version_only(client: Client) -> None:
    answer = client("command").get("/map/shapes/1/4/1")
    assert "immutable" in answer.headers["cache-control"]
    get(client("command"), "/map/shapes/1/4/other", 400)


def test_incidents_come_as_points_while_they_are_few(client: Client, key: Key) -> None:
    body = get(client("command"), f"/map/incidents/{key()}?z=12&{WIDE}")
    assert body["mode"] == "points"
    assert body["complete"] is True
    assert body["total"] == 7
    assert set(body["number"]) == {NUMBER[f"I{n}"] for n in (1, 2, 4, 5, 7, 8, 11)}
    overdue = {n for n, late in zip(body["number"], body["overdue"], strict=True) if late}
    assert overdue == {NUMBER["I2"], NUMBER["I4"], NUMBER["I8"]}


def test_many_incidents_are_counted(
    client: Client, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.incidents.WHOLE", 3)
    monkeypatch.setattr("layers.incidents.SCREEN", 3)
    body = get(client("command"), f"/map/incidents/{key()}?z=10&{WIDE}")
    assert body["mode"] == "clusters"
    assert sum(body["clusters"]["count"]) == body["total"] == 7
    assert sum(body["clusters"]["overdue"]) == 3


def test_few_of_many_incidents_on_a_screen_are_points(
    client: Client, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.incidents.WHOLE", 3)
    path = f"/map/incidents/{key()}?z=16&bbox=104.77,29.37,104.78,29.38"
    body = get(client("command"), path)
    assert body["mode"] == "points"
    assert body["complete"] is False
    assert set(body["number"]) == {NUMBER["I1"], NUMBER["I2"]}


def test_heat_counts_every_incident(client: Client, key: Key) -> None:
    body = get(client("command"), f"/map/heat/{key(filter=IncidentFilter(status='all'))}")
    assert sum(count for _, _, count in body["points"]) == 12


def test_buildings_of_a_tile_say_what_is_open(client: Client, sqlite_district: Store) -> None:
    (x,), (y,) = (v.tolist() for v in tile_xy([104.7722], [29.37215], 16))
    body = get(client("command"), f"/map/buildings/16/{x}/{y}")
    found = {b["code"]: b for b in body["buildings"]}
    assert found["B1"]["open"] == 1
    assert found["B1"]["chief"] == "张栋长"
    assert found["B1"]["label"] == "龙井小区 1栋"


def test_a_larger_tile_holds_what_its_four_parts_hold(client: Client) -> None:
    (x,), (y,) = (v.tolist() for v in tile_xy([104.7722], [29.37215], 15))
    ask = client("command")

    def codes(zoom: int, x: int, y: int) -> list[str]:
        return [b["code"] for b in get(ask, f"/map/buildings/{zoom}/{x}/{y}")["buildings"]]

    parts = [codes(16, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1)]
    assert sorted(codes(15, x, y)) == sorted(code for part in parts for code in part)
    assert "B1" in codes(15, x, y)


def test_a_filter_counts_the_items_of_buildings_too(client: Client, key: Key) -> None:
    (x,), (y,) = (v.tolist() for v in tile_xy([104.7722], [29.37215], 16))

    def open_at(**view: Any) -> int:
        path = f"/map/buildings/16/{x}/{y}?view={key(**view)}"
        found = {b["code"]: b for b in get(client("command"), path)["buildings"]}
        count: int = found["B1"]["open"]
        return count

    assert open_at() == 1
    assert open_at(filter=IncidentFilter(kinds=("dispute",))) == 0
    get(client("command"), f"/map/buildings/16/{x}/{y}?view=0123456789abcdef01234567", 404)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/map/view/0123456789abcdef01234567", 404),
        ("/map/view/{{7*7}}", 404),
        ("/map/shapes/1/9/1", 400),
        ("/map/shapes/99/4/1", 404),
        ("/map/shapes/x/4/1", 400),
        ("/map/shapes/²/4/1", 400),
        ("/map/texts/xx", 400),
        ("/map/buildings/12/1/1", 400),
        ("/map/buildings/16/65536/1", 400),
        ("/map/base/3/1/1", 400),
        ("/map/incident/999", 404),
        ("/map/incident/99999999999999999999", 400),
        ("/map/place/person/1", 400),
        ("/map/place/building/99", 404),
    ],
)
def test_a_meaningless_question_is_refused_in_a_word(
    client: Client, path: str, status: int
) -> None:
    assert set(get(client("command"), path, status)) == {"error"}


@pytest.mark.parametrize(
    "query",
    ["", f"?z=99&{WIDE}", "?z=1", "?z=1&bbox=1,2,3", "?z=1&bbox=3,2,1,4", "?z=1&bbox=nan,1,2,3",
     "?z=1&bbox=-inf,1,2,3", "?z=-1&bbox=1,1,2,2"],
)  # fmt: skip
def test_bad_bounds_are_refused(client: Client, key: Key, query: str) -> None:
    get(client("command"), f"/map/incidents/{key()}{query}", 400)


@pytest.mark.parametrize("login", list(ACCOUNT))
def test_no_account_sees_beyond_its_area(client: Client, key: Key, login: str) -> None:
    mine = ACCOUNT[login][2]
    asking = client(login)
    for name, area_id in AREA.items():
        status = 200 if CODE[name].startswith(CODE[mine]) else 404
        get(asking, f"/map/view/{key(name)}", status)
        get(asking, f"/map/heat/{key(name)}", status)
        get(asking, f"/map/incidents/{key(name)}?z=12&{WIDE}", status)
        get(asking, f"/map/shapes/{area_id}/6/1", status)
        get(asking, f"/map/place/area/{area_id}", status)
    for n in INCIDENT.values():
        row = asking.get(f"/map/incident/{n}").status_code
        assert row == asking.get(f"/map/place/incident/{n}").status_code
        assert row == 200 or mine != "D"


def test_a_building_chief_sees_its_buildings_only(client: Client, key: Key) -> None:
    body = get(client("chief"), f"/map/incidents/{key('G1')}?z=12&{WIDE}")
    assert set(body["number"]) == {NUMBER["I1"], NUMBER["I2"]}
    get(client("chief"), f"/map/place/building/{BUILDING['B1']}")
    get(client("chief"), f"/map/place/building/{BUILDING['B3']}", 404)
    get(client("chief"), f"/map/incident/{INCIDENT['I4']}", 404)


def test_a_search_finds_within_the_scope(client: Client) -> None:
    hits = get(client("command"), "/map/search?q=龙井")["hits"]
    assert {"kind", "id", "key", "label", "detail", "lon", "lat", "bounds"} <= set(hits[0])
    assert CODE["S1"] in {h["key"] for h in hits}
    seen = get(client("lead"), "/map/search?q=网格")["hits"]
    assert {h["key"] for h in seen if h["kind"] == "area"} == {CODE["G1"]}
    assert get(client("command"), "/map/search?q=")["hits"] == []


def test_the_view_of_a_grid_that_closed_is_that_of_its_heir(
    client: Client, key: Key, sqlite_district: Store
) -> None:
    kept = key("G2")
    enacted(sqlite_district, MERGED)
    merged = living(sqlite_district)[CODE["G1"]].id
    body = get(client("command"), f"/map/view/{kept}")
    assert body == get(client("command"), f"/map/view/{keep_view(sqlite_district, View(merged))}")
    get(client("street"), f"/map/view/{kept}")


def test_a_change_moves_the_view_and_nothing_else_does(
    client: Client, key: Key, hand: Hand, sqlite_district: Store
) -> None:
    path = f"/map/view/{key()}"
    first = client("command").get(path)
    hand.forward(40)
    still = client("command").get(path, headers={"If-None-Match": first.headers["etag"]})
    assert still.status_code == 304
    with sqlite_district.write() as conn:
        row = schema.incident.c.id == INCIDENT["I1"]
        conn.execute(update(schema.incident).where(row).values(state="closed"))
        events.append(
            conn, at=NOW, actor="x", action="close", subject="incident",
            subject_id=INCIDENT["I1"], before=None, after={"state": "closed"},
        )  # fmt: skip
    moved = client("command").get(path, headers={"If-None-Match": first.headers["etag"]})
    assert moved.status_code == 200
    assert moved.json()["watermark"] > first.json()["watermark"]
    assert sum(moved.json()["areas"]["open"]) == 6


def test_what_changed_since_a_watermark_is_pointed_out(
    client: Client, key: Key, sqlite_district: Store
) -> None:
    path = f"/map/incidents/{key()}?z=12&{WIDE}"
    before = get(client("command"), path)["watermark"]
    assert get(client("command"), f"{path}&since={before}")["changed"]["lon"] == []
    for name in ("I1", "I3"):
        with sqlite_district.write() as conn:
            events.append(
                conn, at=NOW, actor="x", action="note", subject="incident",
                subject_id=INCIDENT[name], before=None, after=None,
            )  # fmt: skip
    changed = get(client("command"), f"{path}&since={before}")["changed"]
    assert list(zip(changed["lon"], changed["lat"], strict=True)) == [place("I1")]
    assert get(client("street"), f"/map/incidents/{key('S1')}?z=12&{WIDE}&since={before}")


def test_what_falls_due_shows_without_an_event(client: Client, key: Key, hand: Hand) -> None:
    path = f"/map/view/{key()}"
    before = get(client("command"), path)["areas"]["overdue"]
    hand.forward(5 * 3600)
    after = get(client("command"), path)["areas"]["overdue"]
    assert sum(after) == sum(before) + 1


class Away(Pictures):
    """Pictures of a store that cannot be asked."""

    def current(self, now: object) -> object:
        reason: Reason = "locked"
        raise StoreUnavailable(reason, f"secret {now}")


class Broken(Pictures):
    """Pictures that fail in a way that nobody foresaw."""

    def current(self, now: object) -> object:
        msg = f"secret {now}"
        raise RuntimeError(msg)


@pytest.mark.parametrize(("pictures", "status"), [(Away, 503), (Broken, 500)])
def test_failures_are_told_in_a_word_without_the_inside(
    sqlite_district: Store, key: Key, pictures: type[Pictures], status: int
) -> None:

    routes = map_routes(pictures(sqlite_district), sqlite_district, texts=lambda _: str)
    client = TestClient(SignedIn(Starlette(routes=routes), sqlite_district, actor("command")))
    for path in paths(key()):
        if "texts" not in path:
            answer = client.get(path)
            assert answer.status_code == status, path
            assert "secret" not in answer.text
            assert answer.headers["cache-control"] == "no-store"


def test_words_are_those_of_the_language(client: Client) -> None:
    zh, en = (get(client("command"), f"/map/texts/{lang}") for lang in ("zh", "en"))
    assert zh["kinds"]["hazard"] == "安全隐患"
    assert en["levels"]["6"] == "Grid"
    assert zh["texts"]["legend"] == "LEGEND"


def test_script_and_style_are_kept_for_a_year_under_their_digest(client: Client) -> None:
    for link, media in ((script_link(), "javascript"), (style_link(), "css")):
        answer = client("").get(link)
        assert media in answer.headers["content-type"]
        assert "immutable" in answer.headers["cache-control"]
        other = client("").get(link.replace(link.split(".")[1], "0" * 16))
        assert other.headers["cache-control"] == "no-store"
