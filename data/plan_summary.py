"""What plans of a list move, in two numbers each, worked out once for each version of a plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from data.picture import Picture
from data.plan_moves import difference, moved_out
from data.plan_rows import Plan
from data.plan_sheet import Sheet
from data.plans import sheet
from data.store import Store
from rules.access import Actor, Scope


@dataclass(frozen=True)
class Summary:
    """Households that change grid against the start, and the grids that give or take."""

    moved: int
    touched: int


@dataclass(frozen=True)
class _Version:
    store_id: str
    bulk: int
    plan_id: int
    version: int
    load: Callable[[], Sheet] = field(compare=False)


def summaries(
    store: Store, picture: Picture, plans: Sequence[Plan], *, scope: Scope, actor: Actor
) -> dict[int, Summary]:
    """Give the summary of each plan by id; raises ``OutsideScope`` for one outside."""

    def loader(plan_id: int) -> Callable[[], Sheet]:
        return lambda: sheet(store, picture, scope=scope, actor=actor, plan_id=plan_id)

    return {
        one.id: _summary(
            _Version(picture.store_id, picture.bulk, one.id, one.version, loader(one.id))
        )
        for one in plans
    }


# The picture's own memo lasts only until the next report comes in; a version never changes.
@lru_cache(maxsize=1024)
def _summary(of: _Version) -> Summary:
    found = of.load()
    shifts = difference(found)
    touched = {s.before for s in shifts} | {s.after for s in shifts}
    return Summary(sum(moved_out(found).values()), len(touched))
