import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import (
    Datum,
    bd09_from_gcj02,
    cgcs2000_from,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_gcj02,
)

# Published by googollee/eviltransform (lat, lon there): Shanghai, Shenzhen, Beijing.
GCJ_VECTORS = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# Published by wandergis/coordtransform; eviltransform's BD-09 leaves a factor out and is 40 m off.
BD_VECTORS = [((116.404, 39.915), (116.41036949371029, 39.92133699351021))]
chinese = st.tuples(st.floats(73, 136), st.floats(3, 54))


@pytest.mark.parametrize(("wgs", "gcj"), GCJ_VECTORS)
def test_published_gcj02_vectors_are_met_to_a_micron(wgs, gcj):
    assert np.allclose(gcj02_from_wgs84(*wgs), gcj, atol=1e-11, rtol=0)
    assert np.allclose(wgs84_from_gcj02(*gcj), wgs, atol=1e-10, rtol=0)


@pytest.mark.parametrize(("gcj", "bd"), BD_VECTORS)
def test_published_bd09_vectors_are_met(gcj, bd):
    assert np.allclose(bd09_from_gcj02(*gcj), bd, atol=1e-11, rtol=0)
    assert np.allclose(gcj02_from_bd09(*bd), gcj, atol=1e-10, rtol=0)


@given(chinese)
def test_there_and_back_moves_nothing(point):
    lon, lat = point
    assert np.allclose(wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat)), point, atol=1e-9, rtol=0)
    assert np.allclose(gcj02_from_bd09(*bd09_from_gcj02(lon, lat)), point, atol=1e-9, rtol=0)


@pytest.mark.parametrize("point", [(2.35, 48.85), (-118.24, 34.05), (139.77, 35.68), (0.0, 0.0)])
def test_outside_china_nothing_is_shifted(point):
    for datum in Datum:
        assert np.array_equal(cgcs2000_from(datum, *point), point)


def test_arrays_are_shifted_point_by_point():
    lon, lat = np.array([104.77, -118.24]), np.array([29.37, 34.05])
    east, north = gcj02_from_wgs84(lon, lat)
    # Da'an: 262 m east and 316 m south (domain study, 3.3).
    assert east[0] - lon[0] == pytest.approx(0.0027, abs=2e-4)
    assert north[0] - lat[0] == pytest.approx(-0.00285, abs=2e-4)
    assert (east[1], north[1]) == (lon[1], lat[1])
