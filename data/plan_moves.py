"""Who changes grid in a plan: cells, groups of households, building chiefs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.plan_sheet import Home, Sheet
from rules.plan_state import PlanMap, label_order


@dataclass(frozen=True)
class Shift:
    """A live cell that lies in another grid than at the start."""

    cell: int
    before: str
    after: str


@dataclass(frozen=True)
class MovedGroup:
    """Buildings of one estate that go from one grid to another.

    ``buildings`` are ids, ``chiefs`` the names of who looks after them at the start.
    """

    from_label: str
    to_label: str
    estate: str
    buildings: tuple[int, ...]
    households: int
    chiefs: tuple[str, ...]


def origins(sheet: Sheet) -> tuple[str, ...]:
    """Label at the start of each live cell's land."""
    return tuple(sheet.origin(number) for number in sheet.state.cells)


def difference(sheet: Sheet) -> tuple[Shift, ...]:
    """Give the cells that changed grid, by number."""
    pairs = zip(sheet.state.cells.items(), origins(sheet), strict=True)
    return tuple(Shift(n, before, after) for (n, after), before in pairs if before != after)


def charge_of(home: Home, state: PlanMap) -> str | None:
    """Who looks after a building as the plan has it: ``p<person id>``, ``n<number>`` or none."""
    kept = None if home.chief_id is None else f"p{home.chief_id}"
    return state.chiefs.get(home.id, kept)


def moved_groups(sheet: Sheet) -> tuple[MovedGroup, ...]:
    """Give every group of households that changes grid, by where it goes from and to."""
    found: dict[tuple[str, str, str], list[Home]] = {}
    for shift in difference(sheet):
        for home in homes_of(sheet, [shift.cell]):
            found.setdefault((shift.before, shift.after, home.estate), []).append(home)
    groups = [
        MovedGroup(
            before, after, estate, tuple(sorted(home.id for home in homes)),
            sum(home.households for home in homes), _names(homes, sheet),
        )
        for (before, after, estate), homes in found.items()
    ]  # fmt: skip
    return tuple(sorted(groups, key=lambda g: (
        label_order(g.from_label), label_order(g.to_label), g.estate == "", g.estate,
    )))  # fmt: skip


def homes_of(sheet: Sheet, cells: Iterable[int]) -> list[Home]:
    """Give the buildings that lie in some cells."""
    ground = sheet.ground
    return [ground.homes[i] for number in cells for i in ground.cells[number].buildings]


def _names(homes: Iterable[Home], sheet: Sheet) -> tuple[str, ...]:
    names, start = sheet.ground.chief_names, sheet.start
    charges = {charge_of(home, start) for home in homes} - {None}
    known = {charge: names.get(int(charge[1:]), charge) for charge in charges if charge}
    return tuple(sorted(known.values()))


def chiefs_changed(sheet: Sheet) -> frozenset[str]:
    """Give the chiefs at the start whose buildings now lie in another grid or other grids."""
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for (number, label), origin in zip(sheet.state.cells.items(), origins(sheet), strict=True):
        for home in homes_of(sheet, [number]):
            then, now = charge_of(home, sheet.start), charge_of(home, sheet.state)
            if then:
                before.setdefault(then, set()).add(origin)
            if now:
                after.setdefault(now, set()).add(label)
    return frozenset(chief for chief, grids in before.items() if after.get(chief) != grids)


def split_estates(sheet: Sheet) -> Mapping[str, frozenset[str]]:
    """Give the estates whose buildings lie in several grids, with the labels of these."""
    found: dict[str, set[str]] = {}
    for label, cells in sheet.state.members.items():
        for home in homes_of(sheet, cells):
            if home.estate:
                found.setdefault(home.estate, set()).add(label)
    return {name: frozenset(grids) for name, grids in sorted(found.items()) if len(grids) > 1}


def moved_out(sheet: Sheet) -> dict[str, int]:
    """Households that leave each grid of the start, by label; without those that none leaves."""
    return _summed(sheet, origins(sheet))


def moved_in(sheet: Sheet) -> dict[str, int]:
    """Households that come to each grid, by label; without those that none comes to."""
    return _summed(sheet, tuple(sheet.state.cells.values()))


def _summed(sheet: Sheet, labels: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    moved = {shift.cell for shift in difference(sheet)}
    for number, label in zip(sheet.state.cells, labels, strict=True):
        if number in moved:
            found[label] = found.get(label, 0) + sheet.ground.cells[number].households
    return found
