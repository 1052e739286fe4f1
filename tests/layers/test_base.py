"""The map is constant, all its links are ours, and nothing but keys gets into it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from layers.assets import ASSETS
from layers.base import (
    BadKey,
    command_map,
    language_group,
    map_groups,
    placing_group,
    select_group,
    view_group,
)
from layers.bundle import FOLDER, PARTS, PLAN_PARTS, bundle_routes, script_link, style_link

KEY = "0123456789abcdef01234567"
PAYLOADS = [
    "{{7*7}}", "{% raw %}", "${alert(1)}", "`", "</script>", "'\"", "\u202eabc", "😀",
    "a" * 24 + "}",
]  # fmt: skip


def map_string() -> str:
    shell = command_map()
    shell.get_root().render()
    return str(_get_map_string(shell))


def group_string(group: object) -> str:
    return str(_get_feature_group_string(group, command_map()))


def test_every_call_gives_the_same_component() -> None:
    assert generate_js_hash(map_string(), "map") == generate_js_hash(map_string(), "map")


def test_a_map_that_carried_groups_leaves_the_next_one_unchanged() -> None:
    before = map_string()
    for group in map_groups(KEY, language="zh", kind="area", row_id=7):
        group_string(group)
    assert generate_js_hash(map_string(), "map") == generate_js_hash(before, "map")


def test_every_link_of_the_map_is_ours_and_exists() -> None:
    shell = command_map()
    links = [link for _, link in [*shell.default_js, *shell.default_css]]
    ours = {script_link(), style_link(), *(f"/assets/{name}" for name in ASSETS.values())}
    assert links
    assert set(links) <= ours
    assert {route.path for route in bundle_routes()} == {
        "/map/gridmap.{digest:str}.js",
        "/map/gridmap.{digest:str}.css",
        "/map/workbench.{digest:str}.js",
        "/map/workbench.{digest:str}.css",
    }


def test_no_other_address_is_in_the_map() -> None:
    shell = command_map()
    page = shell.get_root().render()
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_every_part_of_the_script_is_used() -> None:
    assert {path.stem for path in FOLDER.glob("*.js")} == {*PARTS, *PLAN_PARTS}


def test_the_script_never_writes_markup() -> None:
    for path in Path(FOLDER).glob("*.js"):
        source = path.read_text("utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in source, f"{path.name} uses {word}"


@given(st.text())
def test_whatever_is_no_key_is_refused(text: str) -> None:
    if len(text) == 24 and set(text) <= set("0123456789abcdef"):
        return
    with pytest.raises(BadKey):
        view_group(text)


@pytest.mark.parametrize("payload", [*PAYLOADS, KEY.upper(), KEY + "\n", KEY[:-1], ""])
def test_payloads_are_refused_as_keys(payload: str) -> None:
    with pytest.raises(BadKey):
        view_group(payload)
    with pytest.raises(BadKey):
        select_group(payload, 1)
    with pytest.raises(BadKey):
        select_group("area", payload)


def test_a_payload_as_language_becomes_chinese() -> None:
    for payload in PAYLOADS:
        assert language_group(payload).language == "zh"


def test_groups_say_what_they_are_for() -> None:
    assert f'GridMap.show("{KEY}");' in group_string(view_group(KEY))
    assert 'GridMap.select("incident", 12);' in group_string(select_group("incident", 12))
    assert 'GridMap.select("none", 0);' in group_string(select_group(None))
    assert 'GridMap.language("en");' in group_string(language_group("en"))


def test_only_whole_numbers_travel_with_what_is_placed() -> None:
    spots = [(104.7700004, 29.37), (-0.5, 12.0)]
    assert "GridMap.place(3, 1, [104770000, 29370000, -500000, 12000000]);" in group_string(
        placing_group(spots, chosen=1, turn=3)
    )
    assert "GridMap.place(0, -1, []);" in group_string(placing_group())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_refused_as_numbers(payload: str) -> None:
    with pytest.raises(BadKey):
        placing_group(turn=payload)
    with pytest.raises(BadKey):
        placing_group(chosen=payload)
    with pytest.raises((BadKey, TypeError)):
        placing_group([(payload, 29.0)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_a_spot_off_the_earth_is_refused(value: float) -> None:
    with pytest.raises(BadKey):
        placing_group([(value, 29.0)])


def test_selection_is_told_before_the_view() -> None:
    kinds = [type(g).__name__ for g in map_groups(KEY, language="en")]
    assert kinds == ["LanguageGroup", "SelectGroup", "ViewGroup"]
