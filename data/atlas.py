"""Shapes of all areas in memory: which area holds a place."""

from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import Connection, select

from data import schema
from data.areas import AreaTree, Ints


@dataclass(frozen=True, eq=False)
class Atlas:
    """Shapes of the living areas; ``number`` is the preorder number of each."""

    number: Ints
    level: Ints
    shapes: shapely.STRtree

    def deepest(self, lon: float, lat: float) -> int | None:
        """Preorder number of the deepest area that holds a place, in CGCS2000 degrees.

        On a border it is the area with the lowest id, as in :func:`geo.locate.owners`; ``None``
        outside every area.
        """
        found = self.shapes.query(shapely.Point(lon, lat), predicate="intersects")
        if not len(found):
            return None
        # Shapes are ordered by id, so among equal levels the first is the lowest id.
        found = np.sort(found)
        return int(self.number[found[np.argmax(self.level[found])]])


_SHAPES = select(schema.area.c.id, schema.area.c.geom).order_by(schema.area.c.id)


def load_atlas(conn: Connection, tree: AreaTree) -> Atlas:
    """Read the shapes of the areas of a tree."""
    living = [(tree.number(i), geom) for i, geom in conn.execute(_SHAPES) if i in tree]
    number = np.array([n for n, _ in living], np.int64)
    return Atlas(number, tree.level[number], shapely.STRtree([geom for _, geom in living]))
