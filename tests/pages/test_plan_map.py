"""What happens on the workbench map leads to an address, and redraws no more than it touches."""

import pytest

from layers.events import Changed, Edited, Event, ForkAsked, PickedComment, PickedGrid, Pinned
from pages._plan_address import PLAN_HEAD, PLAN_PANEL, PlanAddress
from pages._plan_map import followed

HERE = PlanAddress(plan=7)


@pytest.mark.parametrize(
    ("event", "address", "parts"),
    [
        (Edited(7, 3), HERE, {PLAN_HEAD, PLAN_PANEL}),
        (Edited(8, 3), HERE, set()),
        (PickedGrid("g12"), PlanAddress(plan=7, grid="g12"), {PLAN_PANEL}),
        (PickedGrid(""), HERE, {PLAN_PANEL}),
        (Pinned(104.7, 29.3, "g12"), PlanAddress(plan=7, tab="history"), {PLAN_PANEL}),
        (PickedComment(4), PlanAddress(plan=7, tab="history"), {PLAN_PANEL}),
        (ForkAsked(7, 3), HERE, {PLAN_HEAD}),
        (Changed(9), HERE, set()),
    ],
)
def test_an_event_of_the_map_leads_somewhere(
    event: Event, address: PlanAddress, parts: set[str]
) -> None:
    found, touched = followed(HERE, event)
    assert found == address
    assert set(touched) == parts
