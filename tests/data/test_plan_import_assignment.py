import numpy as np
import pytest
import shapely

from data.importers.plan_assignment import NotAnAssignment, TooManyGrids, read_assignment
from data.importers.plan_cells import adoption, followed
from data.importers.reading import Records
from geo.cell_graph import cell_graph
from rules.plan_state import Mark
from tests.data.plans import board

MARKS = {
    "g8": Mark("第1网格", "general", "5103001", 8), "g9": Mark("第2网格", "general", "5103002", 9),
    "n1": Mark("东网格"),
}  # fmt: skip
CODES = ["B1", "B2", "B3", "B4"]


def read(columns, **more):
    size = len(next(iter(columns.values())))
    records = Records(columns, list(range(2, size + 2)), "utf-8")
    return read_assignment(records, source="a.csv", codes=CODES, marks=MARKS, **more)


def keys(report):
    return {note.key: note.values for note in report.notes}


@pytest.mark.parametrize(
    "heads",
    [("楼栋编码", "网格编码"), ("Building code", "Grid code planned"), ("GEOID20", "District"),
     ("whatever", "else")],
)  # fmt: skip
def test_two_columns_are_enough_in_either_language(heads):
    found = read({heads[0]: ["B1", "B2"], heads[1]: ["5103001", "5103002"]})
    assert found.grids == {"B1": "g8", "B2": "g9"}


def test_a_grid_is_named_by_code_name_or_label():
    found = read({"楼栋编码": CODES, "网格": ["5103002", " 第1网格 ", "东网格", "g9"]})
    assert found.grids == {"B1": "g9", "B2": "g8", "B3": "n1", "B4": "g9"}
    assert found.marks == MARKS
    assert "new_grids" not in keys(found.report)


def test_the_columns_of_an_export_are_told_apart():
    found = read({
        "楼栋编码": ["B1", "B2"], "现网格编码": ["5103001"] * 2, "现网格名称": ["第1网格"] * 2,
        "规划网格编码": ["5103002", ""], "规划网格名称": ["第2网格", "东网格"],
        "规划网格标识": ["g9", "n1"],
    })  # fmt: skip
    assert found.grids == {"B1": "g9", "B2": "n1"}


def test_a_label_of_another_plan_is_not_believed_against_the_name():
    found = read({"楼栋编码": ["B1"], "网格名称": ["西网格"], "label": ["n1"]})
    assert found.grids == {"B1": "n2"}
    assert found.marks == {"n2": Mark("西网格")}


def test_what_nothing_knows_is_a_new_grid_and_told():
    found = read({"building": CODES, "grid": ["南", "南", "北", "第1网格"]})
    assert found.grids == {"B1": "n2", "B2": "n2", "B3": "n3", "B4": "g8"}
    assert keys(found.report)["new_grids"] == {"n": 2, "names": "南, 北"}


def test_a_new_grid_of_one_building_among_large_ones_may_be_a_slip():
    codes = [f"C{n}" for n in range(13)]
    records = Records(
        {"building": codes, "grid": ["南"] * 6 + ["北"] * 6 + ["男"]}, list(range(13)), "utf-8"
    )
    found = read_assignment(records, source="a.csv", codes=codes, marks=MARKS)
    assert keys(found.report)["outliers"] == {"names": "男"}


def test_rows_that_cannot_be_meant_are_refused_one_by_one():
    report = read({
        "楼栋编码": ["B1", "X9", "B1", "B2", "B3", "B4"],
        "网格": ["第1网格", "第1网格", "第2网格", "名" * 41, "", "a\u200bb"],
    }).report  # fmt: skip
    assert [(r.row, r.value[:4], r.reason) for r in report.refused] == [
        (3, "X9", "unknown_building"), (4, "B1", "assigned_twice"), (5, "名名名名", "too_long"),
        (7, "a\u200bb", "not_a_name"),
    ]  # fmt: skip
    assert keys(report) == {"no_grid": {"n": 1}, "not_listed": {"n": 3}}


def test_a_table_without_grids_or_of_the_wrong_column_is_refused():
    with pytest.raises(NotAnAssignment) as error:
        read({"楼栋编码": ["B1"], "户数": [3], "层数": [6]})
    assert error.value.headers == ("楼栋编码", "户数", "层数")
    codes = [f"C{n}" for n in range(16)]
    records = Records(
        {"building": codes, "grid": [f"门牌{n}" for n in range(16)]}, list(range(16)), "utf-8"
    )
    with pytest.raises(TooManyGrids) as many:
        read_assignment(records, source="a.csv", codes=codes, marks=MARKS)
    assert (many.value.found, many.value.known) == (16, 3)


def test_an_assignment_of_what_is_changes_nothing():
    sheet = board("""
        a1 a. b2
        a. b. b3
    """)
    done = adoption(sheet, {"B1": "g1", "B2": "g2", "B3": "g2"}, sheet.state.marks)
    assert done.command.cells == dict(sheet.state.cells)
    assert (done.notes, done.moving) == ((), 0)


def test_empty_cells_follow_their_longest_border_where_a_neighbour_moves():
    """Building 2 goes to a; the cells without buildings beside it come along.

    The cell in the far corner touches nothing that moves, so it stays.
    """
    sheet = board("""
        a1 b2 b. b3 a.
        a. b. b4 b5 b6
    """)
    done = adoption(sheet, {"B2": "g1"}, sheet.state.marks)
    labels = [done.command.cells[n] for n in range(1, 11)]
    assert labels == ["g1", "g1", "g2", "g2", "g1", "g1", "g1", "g2", "g2", "g2"]
    assert {note.key: note.values.get("n") for note in done.notes} == {
        "followed": 1, "in_pieces": 2,
    }  # fmt: skip


def test_buildings_of_one_cell_that_part_ways_are_told_and_most_households_decide():
    """Cell 1 holds buildings 1 (10 households) and 4 (40)."""
    sheet = board("""
        a14 b2
        a3  b5
    """)
    done = adoption(sheet, {"B1": "g1", "B4": "g2"}, sheet.state.marks)
    assert [done.command.cells[n] for n in (1, 2, 3, 4)] == ["g2", "g2", "g1", "g2"]
    assert done.notes[0].values == {"n": 1, "codes": "B1"}


def test_a_grid_that_would_fall_apart_is_told():
    sheet = board("a1 a2 a3")
    marks = {**sheet.state.marks, "n1": Mark("中")}
    done = adoption(sheet, {"B2": "n1"}, marks)
    assert done.command.marks == {"n1": Mark("中")}
    assert [(n.key, n.values) for n in done.notes] == [("in_pieces", {"name": "a", "n": 2})]


def test_followers_take_the_longest_border_and_lone_ones_stay():
    """A wide free cell above: 3 m beside label 1, 1 m beside label 2. The last touches none."""
    cells = np.array([
        shapely.box(0, 0, 3, 1), shapely.box(3, 0, 4, 1),
        shapely.Polygon([(0, 1), (3, 1), (4, 1), (4, 2), (0, 2)]), shapely.box(9, 9, 10, 10),
    ], object)  # fmt: skip
    free = np.array([False, False, True, True])
    assert followed(cell_graph(cells), np.array([1, 2, 2, 5]), free).tolist() == [1, 2, 1, 5]
