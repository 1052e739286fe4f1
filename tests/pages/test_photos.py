"""Photos and the resident's link on the page of an item, as people of each role see them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from data import clock
from data.attachments import attachments
from data.casework import act
from data.evaluation import look_up
from pages._house import House
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.pixels import from_a_phone
from tests.small_district import AREA, NUMBER, actor

Visit = Callable[..., AppTest]
DISTRICT = Scope(AREA["D"])
I1 = NUMBER["I1"]


def shown(at: AppTest) -> str:
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def press(at: AppTest, key: str) -> AppTest:
    """Press a button, then draw the whole page: the test runner forgets its pages in fragments."""
    at.button(key=key).click().run()
    return at.run()


def kept(house: House) -> list[str]:
    picture = house.pictures.current(clock.now())
    return [a.name for a in attachments(house.store, picture, scope=DISTRICT, number=I1)]


def test_a_photo_tells_its_place_and_time_then_is_kept_without(
    visit: Visit, own_house: House
) -> None:
    at = visit("lead", "item.py", incident=I1)
    assert "暂无" in shown(at)
    at.file_uploader[0].upload("门口.jpg", from_a_phone()).run()
    assert "29.37500, 104.77000" in shown(at)
    press(at, "keep_files")
    assert kept(own_house) == ["门口.jpg"]
    page = shown(at)
    assert 'src="/attachment/' in page
    assert "门口.jpg" in page
    assert not [b for b in at.button if b.key == "keep_files"]


def test_what_cannot_be_kept_is_said_by_name(visit: Visit, own_house: House) -> None:
    at = visit("lead", "item.py", incident=I1)
    chosen = at.file_uploader[0]
    chosen.upload("好.jpg", from_a_phone())
    chosen.upload("坏*_.png", b"<script>alert(1)</script>").run()
    press(at, "keep_files")
    said = " ".join(e.value for e in at.error)
    assert "只能保存图片" in said
    assert kept(own_house) == ["好.jpg"]


def test_who_only_looks_on_may_add_nothing(visit: Visit) -> None:
    at = visit("planner", "item.py", incident=I1)
    assert "照片与材料" in shown(at)
    assert not at.file_uploader


def test_the_code_for_the_resident_appears_when_it_is_awaited(
    visit: Visit, own_house: House
) -> None:
    assert not [b for b in visit("lead", "item.py", incident=I1).button if b.key == "make_link"]
    now = clock.now()
    picture = own_house.pictures.current(now)
    for n, action in enumerate((Action.RESOLVE, Action.FEED_BACK)):
        act(
            own_house.store, picture, scope=DISTRICT, actor=actor("lead"), number=I1,
            version=1 + n, request=Request(action, note="好了"), now=now,
        )  # fmt: skip
    at = visit("lead", "item.py", incident=I1)
    press(at, "make_link")
    assert 'class="gm-code" src="data:image/svg+xml' in shown(at)
    address = at.code[0].value
    token = address.rsplit("/", 1)[1]
    asked = look_up(own_house.store, picture, token=token, address="", now=clock.now())
    assert asked.kind == "hazard"
    press(at, "make_link")
    assert at.code[0].value != address
