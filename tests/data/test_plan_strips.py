import numpy as np
import shapely

from data.importers.plan_strips import without_crumbs, without_strips


def boxes(*corners):
    return np.array([shapely.box(*c) for c in corners], object)


def areas(shapes):
    return [round(float(a), 1) for a in shapely.area(shapes)]


def test_a_border_half_a_metre_beside_one_of_today_is_that_one():
    """Today's border stands at 50, the file has it at 50.5."""
    ground = boxes((0, 0, 50, 40), (50, 0, 100, 40))
    drawn = boxes((0, 0, 50.5, 40), (50.5, 0, 100, 40))
    assert areas(without_strips(drawn, ground)) == [2000, 2000]


def test_a_border_two_metres_off_is_another_one():
    ground = boxes((0, 0, 50, 40), (50, 0, 100, 40))
    drawn = boxes((0, 0, 52, 40), (52, 0, 100, 40))
    assert areas(without_strips(drawn, ground)) == [2080, 1920]


def test_a_strip_at_the_end_of_wide_land_alone_is_given_back():
    """The first polygon takes a corner of the other ground, and half a metre along the rest."""
    ground = boxes((0, 0, 50, 40), (50, 0, 100, 40))
    first = shapely.union(shapely.box(0, 0, 50.5, 40), shapely.box(50, 0, 60, 10))
    drawn = np.array([first, shapely.difference(shapely.box(0, 0, 100, 40), first)], object)
    assert areas(without_strips(drawn, ground)) == [2100, 1900]


def test_a_narrow_polygon_that_stands_alone_stays():
    """A path of its own, half a metre wide, borders nothing on its ground."""
    ground = boxes((0, 0, 100, 0.5), (0, 0.5, 100, 40))
    assert areas(without_strips(ground.copy(), ground)) == areas(ground)


def test_no_land_is_lost_or_doubled():
    ground = boxes((0, 0, 50, 40), (50, 0, 100, 40), (0, 40, 100, 80))
    drawn = boxes((0, 0, 49.6, 40.3), (49.6, 0, 100, 40.3), (0, 40.3, 100, 80))
    found = without_strips(drawn, ground)
    assert areas(found) == [2000, 2000, 4000]
    assert shapely.union_all(found).area == 8000


def test_a_small_part_apart_goes_to_the_polygon_around_it_and_a_large_one_stays():
    crumb, part = shapely.box(80, 10, 85, 15), shapely.box(80, 20, 95, 35)
    first = shapely.union_all([shapely.box(0, 0, 50, 40), crumb, part])
    drawn = np.array([first, shapely.difference(shapely.box(0, 0, 100, 40), first)], object)
    assert areas(without_crumbs(drawn)) == [2225, 1775]
