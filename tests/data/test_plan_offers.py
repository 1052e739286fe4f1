"""The key of a proposal says which one it is, as long as the plan is not redrawn."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.plan_offers import Offer, UnknownOffer, as_offered, key_of, offer_of, offered, offers
from data.plan_proposals import Ask
from tests.small_plan import small_sheet, state_of

ASKS = st.builds(
    Ask,
    grids=st.none() | st.integers(1, 60_000),
    source=st.sampled_from(["present", "afresh"]),
    estates=st.sampled_from(["whole", "as_drawn", "free"]),
    barriers=st.sampled_from(["heeded", "free"]),
)
FREE = Ask(grids=2, source="present", estates="free", barriers="free")
UNEVEN = ("g21", "g22", "g22", "g22", "g21", "g22", "g22", "g22")
"""West has 200 households, east 600."""


@given(ASKS, st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1))
def test_a_key_is_read_back_as_it_was_made(ask: Ask, seed: int, index: int) -> None:
    sheet, offer = small_sheet(), Offer(ask, seed, index)
    key = key_of(sheet, offer)
    assert offer_of(sheet, key) == offer
    assert set(key) <= set("0123456789abcdef")


@given(st.text(max_size=64))
def test_any_other_text_is_no_key(text: str) -> None:
    with pytest.raises(UnknownOffer):
        offer_of(small_sheet(), text)


def test_a_key_ends_when_the_plan_is_redrawn() -> None:
    key = key_of(small_sheet(), Offer(FREE, 1, 0))
    with pytest.raises(UnknownOffer):
        offer_of(small_sheet(UNEVEN), key)


def test_the_sheet_as_offered_has_the_grids_of_the_proposal() -> None:
    sheet = small_sheet(UNEVEN, start=state_of(UNEVEN))
    found = offers(sheet, FREE, seed=1)
    key = key_of(sheet, Offer(FREE, 1, 0))
    assert offered(sheet, key) is found[0]
    assert as_offered(sheet, key).state.cells == dict(found[0].cells)
    assert sheet.state.cells == dict(enumerate(UNEVEN, 1))


def test_a_number_beyond_the_proposals_is_unknown() -> None:
    sheet = small_sheet(UNEVEN, start=state_of(UNEVEN))
    with pytest.raises(UnknownOffer):
        offered(sheet, key_of(sheet, Offer(FREE, 1, 60_000)))


@pytest.mark.parametrize("grids", [0, 60_000])
def test_so_many_grids_as_there_is_no_land_for_were_never_offered(grids: int) -> None:
    sheet = small_sheet()
    with pytest.raises(UnknownOffer):
        as_offered(sheet, key_of(sheet, Offer(Ask(grids=grids), 1, 0)))


def test_a_key_ends_when_a_building_is_registered() -> None:
    sheet = small_sheet()
    key = key_of(sheet, Offer(FREE, 1, 0))
    cell = replace(sheet.ground.cells[1], households=sheet.ground.cells[1].households + 9)
    ground = replace(sheet.ground, cells={**sheet.ground.cells, 1: cell})
    with pytest.raises(UnknownOffer):
        offer_of(replace(sheet, ground=ground), key)
