import pytest
import shapely
from sqlalchemy import update

from data import schema
from data.nearby import similar_incidents
from data.picture import Pictures
from geo.crs import STORE_CRS, metric_crs, transform
from rules.access import OutsideScope, Scope
from rules.lifecycle import State
from tests.small_district import AREA, BUILDING, INCIDENT, NOW, place

DISTRICT = Scope(AREA["D"])


def similar(
    store, *, at="I1", kind="hazard", subkind="fire_lane", title="", scope=DISTRICT, **more
):
    lon, lat = place(at)
    picture = Pictures(store).current(NOW)
    return similar_incidents(
        store, picture, scope=scope, kind=kind, subkind=subkind, lon=lon, lat=lat, title=title,
        now=NOW, **more,
    )  # fmt: skip


def keys(found):
    names = {n: key for key, n in INCIDENT.items()}
    return [names[s.row.id] for s in found]


def change(store, incident, **values):
    with store.write() as conn:
        conn.execute(
            update(schema.incident).where(schema.incident.c.id == INCIDENT[incident]).values(values)
        )


def test_the_same_problem_at_the_same_place_comes_first(district):
    found = similar(district, title="消防通道堵塞")
    assert keys(found)[0] == "I1"
    assert found[0].metres == 0
    assert set(found[0].reasons) >= {"near", "kind", "subkind", "open"}
    assert found[0].score > 0.6


def test_distance_is_measured_in_metres_on_the_ground(sqlite_district):
    points = transform(shapely.points([place("I1"), place("I2")]), STORE_CRS, metric_crs(104.77))
    between = shapely.distance(*points)
    change(sqlite_district, "I2", kind="hazard")
    assert 60 < between < 80
    (_, second) = similar(sqlite_district, metres=between + 0.1)
    assert second.metres == pytest.approx(between, abs=0.1)
    assert len(similar(sqlite_district, metres=between - 0.1)) == 1


def test_what_is_only_near_is_no_duplicate(sqlite_district):
    assert keys(similar(sqlite_district)) == ["I1"]


def test_a_like_title_or_the_same_building_speaks_for_another_kind(sqlite_district):
    with sqlite_district.read() as conn:
        title = (
            conn.execute(schema.incident.select().where(schema.incident.c.id == INCIDENT["I2"]))
            .one()
            .title
        )
    assert "title" in similar(sqlite_district, title=title, metres=100)[1].reasons
    found = similar(sqlite_district, building_id=BUILDING["B2"])
    assert keys(found) == ["I1", "I2"]
    assert "building" in found[1].reasons


def test_open_ones_of_any_age_and_closed_ones_of_late_are_found(sqlite_district):
    asked = {"at": "I3", "kind": "public_service", "subkind": "certificate"}
    assert keys(similar(sqlite_district, **asked)) == ["I3"]
    assert "open" not in similar(sqlite_district, **asked)[0].reasons
    assert keys(similar(sqlite_district, **asked, days=5)) == []
    assert keys(similar(sqlite_district, at="I2", kind="dispute", subkind="noise", days=1)) == [
        "I2"
    ]


def test_what_was_merged_into_another_is_left_out(sqlite_district):
    change(sqlite_district, "I1", state=State.MERGED.value)
    assert similar(sqlite_district) == []


def test_nobody_is_told_of_what_the_scope_does_not_hold(sqlite_district):
    assert similar(sqlite_district, scope=Scope(AREA["G2"])) == []
    chief = Scope(AREA["G1"], frozenset({BUILDING["B2"]}))
    assert similar(sqlite_district, scope=chief) == []
    assert keys(similar(sqlite_district, at="I2", kind="dispute", scope=chief)) == ["I2"]
    with pytest.raises(OutsideScope):
        similar(sqlite_district, scope=Scope(999))


def test_never_more_than_asked_for_best_first(sqlite_district):
    found = similar(sqlite_district, metres=100_000, title="隐患")
    assert keys(found) == ["I1", "I4", "I9"]
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert len(similar(sqlite_district, metres=100_000, limit=2)) == 2
    assert similar(sqlite_district, metres=0, at="I10") == []
