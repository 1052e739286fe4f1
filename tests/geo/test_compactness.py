"""Compactness figures agree with gerrychain's, with shapely's outlines, and with known shapes."""

import warnings

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cell_graph import CellGraph, cell_graph
from geo.compactness import border_length, part_figures, polsby_popper, reock
from tests.small_cells import coverage

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from gerrychain import GeographicPartition, Graph


def gerrychain_partition(graph: CellGraph, labels: np.ndarray) -> GeographicPartition:
    plain = nx.Graph()
    for cell in range(len(graph)):
        plain.add_node(
            cell,
            area=graph.area[cell],
            boundary_node=bool(graph.outer[cell] > 0),
            boundary_perim=graph.outer[cell],
        )
    for a, b, metres in zip(graph.source, graph.neighbour, graph.length, strict=True):
        plain.add_edge(int(a), int(b), shared_perim=metres)
    return GeographicPartition(Graph.from_networkx(plain), dict(enumerate(labels.tolist())))


@settings(max_examples=25)
@given(st.integers(4, 60), st.integers(1, 6), st.integers(0, 10_000))
def test_figures_equal_those_of_gerrychain(n: int, parts: int, seed: int) -> None:
    graph = cell_graph(coverage(n, seed))
    labels = np.random.default_rng(seed).integers(0, parts, n)
    labels[:parts] = np.arange(min(parts, n))
    theirs = gerrychain_partition(graph, labels)
    ours = part_figures(graph, labels, parts=parts)
    assert len(theirs["cut_edges"]) * 2 == ours.cut_sides.sum()
    for part in range(parts):
        if part not in theirs.parts:
            continue
        assert ours.area[part] == pytest.approx(theirs["area"][part], rel=1e-9)
        assert ours.perimeter[part] == pytest.approx(theirs["perimeter"][part], rel=1e-9)
        assert ours.border[part] == pytest.approx(theirs["interior_boundaries"][part], rel=1e-9)
        assert ours.cut_sides[part] == len(theirs["cut_edges_by_part"][part])
        popper = 4 * np.pi * theirs["area"][part] / theirs["perimeter"][part] ** 2
        assert ours.polsby_popper[part] == pytest.approx(popper, rel=1e-9)


@settings(max_examples=25)
@given(st.integers(4, 60), st.integers(0, 10_000))
def test_figures_equal_those_of_the_outlines(n: int, seed: int) -> None:
    cells = coverage(n, seed)
    labels = np.random.default_rng(seed).integers(0, 3, n)
    labels[:3] = np.arange(3)
    ours = part_figures(cell_graph(cells), labels, parts=3)
    outlines = [shapely.coverage_union_all(cells[labels == part]) for part in range(3)]
    np.testing.assert_allclose(ours.area, shapely.area(outlines), rtol=1e-9)
    np.testing.assert_allclose(ours.perimeter, shapely.length(outlines), rtol=1e-9)


def test_a_border_counts_once_and_cells_without_a_part_are_nobodys() -> None:
    """Three squares of 10 m in a row: part 0, part 1, none."""
    graph = cell_graph(shapely.box(np.array([0, 10, 20]), 0, np.array([10, 20, 30]), 10))
    assert border_length(graph, np.array([0, 1, 1])) == 10
    figures = part_figures(graph, np.array([0, 1, -1]), parts=3)
    assert figures.border.tolist() == [10, 20, 0]
    assert figures.perimeter.tolist() == [40, 40, 0]
    assert figures.cut_sides.tolist() == [1, 2, 0]
    assert figures.polsby_popper[2] == 0


def test_known_shapes() -> None:
    square, circle = shapely.box(0, 0, 2, 2), shapely.Point(0, 0).buffer(1, quad_segs=256)
    popper = polsby_popper(shapely.area([square, circle]), shapely.length([square, circle]))
    np.testing.assert_allclose(popper, [np.pi / 4, 1], rtol=1e-4)
    np.testing.assert_allclose(reock(np.array([square, circle])), [2 / np.pi, 1], rtol=1e-4)
    assert reock(np.array([shapely.Polygon()])).tolist() == [0]
    assert polsby_popper(np.zeros(1), np.zeros(1)).tolist() == [0]
