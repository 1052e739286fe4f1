"""Photos are served to whom the incident is shown, as what they are and as nothing else."""

import pytest
from starlette.testclient import TestClient

from data import clock
from data.accounts import sign_out
from data.attachments import Attachment, add_attachment
from pages import media
from pages._house import House
from rules.access import Scope
from tests.pages.doors import behind_the_door, headers_of
from tests.pixels import PDF, from_a_phone
from tests.small_district import AREA, NUMBER, actor


def add(house: House, content: bytes, key: str = "I1", name: str = "照片.png") -> Attachment:
    now = clock.now()
    return add_attachment(
        house.store, house.pictures.current(now), scope=Scope(AREA["D"]), actor=actor("command"),
        number=NUMBER[key], name=name, content=content, now=now,
    )  # fmt: skip


@pytest.fixture
def client(own_house: House) -> TestClient:
    return behind_the_door(own_house, list(media.routes(own_house)))


def test_a_photo_is_shown_and_may_do_nothing(own_house: House, client: TestClient) -> None:
    one = add(own_house, from_a_phone())
    answer = client.get(f"/attachment/{one.key}", headers=headers_of(own_house, "lead"))
    assert (answer.status_code, answer.content[:3]) == (200, b"\xff\xd8\xff")
    found = answer.headers
    assert found["content-type"] == "image/jpeg"
    assert found["x-content-type-options"] == "nosniff"
    assert "sandbox" in found["content-security-policy"]
    assert "default-src 'none'" in found["content-security-policy"]
    assert found["cache-control"] == "private, no-cache"
    assert found["content-disposition"].startswith("inline; filename*=UTF-8''%E7%85%A7")
    assert "gzip" not in found.get("content-encoding", "")


def test_the_small_copy_is_smaller(own_house: House, client: TestClient) -> None:
    one = add(own_house, from_a_phone((900, 700)))
    headers = headers_of(own_house, "lead")
    whole = client.get(f"/attachment/{one.key}", headers=headers).content
    small = client.get(f"/attachment/{one.key}/small", headers=headers).content
    assert 0 < len(small) < len(whole)


def test_a_paper_is_saved_and_never_opened_in_the_page(
    own_house: House, client: TestClient
) -> None:
    one = add(own_house, PDF, name="说明.pdf")
    for path in (f"/attachment/{one.key}", f"/attachment/{one.key}/small"):
        found = client.get(path, headers=headers_of(own_house, "lead"))
        assert found.content == PDF
        assert found.headers["content-type"] == "application/pdf"
        assert found.headers["content-disposition"].startswith("attachment;")


def test_nobody_sees_a_photo_of_somewhere_else(own_house: House, client: TestClient) -> None:
    foreign = add(own_house, from_a_phone(), key="I8")
    headers = headers_of(own_house, "lead")
    missing = client.get("/attachment/" + "0" * 32, headers=headers)
    for path in (f"/attachment/{foreign.key}", f"/attachment/{foreign.key}/small"):
        refused = client.get(path, headers=headers)
        assert (refused.status_code, refused.text) == (404, missing.text)
        assert client.get(path).status_code == 401
    for odd in ("..%2Fgridmap.db", "%00", "..", "x" * 500):
        assert client.get(f"/attachment/{odd}", headers=headers).status_code in {401, 404}


def test_what_the_browser_has_is_not_sent_again_but_asked_for(
    own_house: House, client: TestClient
) -> None:
    one = add(own_house, from_a_phone())
    headers = headers_of(own_house, "lead")
    first = client.get(f"/attachment/{one.key}", headers=headers)
    again = {**headers, "if-none-match": first.headers["etag"]}
    kept = client.get(f"/attachment/{one.key}", headers=again)
    assert (kept.status_code, kept.content) == (304, b"")
    sign_out(own_house.store, headers["cookie"].partition("=")[2])
    assert client.get(f"/attachment/{one.key}", headers=again).status_code == 401


def test_a_lost_file_is_said_in_words(own_house: House, client: TestClient) -> None:
    one = add(own_house, from_a_phone())
    (own_house.settings.var / "media" / one.key).unlink()
    answer = client.get(f"/attachment/{one.key}", headers=headers_of(own_house, "lead"))
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
