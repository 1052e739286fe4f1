import io
from dataclasses import replace

import numpy as np
from PIL import Image

from data.plan_pictures import (
    FILLS,
    LAND,
    MOVED,
    after_map,
    before_map,
    difference_map,
    numbers,
)
from rules.plan_state import Mark, mark_value, plan_map
from tests.data.plans import board


def drawn(picture):
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


def colour(text):
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def share(picture, text):
    """Share of the dots that have a colour."""
    return float((drawn(picture) == colour(text)).all(axis=2).mean())


def after(sheet, **cells):
    """Give the sheet with cells (``c3="n1"``) in other grids."""
    entries = dict(sheet.state.entries) | {f"cell:{k[1:]}": v for k, v in cells.items()}
    for label in set(cells.values()) - sheet.state.marks.keys():
        entries[f"grid:{label}"] = mark_value(Mark(label))
    return replace(sheet, state=plan_map(entries))


def test_neighbours_have_different_colours_and_a_grid_the_same_on_both_maps():
    """Four squares in a row, three grids; the second square goes from a to b."""
    sheet = after(board("a1 a2 b3 c4"), c2="g2")
    old, new = drawn(before_map(sheet)), drawn(after_map(sheet))
    assert old.shape == new.shape
    spots = [(int(old.shape[0] * 0.2), int(old.shape[1] * x)) for x in (0.1, 0.35, 0.6, 0.85)]
    was, now = ([tuple(int(v) for v in image[at]) for at in spots] for image in (old, new))
    assert set(was + now) <= {colour(fill) for fill in FILLS}
    assert was[0] == was[1] != was[2] != was[3]
    assert now[0] == was[0]
    assert now[1] == now[2] == was[2]
    assert now[3] == was[3]


def test_what_moves_is_marked_by_its_area():
    """One of eight equal squares moves."""
    sheet = after(board("a1 a2 b3 b4\na5 a6 b7 b8"), c2="g2")
    moved, stays = share(difference_map(sheet), MOVED), share(difference_map(sheet), LAND)
    assert 0.9 < 7 * moved / stays < 1.1


def test_a_plan_without_changes_marks_nothing():
    sheet = board("a1 b2")
    assert share(difference_map(sheet), MOVED) == 0
    assert (drawn(before_map(sheet)) == drawn(after_map(sheet))).all()


def test_pictures_are_of_one_size_whatever_the_land_measures():
    for drawing in ("a1", "a1 a2 b3 b4 b5 b6", "a1\na2\nb3\nb4"):
        height, width, _ = drawn(after_map(board(drawing))).shape
        assert max(width / 1400, height / 1000) > 0.98
        assert width <= 1400
        assert height <= 1000


def test_grids_are_numbered_by_code_and_new_ones_come_last():
    sheet = after(board("b1 a2 c3"), c3="n2", c1="n1")
    assert numbers(sheet) == {"g1": 1, "g2": 2, "g3": 3, "n1": 4, "n2": 5}
