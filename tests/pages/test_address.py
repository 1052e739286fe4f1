"""The URL is the page's only memory: it survives any input and comes back unchanged."""

from hypothesis import given
from hypothesis import strategies as st

from pages._address import CLASSINGS, Address
from rules.figures import FIGURES
from rules.filters import QUERY_NAMES, STATUSES, IncidentFilter
from rules.kinds import KINDS
from rules.levels import Level

codes = st.text("0123456789ABC-", max_size=20).map(str.strip)
addresses = st.builds(
    Address, at=codes, area=codes, building=codes, incident=codes,
    level=st.none() | st.sampled_from(Level), figure=st.sampled_from(sorted(FIGURES)),
    classing=st.sampled_from(CLASSINGS),
    filter=st.builds(
        IncidentFilter, status=st.sampled_from(STATUSES), overdue=st.booleans(),
        kinds=st.sets(st.sampled_from(sorted(KINDS))).map(
            lambda chosen: tuple(k for k in KINDS if k in chosen)
        ),
    ),
)  # fmt: skip


@given(addresses)
def test_an_address_survives_the_url(address: Address) -> None:
    again = Address.from_query(address.to_query())
    selected = address.area if address.area != address.at else ""
    assert again.to_query() == address.to_query()
    assert (again.at, again.area, again.filter) == (address.at, selected, address.filter)


names = st.sampled_from(["at", "area", "level", "figure", "classing", "incident", *QUERY_NAMES])


@given(st.dictionaries(names | st.text(max_size=8), st.text(max_size=80)))
def test_no_url_breaks_the_page(query: dict[str, str]) -> None:
    once = Address.from_query(query)
    assert Address.from_query(once.to_query()).to_query() == once.to_query()


def test_the_default_view_needs_no_parameters() -> None:
    assert Address().to_query() == {}


def test_drilling_forgets_what_was_selected_but_keeps_the_filter() -> None:
    chosen = IncidentFilter(overdue=True)
    address = Address(at="D", area="S1", incident="I1", level=Level.GRID, filter=chosen)
    assert address.drilled("S1") == Address(at="S1", filter=chosen)


def test_closing_steps_out_from_incident_to_building_to_area() -> None:
    address = Address(at="D", area="G1", building="B1", incident="I1")
    assert address.closed() == Address(at="D", area="G1", building="B1")
    assert address.closed().closed() == Address(at="D", area="G1")
    assert address.closed().closed().closed() == Address(at="D")
