from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from data.importers.columns import INCIDENT, UnknownColumn, map_columns, personal_columns
from data.importers.values import (
    BadKind,
    BadValue,
    kind_of,
    kind_words,
    known_words,
    number_of,
    severity_of,
    source_of,
    state_of,
    text_of,
    time_of,
)
from data.rulebook import parse_rulebook
from rules.deadlines import CHINA
from rules.kinds import Severity
from rules.lifecycle import State


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05T14:30:00+08:00", "2024-01-05 14:30", "2024/1/5 14:30:00", "2024.1.5 14:30",
        "2024年1月5日 14时30分", "2024年1月5日14:30", "2024年01月05日 下午2时30分",
        "20240105143000",
        "202401051430", "45296.604166666664", "２０２４-01-05 14:30", "2024-01-05T06:30:00Z",
    ],
)  # fmt: skip
def test_every_usual_form_of_a_time_is_the_same_moment(text):
    assert time_of(text, zone=CHINA) == int(datetime(2024, 1, 5, 6, 30, tzinfo=UTC).timestamp())


def test_times_are_local_to_the_zone_given():
    zone = ZoneInfo("America/Los_Angeles")
    opened = time_of("2020-01-01 00:05:00", zone=zone)
    assert opened == int(datetime(2020, 1, 1, 8, 5, tzinfo=UTC).timestamp())
    assert time_of("", zone=zone) is None
    assert time_of("01/02/2020 5:00", zone=zone, form="%d/%m/%Y %H:%M") is not None


@pytest.mark.parametrize("text", ["01/05/2024", "tomorrow", "2024-13-01", "99999999999999"])
def test_other_times_are_refused_not_guessed(text):
    with pytest.raises(BadValue) as refused:
        time_of(text, zone=CHINA)
    assert refused.value.reason == "not_a_time"


@pytest.mark.parametrize(
    ("text", "number"),
    [("104.77", 104.77), ("１０４.77", 104.77), ("3,249,982", 3249982), (" -118.5 ", -118.5),
     ("104°46′12″E", 104.77), ("118°30'W", -118.5)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, number):
    assert number_of(text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "missing"), (None, "missing"), ("n/a", "not_a_number"), ("nan", "not_a_number")],
)
def test_what_is_no_number_says_why(text, reason):
    with pytest.raises(BadValue) as refused:
        number_of(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "subkind", "found"),
    [
        ("安全隐患", "", ("hazard", "")),
        ("hazard", "燃气隐患", ("hazard", "gas")),
        ("噪音", "", ("dispute", "noise")),
        ("", "噪音", ("dispute", "noise")),
        ("安全隐患", "没听过的", ("hazard", "没听过的")),
        ("Graffiti", "", ("environment", "Graffiti")),
        ("graffiti ", "on a wall", ("environment", "on a wall")),
        ("Potholes", "", ("other", "Potholes")),
        ("", "", ("other", "")),
    ],
)
def test_words_for_kinds_are_found_or_kept(kind, subkind, found):
    assert kind_of(kind, subkind, kind_words({"Graffiti": "environment"})) == found


def test_a_mapping_to_an_unknown_kind_is_refused():
    with pytest.raises(BadKind):
        kind_words({"Graffiti": "vandalism"})


def test_words_for_states_sources_and_severities():
    assert state_of("已办结") is State.CLOSED
    assert state_of("处置中") is State.IN_PROGRESS
    assert state_of("?") is None
    assert source_of("热线12345") == "hotline"
    assert source_of("Mobile App") == "import"
    assert severity_of("较大") is Severity.SERIOUS
    # Levels as bare numbers run in both directions in practice, so none is read.
    assert severity_of("3") is None


def test_usual_headings_of_both_languages_are_mapped():
    chinese = ["工单编号", "事件类型", "上报时间", "经度", "纬度", "备注"]
    mapping = map_columns(chinese, INCIDENT)
    assert mapping == {
        "number": "工单编号", "kind": "事件类型", "reported_at": "上报时间", "lon": "经度",
        "lat": "纬度",
    }  # fmt: skip
    english = map_columns(["Ticket", "LNG", "Lat.", "created_date"], INCIDENT)
    assert english == {
        "number": "Ticket",
        "lon": "LNG",
        "lat": "Lat.",
        "reported_at": "created_date",
    }


def test_what_was_asked_for_wins_over_memory_and_memory_over_custom():
    headers = ["a", "b", "编号", "x", "y"]
    mapping = map_columns(
        headers, INCIDENT, asked={"title": "a"}, remembered={"number": "b", "kind": "gone"}
    )
    assert mapping["title"] == "a"
    assert mapping["number"] == "b"
    assert "kind" not in mapping
    with pytest.raises(UnknownColumn):
        map_columns(headers, INCIDENT, asked={"title": "nowhere"})


def test_personal_columns_are_left_out_unless_asked_for():
    headers = ["编号", "姓名", "联系电话"]
    assert personal_columns(headers, map_columns(headers, INCIDENT)) == ["姓名", "联系电话"]
    asked = map_columns(headers, INCIDENT, asked={"reporter_name": "姓名"})
    assert personal_columns(headers, asked) == ["联系电话"]


def test_codes_that_came_as_numbers_have_no_fraction():
    assert [text_of(v) for v in (7.0, 510304001001001.0, 7.5, None, " a ")] == [
        "7", "510304001001001", "7.5", "", "a",
    ]  # fmt: skip


def test_a_district_s_own_names_are_known_beside_the_default_ones():
    book = parse_rulebook("""
        kinds.hazard.zh = "隐患排查"
        kinds.hazard.subkinds.scenic = { zh = "景区安全", en = "Scenic area safety" }
    """)
    known = known_words(book.kinds)
    assert kind_of("隐患排查", "景区安全", {}, known) == ("hazard", "scenic")
    assert kind_of("", "Scenic area safety", {}, known) == ("hazard", "scenic")
    assert kind_of("安全隐患", "私拉电线", {}, known) == ("hazard", "wiring")
