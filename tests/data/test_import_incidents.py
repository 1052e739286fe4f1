"""Points lie in the square of one hundredth of a degree from 104.77 E, 29.37 N, or beside it."""

from datetime import UTC, datetime

import numpy as np
import pytest
import shapely

from data.importers.incidents import Places, Rules, plan_incidents, raw_points
from data.importers.known import Known, KnownArea
from data.rulebook import parse_rulebook
from rules.deadlines import WorkingCalendar, due_at
from rules.kinds import Severity
from rules.levels import Level

NOW = datetime(2026, 6, 17, 4, tzinfo=UTC)
AREAS = (
    KnownArea(1, None, Level.DISTRICT, "510304", "大安区", shapely.box(104.77, 29.37, 104.8, 29.4)),
    KnownArea(2, 1, Level.GRID, "g1", "一号", shapely.box(104.77, 29.37, 104.78, 29.38)),
)
GOOD = {"number": "1", "reported_at": "2026-06-01 08:00", "lon": "104.775", "lat": "29.375"}


def plan(*rows, places=None, taken=(), known=None, **rules):
    names = {name for row in rows for name in row}
    columns = {name: [row.get(name, "") for row in rows] for name in names}
    raw = raw_points(columns, len(rows))
    return plan_incidents(
        raw, raw, columns, list(range(2, len(rows) + 2)), known=known or Known(AREAS),
        places=places or Places(), taken=frozenset(taken), rules=Rules(now=NOW, **rules),
    )  # fmt: skip


def only(outcome):
    assert outcome.refused == ()
    return outcome.rows[0]


def test_a_plain_row_gets_all_that_our_rules_decide():
    row = only(plan({**GOOD, "kind": "安全隐患"}))
    reported = datetime(2026, 6, 1, 0, tzinfo=UTC)
    due = due_at("hazard", Severity.SERIOUS, reported, WorkingCalendar())
    assert row["area_id"] == 2
    assert row["place"] == "exact"
    assert row["state"] == "reported"
    assert row["reported_at"] == int(reported.timestamp())
    assert row["due_at"] == int(due.timestamp())
    assert (row["severity"], row["effort_minutes"], row["source"]) == (3, 60, "import")
    assert row["title"] == "安全隐患"


def test_the_rules_of_the_district_fill_what_the_file_leaves_open():
    book = parse_rulebook("""
        [kinds.hazard.subkinds]
        gas = { severity = "serious", resolve = "2 h clock", effort_minutes = 90, body = "fire" }
    """)
    row = only(plan({**GOOD, "kind": "安全隐患", "subkind": "燃气隐患"}, rulebook=book))
    assert row["due_at"] - row["reported_at"] == 7200
    assert (row["severity"], row["effort_minutes"], row["body"]) == (3, 90, "fire")


@pytest.mark.parametrize(
    ("cells", "state"),
    [({"closed_at": "2026-06-02"}, "closed"), ({}, "reported"),
     ({"closed_at": "2026-06-02", "state": "已评价"}, "evaluated"),
     ({"state": "处置中"}, "in_progress"), ({"state": "weird"}, "reported")],
)  # fmt: skip
def test_the_state_follows_its_word_else_the_closing_time(cells, state):
    row = only(plan({**GOOD, **cells}))
    assert row["state"] == state
    if state == "closed":
        assert row["resolved_at"] == row["closed_at"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"number": ""}, "number", "missing"),
        ({"number": "taken"}, "number", "duplicate_number"),
        ({"number": "9" * 41}, "number", "too_long"),
        ({"lon": "0", "lat": "0"}, "lon", "null_island"),
        ({"lon": "", "lat": ""}, "lon", "no_place"),
        ({"lon": "east"}, "lon", "not_a_number"),
        ({"lon": "104.775", "lat": "29..3"}, "lat", "not_a_number"),
        ({"lon": "116.4", "lat": "39.9"}, "lon", "far_away"),
        ({"reported_at": ""}, "reported_at", "missing"),
        ({"reported_at": "soon"}, "reported_at", "not_a_time"),
        ({"reported_at": "2027-01-01"}, "reported_at", "in_future"),
        ({"closed_at": "2026-05-01"}, "closed_at", "closed_before_reported"),
    ],
)
def test_each_fault_refuses_its_row_with_column_and_reason(cells, column, reason):
    outcome = plan({**GOOD, **cells}, {**GOOD, "number": "2"}, taken=["taken"])
    assert [(r.row, r.column, r.reason) for r in outcome.refused] == [(2, column, reason)]
    assert [r["number"] for r in outcome.rows] == ["2"]


def test_the_second_of_two_equal_numbers_is_refused():
    outcome = plan(GOOD, GOOD)
    assert [(r.row, r.reason) for r in outcome.refused] == [(3, "duplicate_number")]


def test_a_point_in_no_area_stays_at_the_root_and_is_counted():
    outcome = plan({**GOOD, "lon": "104.9"})
    row = only(outcome)
    assert (row["area_id"], row["place"]) == (1, "outside")
    assert {n.key: n.values["n"] for n in outcome.notes}["outside"] == 1


def test_a_point_in_the_district_but_in_no_grid_works_one_level_up():
    row = only(plan({**GOOD, "lon": "104.79"}))
    assert (row["area_id"], row["place"]) == (1, "exact")


def test_rows_without_a_point_are_placed_by_their_codes():
    places = Places({"g1": (2, 104.7751, 29.3751)}, {"b1": (7, 104.7752, 29.3752, 2)})
    blank = {**GOOD, "lon": "", "lat": ""}
    row = only(plan({**blank, "area_code": "g1"}, places=places))
    assert (row["place"], row["area_id"], row["lon"]) == ("grid", 2, 104.7751)
    row = only(plan({**blank, "building_code": "b1", "area_code": "g1"}, places=places))
    assert (row["place"], row["building_id"], row["lat"]) == ("building", 7, 29.3752)


def test_unknown_kinds_become_other_with_their_words_kept_and_counted():
    outcome = plan({**GOOD, "kind": "Potholes"}, kinds={})
    row = only(outcome)
    assert (row["kind"], row["subkind"], row["title"]) == ("other", "Potholes", "Potholes")
    assert {n.key for n in outcome.notes} == {"unknown_kind"}
    mapped = only(plan({**GOOD, "kind": "Potholes"}, kinds={"potholes": "environment"}))
    assert (mapped["kind"], mapped["subkind"]) == ("environment", "Potholes")


def test_every_row_is_either_written_or_refused():
    rows = [{**GOOD, "number": str(i), "lon": str(104.7 + i / 100)} for i in range(60)]
    outcome = plan(*rows)
    assert len(outcome.rows) + len(outcome.refused) == 60
    assert np.all([r["area_id"] in (1, 2) for r in outcome.rows])
