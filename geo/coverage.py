"""Coverages: polygons that share borders without overlaps and without small gaps.

Everything here works in metres (see geo.crs.metric_crs); nothing may be called with degrees.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

GAP_WIDTH: Final = 2.0
SNAPPING: Final = 0.05
"""Metres. Gaps narrower than the first are closed, vertices nearer than the second are joined."""

SLIVER: Final = 0.01
"""Square metres below which an overlap or gap is rounding, not a fault."""


@dataclass(frozen=True)
class Repair:
    """What a clean did. Areas are square metres.

    ``overlaps`` and ``gaps`` count the pairs of polygons that overlapped and the gaps that were
    closed; ``moved`` is the area that changed its polygon; ``largest`` the most that one polygon
    won or lost. ``emptied`` are positions of polygons that vanished under others.
    """

    overlaps: int = 0
    overlap_area: float = 0.0
    gaps: int = 0
    gap_area: float = 0.0
    moved: float = 0.0
    largest: float = 0.0
    emptied: tuple[int, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether anything more than rounding was changed."""
        return bool(self.overlaps or self.gaps or self.emptied)


@dataclass(frozen=True)
class Check:
    """Result of the coverage invariant; each part can fail while the others hold."""

    edges_match: bool
    no_small_gaps: bool
    area_kept: bool
    union_sound: bool

    @property
    def holds(self) -> bool:
        """Whether all four parts hold."""
        return self.edges_match and self.no_small_gaps and self.area_kept and self.union_sound


def polygonal(shapes: Shapes) -> tuple[Shapes, NDArray[np.bool_]]:
    """Make shapes valid polygons or multipolygons, and tell which had to be repaired.

    Lines and points that the repair leaves behind are dropped; what has no area is ``None``.
    """
    broken = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    out = np.array(shapes, object)
    out[broken] = shapely.make_valid(out[broken], method="structure", keep_collapsed=False)
    odd = ~shapely.is_missing(out) & ~np.isin(shapely.get_type_id(out), (3, 6))
    for at in np.flatnonzero(odd):
        parts = [
            p for p in shapely.get_parts(out[at]) if p.geom_type in ("Polygon", "MultiPolygon")
        ]
        out[at] = shapely.union_all(parts) if parts else None
    out[shapely.is_empty(out) | (shapely.area(out) == 0)] = None
    return out, np.asarray(broken)


def overlaps(polygons: Shapes) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Pairs of polygons (2, n) that overlap, and by how many square metres."""
    pairs = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = pairs[:, pairs[0] < pairs[1]]
    if not pairs.size:
        return pairs, np.empty(0)
    areas = shapely.area(shapely.intersection(polygons[pairs[0]], polygons[pairs[1]]))
    real = areas > SLIVER
    return pairs[:, real], areas[real]


def clean(
    polygons: Shapes, *, gap_width: float = GAP_WIDTH, snapping: float = SNAPPING
) -> tuple[Shapes, Repair]:
    """Repair valid polygons to a coverage and report what moved.

    An overlap goes whole to the polygon it shares the longest border with. A coverage that is
    already sound comes back as it is.
    """
    if shapely.coverage_is_valid(polygons, gap_width=0) and shapely.coverage_is_valid(
        polygons, gap_width=gap_width
    ):
        return polygons, Repair()
    _, areas = overlaps(polygons)
    # The type stubs are of shapely 2.1 and do not know coverage_clean yet.
    cleaned: Shapes = shapely.coverage_clean(  # type: ignore[attr-defined]
        polygons, gap_width=gap_width, snapping_distance=snapping
    )
    before, after = shapely.area(polygons), shapely.area(cleaned)
    won = shapely.area(shapely.difference(cleaned, polygons))
    lost = before + won - after
    new = shapely.difference(shapely.union_all(cleaned), shapely.union_all(polygons))
    closed = shapely.area(shapely.get_parts(new))
    closed = closed[closed > SLIVER]
    return cleaned, Repair(
        overlaps=len(areas),
        overlap_area=float(areas.sum()),
        gaps=len(closed),
        gap_area=float(closed.sum()),
        moved=float(np.maximum(lost, 0).sum() + closed.sum()),
        largest=float(max(won.max(initial=0), lost.max(initial=0))),
        emptied=tuple(int(i) for i in np.flatnonzero(after <= SLIVER)),
    )


def check(polygons: Shapes, *, whole: shapely.Geometry | None = None, gap: float = 0.5) -> Check:
    """Check the coverage invariant; no single test catches every fault (planning study, 4.2).

    ``whole`` is the area the polygons must fill, when one is known: then their summed area must
    agree with it to half a centimetre along its border, and a gap that lies outside it, where its
    own border comes near itself, is none. Without it the summed area must agree with the area of
    the union.
    """
    edges = bool(shapely.coverage_is_valid(polygons, gap_width=0))
    gaps = not len(gap_edges(polygons, whole=whole, gap=gap))
    target = shapely.union_all(polygons) if whole is None else whole
    tolerance = 0.005 * float(shapely.length(target))
    kept = abs(float(shapely.area(polygons).sum()) - float(shapely.area(target))) <= tolerance
    return Check(edges, gaps, kept, _same_form(polygons, target))


def gap_edges(polygons: Shapes, *, whole: shapely.Geometry | None, gap: float) -> Shapes:
    """Edges of polygons that face each other over less than ``gap`` metres, or cross.

    Edges on the border of ``whole`` are left out: GEOS also reports the two sides of a sharp
    inward corner of the outline, where no land is missing.
    """
    if shapely.coverage_is_valid(polygons, gap_width=gap):
        return np.empty(0, object)
    found = shapely.get_parts(shapely.coverage_invalid_edges(polygons, gap_width=gap))
    found = found[~shapely.is_empty(found)]
    if whole is None:
        return np.asarray(found, object)
    # Rounding moves a border by 1.5 cm at most.
    rim = shapely.get_parts(shapely.boundary(whole))
    near = [shapely.union_all(shapely.clip_by_rect(rim, *_widened(edge))) for edge in found]
    on_rim = shapely.covers(shapely.buffer(np.array(near, object), 0.02), found)
    return np.asarray(found[~on_rim], object)


def _widened(edge: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(edge).tolist()
    return west - 1.0, south - 1.0, east + 1.0, north + 1.0


def _same_form(polygons: Shapes, target: shapely.Geometry) -> bool:
    """Whether the polygons join without new parts or holes."""
    try:
        union = shapely.coverage_union_all(polygons)
    except shapely.GEOSException:
        return False
    return bool(shapely.is_valid(union)) and _form(union) == _form(target)


def _form(shape: shapely.Geometry) -> tuple[int, int]:
    parts = shapely.get_parts(shape)
    return len(parts), int(shapely.get_num_interior_rings(parts).sum())


def dissolve(polygons: Shapes) -> shapely.Geometry:
    """One outline of the polygons of a coverage; robust also when edges do not match."""
    try:
        union = shapely.coverage_union_all(polygons)
    except shapely.GEOSException:
        return shapely.union_all(polygons)
    return union if shapely.is_valid(union) else shapely.union_all(polygons)
