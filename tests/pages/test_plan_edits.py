"""Edits over HTTP: carried out by planners from our own pages only, refused in words."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from pages import plan_edits
from pages._house import House
from tests.data.plans import divided, laid_out
from tests.pages.doors import behind_the_door, headers_of

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def client(own_house: House) -> TestClient:
    return behind_the_door(own_house, list(plan_edits.routes(own_house)))


@pytest.fixture
def plan_id(own_house: House) -> int:
    return divided(own_house.store)


def cell_of(house: House, plan_id: int, label: str) -> int:
    cells = laid_out(house.store, plan_id).state.cells
    return next(n for n, own in cells.items() if own == label)


def send(
    house: House, client: TestClient, plan_id: int, command: Any, *, version: Any = 1,
    login: str = "planner",
) -> Answer:  # fmt: skip
    answer = client.post(
        f"/plan/{plan_id}/edit", json={"version": version, "command": command},
        headers=headers_of(house, login),
    )  # fmt: skip
    return answer.status_code, answer.json()


def test_a_command_is_carried_out_and_told_in_a_few_bytes(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    cell = cell_of(own_house, plan_id, "n1")
    move = {"op": "move", "cells": [cell], "to": "g8"}
    status, body = send(own_house, client, plan_id, move)
    assert status == 200
    assert (body["version"], body["moved"]) == (2, [[cell, "g8"]])
    assert [mark["label"] for mark in body["grids"]] == ["g8", "g9"]
    assert body["can_undo"] is True
    status, body = send(own_house, client, plan_id, {"op": "undo"}, version=2)
    assert (status, body["version"], body["moved"]) == (200, 3, [[cell, "n1"]])
    assert len(json.dumps(body)) < 10_000


def test_an_edit_of_an_older_version_names_the_present_one(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    lock = {"op": "lock", "key": "lock:grid:g8"}
    assert send(own_house, client, plan_id, lock)[0] == 200
    status, body = send(own_house, client, plan_id, {"op": "undo"})
    assert (status, body["error"], body["version"]) == (409, "stale", 2)
    assert body["words"]


def test_a_lock_in_the_way_is_named_with_its_place(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    cell = cell_of(own_house, plan_id, "n1")
    send(own_house, client, plan_id, {"op": "lock", "key": "lock:grid:g8"})
    send(own_house, client, plan_id, {"op": "lock", "key": f"lock:cell:{cell}"}, version=2)
    move = {"op": "move", "cells": [cell], "to": "g8"}
    status, body = send(own_house, client, plan_id, move, version=3)
    assert (status, body["error"]) == (422, "locked")
    assert (body["cells"], body["grids"]) == ([cell], ["g8"])
    assert "锁定" in body["words"]


@pytest.mark.parametrize(
    ("command", "status", "error"),
    [
        ({"op": "redo"}, 422, "nothing_to_redo"),
        ({"op": "move", "cells": [999], "to": "g8"}, 422, "unknown_grid"),
        ({"op": "merge", "keep": "g8", "gone": "g99"}, 422, "unknown_grid"),
        ({"op": "set_band", "low": 500, "high": 300}, 422, "bad_band"),
        ({"op": "rename", "label": "g8", "name": " "}, 422, "bad_name"),
        ({"op": "split", "label": "g8", "line": [[100, 20], [100, 21]]}, 422, "cuts_nothing"),
        ({"op": "go", "seq": 99}, 422, "unknown_position"),
        ({"op": "drop table"}, 400, "bad_command"),
        ({"op": "move", "cells": "1", "to": "g8"}, 400, "bad_command"),
        ("undo", 400, "bad_command"),
        (None, 400, "bad_command"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    own_house: House, client: TestClient, plan_id: int, command: Any, status: int, error: str
) -> None:
    found, body = send(own_house, client, plan_id, command)
    assert (found, body["error"]) == (status, error)
    assert body["words"]
    assert laid_out(own_house.store, plan_id).plan.version == 1


@pytest.mark.parametrize("version", [None, "1", 1.0, True, -1])
def test_a_version_is_a_whole_number(
    own_house: House, client: TestClient, plan_id: int, version: Any
) -> None:
    assert send(own_house, client, plan_id, {"op": "undo"}, version=version)[0] == 400


def test_only_planners_draw_and_others_do_not_even_see(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    undo = {"op": "undo"}
    for login in ("command", "street", "community"):
        status, body = send(own_house, client, plan_id, undo, login=login)
        assert (status, body["error"]) == (403, "not_yours")
    for login in ("lead", "chief", "admin"):
        assert send(own_house, client, plan_id, undo, login=login)[0] == 404
    assert send(own_house, client, plan_id + 1, undo)[0] == 404


def test_another_origin_and_nobody_are_refused_at_the_door(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    content = {"version": 1, "command": {"op": "undo"}}
    foreign = {**headers_of(own_house, "planner"), "origin": "http://elsewhere"}
    assert client.post(f"/plan/{plan_id}/edit", json=content, headers=foreign).status_code == 403
    ours = {"origin": "http://testserver"}
    assert client.post(f"/plan/{plan_id}/edit", json=content, headers=ours).status_code == 401
    headers = headers_of(own_house, "planner")
    assert client.get(f"/plan/{plan_id}/edit", headers=headers).status_code == 405


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 5000])
def test_what_is_no_json_object_is_refused(
    own_house: House, client: TestClient, plan_id: int, content: bytes
) -> None:
    answer = client.post(
        f"/plan/{plan_id}/edit", content=content, headers=headers_of(own_house, "planner")
    )
    assert answer.status_code == 400


def test_more_than_a_command_holds_is_not_read(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    answer = client.post(
        f"/plan/{plan_id}/edit", content=b" " * (plan_edits.LARGEST + 1),
        headers=headers_of(own_house, "planner"),
    )  # fmt: skip
    assert answer.status_code == 413


def test_a_name_comes_back_as_the_text_it_is(
    own_house: House, client: TestClient, plan_id: int
) -> None:
    name = "{{7*7}}${1}<img onerror>"
    _, body = send(own_house, client, plan_id, {"op": "rename", "label": "n1", "name": name})
    assert name in [mark["name"] for mark in body["grids"]]
