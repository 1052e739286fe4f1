"""The queue of reports without a place: placed by hand once, found ever after."""

from collections.abc import Callable

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data import clock, schema
from data.handling import NewIncident, report_incident
from pages._house import House
from rules.access import Scope
from tests.small_district import AREA, BUILDING, actor

Visit = Callable[..., AppTest]
PAGE = "placing.py"
WORDS = "老车站旁边"


def shown(at: AppTest) -> str:
    assert not at.exception
    return " ".join(e.value for e in at.get("html") if "<style>" not in (e.value or ""))


def report(house: House, area: str) -> tuple[int, str]:
    now = clock.now()
    made = report_incident(
        house.store, house.pictures.current(now), scope=Scope(AREA["D"]), actor=actor("command"),
        new=NewIncident("environment", "垃圾堆放", address=WORDS, area_id=AREA[area]), now=now,
    )  # fmt: skip
    return made.id, made.number


def test_an_empty_queue_is_said(visit: Visit) -> None:
    assert "未办结的上报都已落位" in shown(visit("command", PAGE))


def test_a_narrow_desk_sees_its_own_queue_only(visit: Visit, own_house: House) -> None:
    report(own_house, "D")
    assert "未办结的上报都已落位" in shown(visit("lead", PAGE))


def test_a_report_is_placed_and_its_words_are_learnt(visit: Visit, own_house: House) -> None:
    incident_id, number = report(own_house, "D")
    at = visit("command", PAGE)
    at.button(key=f"place_{incident_id}").click().run()
    assert at.text_input(key=f"placing_teach_{incident_id}").value == WORDS
    at.button(key="lay").click().run()
    assert "请先选定位置" in shown(at.run())
    at.get_by_key(f"where_way_{number}").set_value("building").run()
    at.get_by_key("where_building").set_value(BUILDING["B5"]).run()
    at.button(key="lay").click().run()
    assert "已落位：垃圾堆放" in shown(at)
    with own_house.store.read() as conn:
        row = conn.execute(select(schema.incident).where(schema.incident.c.id == incident_id)).one()
        alias = conn.execute(select(schema.alias)).one()
    assert (row.building_id, row.area_id, row.desk_id) == (5, AREA["G5"], AREA["G5"])
    assert (alias.label, alias.building_id) == (WORDS, BUILDING["B5"])


def test_words_that_name_no_place_are_refused_in_words(visit: Visit, own_house: House) -> None:
    incident_id, number = report(own_house, "D")
    at = visit("command", PAGE)
    at.button(key=f"place_{incident_id}").click().run()
    at.get_by_key(f"where_way_{number}").set_value("building").run()
    at.get_by_key("where_building").set_value(BUILDING["B5"]).run()
    at.text_input(key=f"placing_teach_{incident_id}").set_value("3栋").run()
    at.button(key="lay").click().run()
    assert "没有保存" in shown(at)
    with own_house.store.read() as conn:
        row = conn.execute(
            select(schema.incident.c.place).where(schema.incident.c.id == incident_id)
        )
        assert row.scalar_one() == "unplaced"
