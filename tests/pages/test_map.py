"""What happens on the map leads where it should and touches only what it must."""

import ast
from pathlib import Path

import pytest

from layers.events import Changed, Cleared, Drilled, Selected
from pages._address import Address
from pages._desk import ALL, FIGURES, PANEL
from pages._map import moved

AT = Address(at="D", area="S1", building="B1")


@pytest.mark.parametrize(
    ("event", "leads_to", "parts"),
    [
        (Selected("area", "S2"), Address(at="D", area="S2"), (PANEL,)),
        (Selected("building", "B2"), Address(at="D", area="S1", building="B2"), (PANEL,)),
        (
            Selected("incident", "I1"),
            Address(at="D", area="S1", building="B1", incident="I1"),
            (PANEL,),
        ),
        (Drilled("S2"), Address(at="S2"), ALL),
        (Cleared(), Address(at="D"), (PANEL,)),
        (Changed(7), AT, (FIGURES, PANEL)),
    ],
)
def test_an_event_leads_to_an_address(
    event: object, leads_to: Address, parts: tuple[str, ...]
) -> None:
    assert moved(AT, (event,)) == (leads_to, parts)


def test_a_change_and_a_click_together_lose_nothing() -> None:
    address, parts = moved(AT, (Changed(7), Selected("area", "S2")))
    assert address.area == "S2"
    assert parts == (FIGURES, PANEL)


def test_nothing_heard_moves_nothing() -> None:
    assert moved(AT, ()) == (AT, ())


def test_no_page_hands_folium_text_of_its_own() -> None:
    """Only the two maps know folium's component; they pass keys, labels and numbers."""
    folder = Path(__file__).parents[2] / "pages"
    users = {
        path.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("folium" in name.name or "folium" in (getattr(node, "module", "") or "")
                for name in node.names)
    }  # fmt: skip
    assert users == {"_map.py", "_plan_map.py"}
