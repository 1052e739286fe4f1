"""The accounts that a demo offers: one of each role."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from data import hashing
from data.demo import DEMO_PASSWORD
from data.demo.plan import LONGJING
from data.schema import account, area, building, person
from rules.access import Role

_COMMUNITY: Final = f"{LONGJING}011"
"""Guanghua community in Longjing street."""


def demo_hash() -> str:
    """Hash the published password, once for all; slow on purpose, so before the transaction."""
    return hashing.password_hash(DEMO_PASSWORD)


def write_accounts(conn: Connection, *, root_id: int, hashed: str, now: datetime) -> list[str]:
    """Make one account per role and give the logins.

    The lead's, the worker's and the chief's accounts belong to people of the first grid of
    Guanghua (of the first grid of all where the plan has no Guanghua); the legal centre's sees
    the district.
    """
    codes = [LONGJING, _COMMUNITY, f"{_COMMUNITY}001"]
    known = select(area.c.id, area.c.code, area.c.name).where(
        area.c.code.in_(codes), area.c.valid_to.is_(None)
    )
    areas = {row.code: row for row in conn.execute(known)}
    root = conn.execute(select(area.c.id, area.c.name).where(area.c.id == root_id)).one()
    street, community = areas.get(LONGJING, root), areas.get(_COMMUNITY, root)
    grid = areas.get(f"{_COMMUNITY}001", root)
    lead = conn.execute(
        select(person.c.id, person.c.name, person.c.area_id)
        .where(person.c.duty == "grid_lead", person.c.area_id == grid.id)
    ).first() or conn.execute(
        select(person.c.id, person.c.name, person.c.area_id).where(person.c.duty == "grid_lead")
    ).first()  # fmt: skip
    if lead is None:
        return []
    chief = conn.execute(
        select(person.c.id, person.c.name, person.c.area_id)
        .join(building, building.c.chief_id == person.c.id)
        .where(person.c.area_id == lead.area_id, person.c.duty == "building_chief")
        .order_by(person.c.id)
    ).first()
    worker = conn.execute(
        select(person.c.id, person.c.name, person.c.area_id)
        .where(person.c.area_id == lead.area_id, person.c.duty == "grid_worker")
        .order_by(person.c.id)
    ).first()
    officer = conn.execute(
        select(person.c.area_id).where(person.c.duty == "legal_officer")
    ).first()  # fmt: skip
    rows: list[tuple[str, str, Role, int, int | None]] = [
        ("command", f"{root.name}综治中心", Role.COMMAND, root_id, None),
        ("street", f"{street.name}工作人员", Role.STREET, street.id, None),
        ("community", f"{community.name}工作人员", Role.COMMUNITY, community.id, None),
        ("lead", lead.name, Role.GRID_LEAD, lead.area_id, lead.id),
        ("legal", "文旅法务中心", Role.LEGAL, officer.area_id if officer else root_id, None),
        ("planner", "网格规划员", Role.PLANNER, root_id, None),
        ("admin", "系统管理员", Role.ADMINISTRATOR, root_id, None),
    ]
    if worker is not None:
        rows.insert(4, ("worker", worker.name, Role.GRID_WORKER, worker.area_id, worker.id))
    if chief is not None:
        rows.insert(-3, ("chief", chief.name, Role.BUILDING_CHIEF, chief.area_id, chief.id))
    values: list[dict[str, Any]] = [
        {"login": login, "name": name, "role": role.value, "area_id": area_id,
         "person_id": person_id, "demo": True, "password": hashed,
         "created_at": int(now.timestamp())}
        for login, name, role, area_id, person_id in rows
    ]  # fmt: skip
    conn.execute(insert(account), values)
    return [value["login"] for value in values]
