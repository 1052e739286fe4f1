"""A command from the browser is read strictly: what is odd is refused, nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.plan_commands import MOST_POINTS, BadCommand, read_command
from rules.plan_commands import (
    Brush,
    Carve,
    Command,
    Drag,
    Go,
    Lasso,
    Lock,
    Merge,
    Move,
    MoveBorder,
    Redo,
    Rename,
    SetBand,
    Split,
    Undo,
    Unlock,
)

LINE = [[104.77, 29.37], [104.78, 29.38]]
RING = [*LINE, [104.77, 29.38]]
POINTS = tuple((x, y) for x, y in LINE)
AREA = tuple((x, y) for x, y in RING)

GOOD: list[tuple[dict[str, object], Command]] = [
    ({"op": "move", "cells": [3, 4], "to": "g8"}, Move((3, 4), "g8")),
    ({"op": "lasso", "ring": RING, "to": "new"}, Lasso(AREA, "new")),
    ({"op": "brush", "path": LINE[:1], "metres": 25, "to": "g8"}, Brush(POINTS[:1], 25.0, "g8")),
    ({"op": "drag", "path": LINE, "giver": "g8", "taker": "g9"}, Drag(POINTS, "g8", "g9")),
    ({"op": "split", "label": "g8", "line": LINE}, Split("g8", POINTS)),
    ({"op": "merge", "keep": "g8", "gone": "g9"}, Merge("g8", "g9")),
    ({"op": "carve", "ring": RING}, Carve(AREA)),
    ({"op": "move_border", "one": "g8", "other": "g9", "line": LINE},
     MoveBorder("g8", "g9", POINTS)),
    ({"op": "lock", "key": "lock:cell:3"}, Lock("lock:cell:3")),
    ({"op": "unlock", "key": "lock:cell:3"}, Unlock("lock:cell:3")),
    ({"op": "rename", "label": "g8", "name": "东"}, Rename("g8", "东")),
    ({"op": "set_band", "low": 300, "high": 500}, SetBand(300, 500)),
    ({"op": "undo"}, Undo()),
    ({"op": "redo"}, Redo()),
    ({"op": "go", "seq": 0}, Go(0)),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "read"), GOOD, ids=lambda v: str(v)[:24])
def test_every_command_of_the_map_is_read(sent: dict[str, object], read: Command) -> None:
    assert read_command(sent) == read


@pytest.mark.parametrize("sent", [sent for sent, _ in GOOD], ids=lambda sent: str(sent["op"]))
def test_a_command_without_one_of_its_fields_is_refused(sent: dict[str, object]) -> None:
    for name in sent:
        with pytest.raises(BadCommand):
            read_command({k: v for k, v in sent.items() if k != name})


@pytest.mark.parametrize(
    "odd", [None, True, "", "x" * 100, -1, 1.5, float("nan"), [], {}, [[1]], [[None, 1]] * 3]
)
def test_a_field_of_another_kind_is_refused(odd: object) -> None:
    for sent, _ in GOOD:
        for name in sent.keys() - {"op", "metres"}:
            with pytest.raises(BadCommand):
                read_command({**sent, name: odd})


@pytest.mark.parametrize("metres", [0, -5, 1e9, float("inf"), True, "5", None])
def test_a_brush_has_a_width(metres: object) -> None:
    with pytest.raises(BadCommand):
        read_command({"op": "brush", "path": LINE, "metres": metres, "to": "g8"})


def test_a_stroke_without_end_and_a_place_off_the_earth_are_refused() -> None:
    for ring in (RING * MOST_POINTS, [*RING, [181, 0]], [*RING, [0, 91]], RING[:2]):
        with pytest.raises(BadCommand):
            read_command({"op": "carve", "ring": ring})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_anything_else_is_refused(value: object) -> None:
    if isinstance(value, dict) and value.get("op") in {"undo", "redo"}:
        return
    with pytest.raises(BadCommand):
        read_command(value)
