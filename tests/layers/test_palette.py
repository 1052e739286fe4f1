"""Classes read in order without colour vision; symbols stand out from their halo."""

import itertools

import pytest

from layers.palette import MOODS, OVERDUE, STATE_TYPES, class_colours, state_type
from rules.figures import FIGURES
from rules.lifecycle import State, is_open

HALO = ("#ffffff", "#0d141b")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("figure", [f for f, mood in MOODS.items() if mood != "quality"])
def test_a_higher_class_is_stronger_by_lightness_alone(figure: str, dark: bool) -> None:
    steps = [luminance(c) for c in class_colours(figure, 5, dark=dark)]
    assert steps == sorted(steps, reverse=not dark)
    assert all(abs(a - b) > 0.01 for a, b in itertools.pairwise(steps))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("figure", list(FIGURES))
@pytest.mark.parametrize("count", range(6))
def test_fewer_classes_still_reach_the_strongest_colour(
    figure: str, count: int, dark: bool
) -> None:
    colours = class_colours(figure, count, dark=dark)
    assert len(colours) == len(set(colours)) == count
    if count > 1:
        assert colours[-1] == class_colours(figure, 5, dark=dark)[-1]


def test_a_map_without_anything_is_pale() -> None:
    assert (
        class_colours("open", 1, dark=False, nothing=True)
        == class_colours("open", 5, dark=False)[:1]
    )


def test_every_figure_has_a_mood() -> None:
    assert set(MOODS) == set(FIGURES)


@pytest.mark.parametrize("side", [0, 1])
def test_symbols_stand_three_to_one_against_their_halo(side: int) -> None:
    for pair in [*STATE_TYPES.values(), OVERDUE]:
        assert contrast(pair[side], HALO[side]) >= 3


def test_the_type_of_a_state_tells_open_from_done() -> None:
    for state in State:
        assert (state_type(state.value) != "done") == is_open(state)
