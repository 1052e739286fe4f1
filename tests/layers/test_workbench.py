"""The workbench map is constant, and only numbers, a label and a key get into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from layers.assets import ASSETS
from layers.base import BadKey
from layers.bundle import plan_script, plan_script_link, plan_style_link, script
from layers.workbench import (
    Pointer,
    Shown,
    plan_group,
    point_group,
    workbench_groups,
    workbench_map,
)
from tests.layers.test_base import PAYLOADS


def map_string() -> str:
    shell = workbench_map()
    shell.get_root().render()
    return str(_get_map_string(shell))


def group_string(group: object) -> str:
    return str(_get_feature_group_string(group, workbench_map()))


def test_every_call_gives_the_same_component_whatever_is_shown() -> None:
    before = map_string()
    for group in workbench_groups(Shown(7, 3), language="zh", pointer=Pointer("g12", (1, 2))):
        group_string(group)
    assert generate_js_hash(map_string(), "map") == generate_js_hash(before, "map")


def test_every_link_of_the_map_is_ours() -> None:
    shell = workbench_map()
    links = {link for _, link in [*shell.default_js, *shell.default_css]}
    assert links <= {
        plan_script_link(), plan_style_link(), *(f"/assets/{name}" for name in ASSETS.values())
    }  # fmt: skip


def test_the_command_map_carries_nothing_of_the_workbench() -> None:
    assert b"class Workbench" in plan_script()
    assert b"Workbench" not in script()
    assert b"class PlanModel" not in script()


def test_groups_say_what_is_shown_and_what_is_pointed_at() -> None:
    assert 'GridMap.plan(7, 3, -1, "");' in group_string(plan_group(Shown(7, 3)))
    assert 'GridMap.plan(7, 3, 0, "ab12");' in group_string(plan_group(Shown(7, 3, 0, "ab12")))
    assert 'GridMap.point(0, "", [], []);' in group_string(point_group())
    pointer = Pointer("n3", (5, 6), (104.77, 29.3700004), turn=2)
    assert 'GridMap.point(2, "n3", [5, 6], [104770000, 29370000]);' in group_string(
        point_group(pointer)
    )


def test_what_is_pointed_at_is_told_last() -> None:
    kinds = [type(group).__name__ for group in workbench_groups(Shown(1, 1), language="en")]
    assert kinds == ["LanguageGroup", "PlanGroup", "PointGroup"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_refused(payload: str) -> None:
    for shown in (
        Shown(payload, 1), Shown(1, payload), Shown(1, 1, proposal=payload),  # type: ignore[arg-type]
    ):  # fmt: skip
        with pytest.raises(BadKey):
            plan_group(shown)
    with pytest.raises((BadKey, TypeError)):
        plan_group(Shown(1, 1, payload))  # type: ignore[arg-type]
    for pointer in (
        Pointer(payload), Pointer(cells=(payload,)), Pointer(turn=payload),  # type: ignore[arg-type]
    ):  # fmt: skip
        with pytest.raises(BadKey):
            point_group(pointer)
    with pytest.raises((BadKey, TypeError)):
        point_group(Pointer(spot=(payload, 29.0)))  # type: ignore[arg-type]


@given(st.text())
def test_whatever_is_no_label_is_refused(text: str) -> None:
    if text == "" or (text[0] in "gn" and text[1:].isascii() and text[1:].isdigit()):
        return
    with pytest.raises(BadKey):
        point_group(Pointer(text))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_a_spot_off_the_earth_is_refused(value: float) -> None:
    with pytest.raises(BadKey):
        point_group(Pointer(spot=(value, 29.0)))
