"""Who may look at whose assessment, on the screen and in the file."""

import io
from datetime import timedelta

import openpyxl
import pytest

from data.assessment import assess
from data.assessment_view import allowed, offered
from data.exporters import export_assessment
from data.picture import Pictures
from data.store import Store
from rules.access import Actor, OutsideScope, Role, Scope
from rules.rulebook import DEFAULT
from tests.small_district import AREA, NOW, PERSON, actor


@pytest.fixture
def picture(sqlite_district: Store):
    return Pictures(sqlite_district).current(NOW)


def test_each_account_is_offered_what_lies_in_its_area(picture) -> None:
    assert offered(picture, actor("command")) == ("street", "community", "grid", "person", "body")
    assert offered(picture, actor("community")) == ("community", "grid", "person", "body")
    assert offered(picture, actor("lead")) == ("person", "grid")


def test_grid_staff_see_themselves_and_nobody_else(picture) -> None:
    lead = actor("lead")
    assert allowed(picture, lead, "person") == {PERSON["lead of G1"]}
    assert allowed(picture, lead, "grid") == {AREA["G1"]}
    assert allowed(picture, lead, "body") == frozenset()
    assert allowed(picture, actor("street"), "person") is None


def test_the_legal_centre_sees_its_own(picture) -> None:
    legal = Actor(99, "legal", "法务", Role.LEGAL, AREA["D"])
    assert offered(picture, legal) == ("person", "body")
    assert allowed(picture, legal, "person") == frozenset()
    assert allowed(picture, legal, "body") == {"legal_centre"}


def test_the_file_holds_only_whom_one_may_see_with_counts_beside_shares(
    sqlite_district: Store, picture
) -> None:
    def rows(only):
        body, _, name = export_assessment(
            sqlite_district, picture, scope=Scope(AREA["D"]), area_id=AREA["D"], by="person",
            only=only, since=NOW - timedelta(days=365), until=NOW, now=NOW, rulebook=DEFAULT,
            form="xlsx", locale="zh",
        )  # fmt: skip
        assert name == "考核.xlsx"
        return list(openpyxl.load_workbook(io.BytesIO(body)).active.values)

    head, *everybody = rows(None)
    assert len(everybody) == 11
    assert head[:5] == ("对象", "按时响应率", "按时响应率分子", "按时响应率分母", "按时响应率评判")
    _, mine = rows(frozenset({PERSON["worker of G1"]}))
    assert mine[0] == "赵网格员"
    assert len(mine) == len(head)


def test_some_people_are_assessed_as_they_are_among_all(sqlite_district: Store, picture) -> None:
    def rows(only):
        return assess(
            sqlite_district, picture, scope=Scope(AREA["D"]), area_id=AREA["D"], by="person",
            since=NOW - timedelta(days=365), until=NOW, now=NOW, rulebook=DEFAULT, only=only,
        )  # fmt: skip

    mine = frozenset({PERSON["worker of G1"], PERSON["lead of G5"]})
    assert rows(mine) == [row for row in rows(None) if row.key in mine]
    assert rows(frozenset()) == []


def test_the_file_keeps_to_the_scope(sqlite_district: Store, picture) -> None:
    with pytest.raises(OutsideScope):
        export_assessment(
            sqlite_district, picture, scope=Scope(AREA["S1"]), area_id=AREA["S2"], by="grid",
            only=None, since=NOW, until=NOW, now=NOW, rulebook=DEFAULT, form="csv", locale="en",
        )  # fmt: skip
