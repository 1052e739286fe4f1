"""Codes of new grids: the next free number of the community, and never one that was in use."""

from hypothesis import given
from hypothesis import strategies as st

from rules.grid_codes import next_codes

C = "510304001001"


def codes(*siblings: str, many: int = 1, taken: tuple[str, ...] = ()) -> list[str]:
    return next_codes(C, siblings=siblings, taken=(*siblings, *taken), many=many)


def test_numbers_go_on_after_the_largest_also_of_grids_that_are_closed() -> None:
    assert codes(f"{C}001", f"{C}004", many=2) == [f"{C}005", f"{C}006"]
    assert codes() == [f"{C}001"]


def test_a_code_of_another_area_is_left_out() -> None:
    assert codes(f"{C}001", taken=(f"{C}002",)) == [f"{C}003"]


def test_after_999_come_the_gaps_and_then_longer_numbers() -> None:
    full = [f"{C}{n:03d}" for n in range(1, 1000) if n != 500]
    assert codes(*full, many=3) == [f"{C}500", f"{C}1000", f"{C}1001"]


def test_codes_of_another_form_are_continued_in_it() -> None:
    assert codes("W-01", "W-02", "东片") == ["W-03"]
    assert codes("东片", "西片") == [f"{C}-001"]


@given(
    st.lists(st.text("0123456789-W", min_size=1, max_size=4), unique=True, max_size=30),
    st.integers(0, 20),
)
def test_codes_are_new_and_all_different(siblings: list[str], many: int) -> None:
    found = codes(*siblings, *(f"{C}{s}" for s in siblings), many=many)
    assert len(set(found)) == many
    assert not {*found} & {*siblings, *(f"{C}{s}" for s in siblings)}
