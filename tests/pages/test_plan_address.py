"""What the URL of a plan's page says survives the way into it and out of it."""

from hypothesis import given
from hypothesis import strategies as st

from pages._plan_address import TABS, PlanAddress
from pages._plan_force import seen_at
from rules.plan_log import Record

ADDRESSES = st.builds(
    PlanAddress,
    plan=st.integers(0, 10**9),
    tab=st.sampled_from(TABS),
    grid=st.sampled_from(["", "g12", "n3"]),
    seq=st.none() | st.integers(0, 10**6),
    proposal=st.sampled_from(["", "65868273000700000000010001"]),
)


@given(ADDRESSES)
def test_an_address_is_read_back_as_it_was_written(address: PlanAddress) -> None:
    assert PlanAddress.from_query(address.to_query()) == address


@given(st.dictionaries(st.sampled_from(["plan", "tab", "grid", "seq", "proposal"]), st.text()))
def test_any_query_is_survived(query: dict[str, str]) -> None:
    address = PlanAddress.from_query(query)
    assert address.tab in TABS
    assert address.plan >= 0


def test_what_was_seen_is_found_again_after_others_drew() -> None:
    """Versions count every record: two edits, one undone by somebody else.

    Made (version 1), edit 1 (2), edit 2 (3), undo to 1 (4).
    """
    log = (
        Record(1, "edit", 0, 1, {}), Record(2, "edit", 1, 2, {}), Record(3, "walk", 2, 1, {}),
    )  # fmt: skip
    assert [seen_at(log, version, 4) for version in (1, 2, 3, 4)] == [0, 1, 2, None]
