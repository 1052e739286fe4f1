"""What the codes of a URL lead to, also after the grids that they name were redrawn."""

from data.picture import Pictures
from data.store import Store
from pages._address import Address
from pages._desk import find_place
from rules.access import Scope
from tests.data.enacted import MERGED, enacted, living
from tests.small_district import AREA, CODE, NOW


def test_a_bookmark_of_a_merged_grid_leads_to_the_one_it_went_into(sqlite_district: Store) -> None:
    enacted(sqlite_district, MERGED)
    tree = Pictures(sqlite_district).current(NOW).tree
    merged = living(sqlite_district)[CODE["G1"]].id
    found = find_place(tree, Scope(AREA["D"]), Address(at=CODE["C1"], area=CODE["G2"]))
    assert (found.at.id, found.area.id, found.lost) == (AREA["C1"], merged, False)
    other = find_place(tree, Scope(AREA["S2"]), Address(area=CODE["G2"]))
    assert (other.area.id, other.lost) == (AREA["S2"], True)
