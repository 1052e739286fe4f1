import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.tiles import tile_bounds, tile_key, tile_xy, tiles_inside


@given(st.floats(-179.9, 179.9), st.floats(-84, 84), st.integers(10, 16))
def test_a_point_lies_in_the_tiles_inside_its_tile_and_in_its_bounds(
    lon: float, lat: float, zoom: int
) -> None:
    (x,), (y,) = (v.tolist() for v in tile_xy([lon], [lat], zoom))
    inside = tiles_inside(zoom, x, y)
    assert len(set(inside)) == 4 ** (16 - zoom)
    assert int(tile_key(lon, lat)) in inside
    west, south, east, north = tile_bounds(zoom, x, y)
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9


def test_a_tile_of_its_own_zoom_is_itself() -> None:
    assert tiles_inside(16, 5, 7) == [int(np.int64(5 << 16) + 7)]
