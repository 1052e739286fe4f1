"""A sheet of paper to draw shapes in metres on: fills, lines, dashes, numbers; PNG in the end.

Everything is drawn at three times its size and scaled down, which gives smooth lines. North is up.
"""

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from shapely.ops import substring

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

WIDTH, HEIGHT = 1400, 1000
"""Most that a picture measures, in dots."""
MARGIN: Final = 30
FOOT: Final = 46
FINE: Final = 3
INK: Final = "#1f2a36"
_DASH: Final = 9.0


@dataclass(frozen=True)
class Frame:
    """How metres become dots: dots per metre, and the north-west corner of the paper."""

    scale: float
    west: float
    north: float
    width: int
    height: int

    def dots(self, xy: Floats) -> list[tuple[float, float]]:
        """Places in metres as places on the fine paper."""
        fine = self.scale * FINE
        placed = np.column_stack([(xy[:, 0] - self.west) * fine, (self.north - xy[:, 1]) * fine])
        return [(float(x), float(y)) for x, y in placed]


def frame(bounds: Bounds) -> Frame:
    """Fit an extent in metres into the largest picture allowed, with a margin and a foot."""
    west, south, east, north = bounds
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN - FOOT) / high)
    return Frame(
        scale, west - MARGIN / scale, north + MARGIN / scale,
        math.ceil(wide * scale) + 2 * MARGIN, math.ceil(high * scale) + 2 * MARGIN + FOOT,
    )  # fmt: skip


class Paper:
    """White paper around some land in metres; widths and sizes are dots of the finished picture."""

    def __init__(self, land: shapely.Geometry) -> None:
        west, south, east, north = shapely.bounds(land).tolist()
        self.frame = frame((west, south, east, north))
        size = (self.frame.width * FINE, self.frame.height * FINE)
        self._image = Image.new("RGB", size, "white")
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, shape: shapely.Geometry, colour: str) -> None:
        """Fill polygons; holes are filled too, so what lies in them is drawn afterwards."""
        for part in shapely.get_parts(shape):
            ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
            self._draw.polygon(self.frame.dots(ring), fill=colour)

    def line(self, shapes: Iterable[shapely.Geometry], colour: str, width: int) -> None:
        """Draw lines, and the borders of polygons."""
        for xy in _paths(shapes):
            self._draw.line(self.frame.dots(xy), fill=colour, width=width * FINE, joint="curve")

    def dashes(self, shapes: Iterable[shapely.Geometry], colour: str, width: int) -> None:
        """Draw lines dashed."""
        step = _DASH / self.frame.scale
        for xy in _paths(shapes):
            path = shapely.LineString(xy)
            cuts = np.arange(0, path.length, step)
            for at in cuts[::2]:
                piece = substring(path, at, min(at + step, path.length))
                self.line([piece], colour, width)

    def spots(self, xy: Floats, colour: str, radius: float) -> None:
        """Draw a round spot at each place."""
        r = radius * FINE
        for x, y in self.frame.dots(xy):
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def label(self, shape: shapely.Geometry, text: str, size: int, colour: str) -> None:
        """Write a text with a white rim into the roomiest place of a polygon."""
        room = shapely.maximum_inscribed_circle(
            np.array([shape], object), tolerance=3 / self.frame.scale
        )
        at = self.frame.dots(shapely.get_coordinates(room)[:1])[0]
        self._draw.text(
            at, text, fill=colour, font=ImageFont.load_default(size * FINE), anchor="mm",
            stroke_width=3 * FINE, stroke_fill="white",
        )  # fmt: skip

    def foot(self) -> None:
        """Draw a scale bar and which way north is."""
        scale, high = self.frame.scale, self.frame.height
        metres = _round_length(200 / scale)
        x, y = MARGIN * FINE, (high - FOOT / 2) * FINE
        long, font = metres * scale * FINE, ImageFont.load_default(18 * FINE)
        for a, b in pairwise([(x, y - 12), (x, y), (x + long, y), (x + long, y - 12)]):
            self._draw.line([a, b], fill=INK, width=2 * FINE)
        self._draw.text((x + long + 24, y), f"{metres:g} m", fill=INK, font=font, anchor="lm")
        x, y = (self.frame.width - MARGIN) * FINE, (high - FOOT / 2) * FINE
        up = 15 * FINE
        self._draw.polygon([(x, y - up), (x - up / 2, y + up), (x, y + up / 2),
                            (x + up / 2, y + up)], fill=INK)  # fmt: skip
        self._draw.text((x - 2 * up, y), "N", fill=INK, font=font, anchor="mm")

    def png(self) -> bytes:
        """Give the picture."""
        size = (self.frame.width, self.frame.height)
        out = io.BytesIO()
        self._image.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


def _paths(shapes: Iterable[shapely.Geometry]) -> Iterable[Floats]:
    for shape in shapes:
        lines = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
        for part in shapely.get_parts(lines):
            xy = shapely.get_coordinates(part)
            if len(xy) > 1:
                yield xy


def _round_length(metres: float) -> float:
    """Give the greatest of 1, 2, 5, 10, 20 … that is not longer."""
    power = 10.0 ** math.floor(math.log10(metres))
    return next(n * power for n in (5, 2, 1) if n * power <= metres)
