"""Heirs, lineage and seats: what follows on what when grids are redrawn."""

from hypothesis import given
from hypothesis import strategies as st

from rules.succession import Lineage, Share, charged, heirs, lineage_of, seat

SHARES = (
    Share("g1", "g1", 10, 5.0), Share("g1", "n1", 90, 9.0),  # lives on, though most went away
    Share("g2", "g3", 40, 1.0), Share("g2", "n1", 60, 9.0),  # is gone
    Share("g3", "g3", 50, 5.0), Share("g3", "g1", 0, 2.0),
)  # fmt: skip
LABELS = {"g1", "g3", "n1"}


def test_a_grid_that_lives_on_is_its_own_heir_else_who_got_most_homes() -> None:
    assert heirs(SHARES, LABELS) == {"g1": "g1", "g2": "n1", "g3": "g3"}


def test_land_decides_between_equal_homes() -> None:
    tied = (Share("g1", "g2", 30, 4.0), Share("g1", "g3", 30, 6.0))
    assert heirs(tied, {"g2", "g3"}) == {"g1": "g3"}


def test_every_share_has_one_name() -> None:
    heir = heirs(SHARES, LABELS)
    assert [lineage_of(share, heir[share.before]) for share in SHARES] == [
        Lineage.KEPT, Lineage.SPLIT, Lineage.TRANSFERRED, Lineage.MERGED, Lineage.KEPT,
        Lineage.TRANSFERRED,
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from(["g1", "g2", "n1"]), st.integers(0, 50)))
def test_no_grid_has_more_of_a_chiefs_homes_than_the_seat(homes: dict[str, int]) -> None:
    found = seat(homes, "g1")
    assert homes.get(found, 0) == max(homes.values(), default=0)
    if not homes or homes.get("g1") == max(homes.values()):
        assert found == "g1"


def test_a_post_that_is_open_is_nobodys() -> None:
    assert [charged(entry) for entry in ("p31", "n2", "")] == [31, None, None]
