"""The feeds of the workbench: scoped, conditional, and moved on by every edit."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from data.picture import Pictures
from data.plan_comments import NewComment, comment
from data.plan_edits import edit
from data.store import Store
from rules.plan_commands import Command, Move, Rename
from tests.data.plans import NOW, divided, seen
from tests.layers.conftest import Client
from tests.small_district import actor

PAYLOAD = "{{7*7}}${1}<img onerror>"


def get(client: TestClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def draw(store: Store, plan_id: int, version: int, command: Command) -> None:
    edit(store, plan_id=plan_id, version=version, command=command, now=NOW, **seen(store))


def paths(plan_id: int) -> list[str]:
    return [f"/map/plan/{plan_id}/sheet", f"/map/plan/{plan_id}/now", "/map/plan-texts/zh"]


def test_a_planner_gets_the_plan_to_draw_on(client: Client, sqlite_district: Store) -> None:
    plan_id = divided(sqlite_district)
    body = get(client("planner"), f"/map/plan/{plan_id}/sheet")
    assert body["editable"] is True
    assert sorted(body["cells"]["households"]) == [30, 40, 60]
    assert [mark["label"] for mark in body["grids"]] == ["g8", "g9", "n1"]
    assert [mark["label"] for mark in body["start"]["grids"]] == ["g8", "g9"]
    assert body["community"]


def test_who_reviews_sees_the_plan_but_draws_nothing(
    client: Client, sqlite_district: Store
) -> None:
    plan_id = divided(sqlite_district)
    for login in ("command", "street", "community"):
        assert get(client(login), f"/map/plan/{plan_id}/sheet")["editable"] is False


def test_a_plan_is_hidden_from_who_has_no_plans_and_from_nobody(
    client: Client, sqlite_district: Store
) -> None:
    plan_id = divided(sqlite_district)
    for path in paths(plan_id)[:2]:
        for login in ("lead", "chief", "admin"):
            assert get(client(login), path, 404) == {"error": "not found"}
        assert get(client(""), path, 401) == {"error": "signed out"}
        assert get(client("planner"), path.replace(str(plan_id), "99999"), 404)


def test_feeds_are_conditional_and_private(client: Client, sqlite_district: Store) -> None:
    for path in paths(divided(sqlite_district)):
        first = client("planner").get(path)
        assert "private" in first.headers["cache-control"]
        again = client("planner").get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_an_edit_moves_the_sheet_on_and_the_older_state_can_be_seen(
    client: Client, sqlite_district: Store
) -> None:
    plan_id = divided(sqlite_district)
    path = f"/map/plan/{plan_id}/sheet"
    first = get(client("planner"), path)
    cell = first["cells"]["n"][first["cells"]["label"].index("n1")]
    draw(sqlite_district, plan_id, first["version"], Move((cell,), "g8"))
    after = get(client("planner"), path)
    assert after["version"] == first["version"] + 1
    assert "n1" not in after["cells"]["label"]
    assert get(client("planner"), f"/map/plan/{plan_id}/now")["version"] == after["version"]
    older = get(client("planner"), f"{path}?seq={first['seq']}")
    assert older["cells"]["label"] == first["cells"]["label"]
    assert older["editable"] is False
    assert get(client("planner"), f"{path}?seq=0")["cells"]["label"] == after["cells"]["base"]


def test_whose_the_last_change_is_tells_the_own_one_from_anothers(
    client: Client, sqlite_district: Store
) -> None:
    plan_id = divided(sqlite_district)
    draw(sqlite_district, plan_id, 1, Rename("n1", "东边"))
    comment(
        sqlite_district, plan_id=plan_id, new=NewComment("太远"), now=NOW,
        **seen(sqlite_district) | {"actor": actor("command")},
    )  # fmt: skip
    path = f"/map/plan/{plan_id}/now"
    assert [get(client(who), path)["own"] for who in ("planner", "command")] == [True, False]


@pytest.mark.parametrize(
    "query", ["seq=99", "seq=-1", "seq=x", "seq=", "proposal=ab", "proposal={{7*7}}"]
)
def test_what_never_was_has_no_sheet(client: Client, sqlite_district: Store, query: str) -> None:
    plan_id = divided(sqlite_district)
    answer = client("planner").get(f"/map/plan/{plan_id}/sheet?{query}")
    assert answer.status_code in {400, 404}


def test_a_comment_stands_on_the_map_without_its_words(
    client: Client, sqlite_district: Store
) -> None:
    plan_id = divided(sqlite_district)
    number = comment(
        sqlite_district, plan_id=plan_id, new=NewComment("太远", "g8", (104.771, 29.371)), now=NOW,
        **seen(sqlite_district),
    )  # fmt: skip
    pin = {"id": number, "label": "g8", "lon": 104.771, "lat": 29.371, "resolved": False}
    assert get(client("planner"), f"/map/plan/{plan_id}/now")["comments"] == [pin]
    assert get(client("planner"), f"/map/plan/{plan_id}/sheet")["comments"] == [pin]


def test_a_payload_as_a_name_is_only_ever_json(client: Client, sqlite_district: Store) -> None:
    plan_id = divided(sqlite_district)
    draw(sqlite_district, plan_id, 1, Rename("g8", PAYLOAD))
    answer = client("planner").get(f"/map/plan/{plan_id}/sheet")
    assert answer.headers["content-type"] == "application/json"
    assert PAYLOAD in [mark["name"] for mark in answer.json()["grids"]]


def test_a_refreshed_picture_gives_the_same_plan(client: Client, sqlite_district: Store) -> None:
    plan_id = divided(sqlite_district)
    first = get(client("planner"), f"/map/plan/{plan_id}/sheet")
    assert Pictures(sqlite_district).current(NOW)
    assert get(client("planner"), f"/map/plan/{plan_id}/sheet") == first
