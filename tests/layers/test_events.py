"""What comes back from the browser is read strictly and each event once."""

from hypothesis import given
from hypothesis import strategies as st

from layers.events import (
    MAX_KEY,
    Changed,
    Cleared,
    Drilled,
    Edited,
    Event,
    ForkAsked,
    Marked,
    PickedComment,
    PickedGrid,
    Pinned,
    Pointed,
    Selected,
    Unlocated,
    read_event,
    read_events,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
ODD = st.dictionaries(
    st.sampled_from(
        [
            "n",
            "event",
            "kind",
            "key",
            "watermark",
            "lon",
            "lat",
            "accuracy",
            "index",
            "why",
            "label",
            "plan",
            "version",
            "id",
        ]
    ),
    JSON
    | st.sampled_from(
        [
            "select",
            "drill",
            "clear",
            "changed",
            "area",
            "point",
            "mark",
            "unlocated",
            "edited",
            "grid",
            "pin",
            "comment",
            "fork",
            "g12",
        ]
    ),
)


def value(*events: dict[str, object]) -> dict[str, object]:
    return {"events": [{"n": n, **e} for n, e in enumerate(events, start=1)]}


@given(JSON | st.fixed_dictionaries({"events": st.lists(ODD)}))
def test_nothing_from_a_browser_breaks_the_reader(anything: object) -> None:
    events, last = read_events(anything, after=3)
    assert last >= 3
    assert all(isinstance(e, Event) for e in events)


def test_events_are_read_in_order() -> None:
    read, last = read_events(
        value(
            {"event": "select", "kind": "area", "key": "510304001"},
            {"event": "drill", "key": "510304001"},
            {"event": "select", "kind": "incident", "key": "2026-0001"},
            {"event": "clear"},
            {"event": "changed", "watermark": 9},
        )
    )
    assert read == (
        Selected("area", "510304001"),
        Drilled("510304001"),
        Selected("incident", "2026-0001"),
        Cleared(),
        Changed(9),
    )
    assert last == 5


def test_what_is_pointed_at_is_read() -> None:
    read, last = read_events(
        value(
            {"event": "point", "lon": 104.77, "lat": 29.37, "accuracy": None},
            {"event": "point", "lon": 104, "lat": 29.37, "accuracy": 12},
            {"event": "mark", "index": 2},
            {"event": "unlocated", "why": "denied"},
        )
    )
    assert read == (
        Pointed(104.77, 29.37),
        Pointed(104.0, 29.37, 12),
        Marked(2),
        Unlocated("denied"),
    )
    assert last == 4


def test_a_place_off_the_earth_is_left_out() -> None:
    sent = value(
        {"event": "point", "lon": 181.0, "lat": 0.0},
        {"event": "point", "lon": 104.0, "lat": float("nan")},
        {"event": "point", "lon": True, "lat": 0.0},
        {"event": "point", "lon": "104", "lat": 0.0},
        {"event": "mark", "index": -1},
        {"event": "mark", "index": 1.0},
        {"event": "unlocated", "why": "<b>"},
    )
    assert read_events(sent) == ((), 7)


def test_what_the_workbench_sends_is_read() -> None:
    read, last = read_events(
        value(
            {"event": "edited", "plan": 7, "version": 3},
            {"event": "grid", "label": "n2"},
            {"event": "grid", "label": ""},
            {"event": "pin", "lon": 104.77, "lat": 29.37, "label": "g12"},
            {"event": "comment", "id": 4},
            {"event": "fork", "plan": 7, "version": 2},
        )
    )
    assert read == (
        Edited(7, 3), PickedGrid("n2"), PickedGrid(""), Pinned(104.77, 29.37, "g12"),
        PickedComment(4), ForkAsked(7, 2),
    )  # fmt: skip
    assert last == 6


def test_what_the_workbench_cannot_have_sent_is_left_out() -> None:
    sent = value(
        {"event": "edited", "plan": 0, "version": 3},
        {"event": "edited", "plan": 7, "version": True},
        {"event": "edited", "plan": "7", "version": 1},
        {"event": "grid", "label": "{{7*7}}"},
        {"event": "grid", "label": "g12\n"},
        {"event": "grid"},
        {"event": "pin", "lon": 181, "lat": 0, "label": ""},
        {"event": "pin", "lon": 104, "lat": 29, "label": "<b>"},
        {"event": "comment", "id": -1},
        {"event": "fork", "plan": 7},
    )
    assert read_events(sent) == ((), 10)


def test_an_event_is_read_once() -> None:
    sent = value({"event": "clear"}, {"event": "drill", "key": "1"})
    assert read_events(sent, after=1)[0] == (Drilled("1"),)
    assert read_events(sent, after=2) == ((), 2)


def test_malformed_events_are_left_out_but_counted() -> None:
    sent = value(
        {"event": "select", "kind": "person", "key": "1"},
        {"event": "select", "kind": "area", "key": ""},
        {"event": "drill", "key": "9" * (MAX_KEY + 1)},
        {"event": "changed", "watermark": True},
        {"event": "explode"},
    )
    assert read_events(sent) == ((), 5)


def test_the_newest_event_is_found() -> None:
    assert read_event(value({"event": "clear"}, {"event": "drill", "key": "1"})) == Drilled("1")
    assert read_event(None) is None
