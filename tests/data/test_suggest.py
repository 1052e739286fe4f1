import pytest

from data.picture import Pictures
from data.suggest import suggest, suggest_all
from rules.access import OutsideScope, Scope
from tests.small_district import AREA, BUILDING, NOW, NUMBER, PERSON

DISTRICT = Scope(AREA["D"])


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def names(store, picture, key, scope=DISTRICT, limit=20):
    found = suggest(store, picture, scope=scope, number=NUMBER[key], now=NOW, limit=limit)
    return [one.person_id for one in found]


def test_the_own_grid_comes_first_then_the_community_and_the_street(district, picture):
    found = suggest(district, picture, scope=DISTRICT, number=NUMBER["I4"], now=NOW, limit=20)
    assert [one.reasons[0] for one in found] == (
        ["own_grid"] + ["same_community"] * 2 + ["same_street"] * 2 + ["farther"] * 4
    )  # fmt: skip
    assert found[0].person_id == PERSON["lead of G2"]
    assert found[0].distance == 0
    assert 500 < found[1].distance < 2500
    assert all(one.reasons[1] in {"spare", "balanced", "overloaded"} for one in found)


def test_the_lower_load_comes_first_within_a_grid(district, picture):
    found = suggest(district, picture, scope=DISTRICT, number=NUMBER["I4"], now=NOW, limit=20)
    [one, other] = [p for p in found if p.reasons[0] == "same_community"]
    assert one.ratio < other.ratio


def test_who_holds_it_already_is_not_suggested(district, picture):
    assert PERSON["worker of G1"] not in names(district, picture, "I1")


def test_a_chief_is_suggested_for_the_own_buildings_and_fitting_kinds(district, picture):
    assert PERSON["chief of B1"] in names(district, picture, "I2")
    assert PERSON["chief of B1"] not in names(district, picture, "I4")
    assert PERSON["chief of B5"] not in names(district, picture, "I8")


def test_only_people_of_the_scope_are_suggested(district, picture):
    found = names(district, picture, "I2", Scope(AREA["G1"]))
    assert set(found) == {PERSON["worker of G1"], PERSON["chief of B1"]}
    narrow = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
    assert PERSON["lead of G2"] not in names(district, picture, "I2", narrow)


def test_an_incident_outside_the_scope_has_no_suggestions(district, picture):
    for number in (NUMBER["I8"], "?"):
        with pytest.raises(OutsideScope):
            suggest(district, picture, scope=Scope(AREA["G1"]), number=number, now=NOW)


def test_many_at_once_are_suggested_as_one_by_one(district, picture):
    numbers = [NUMBER["I1"], NUMBER["I5"]]
    found = suggest_all(district, picture, scope=DISTRICT, numbers=numbers, now=NOW)
    for number in numbers:
        alone = suggest(district, picture, scope=DISTRICT, number=number, now=NOW)
        assert found[number] == alone
