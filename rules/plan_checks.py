"""What a boundary plan is checked for: thresholds, which findings forbid submitting, their names.

Hard rules say what a map of grids is; soft ones say what makes it a good one, and a reviewer may
accept their breach. Planning study, chapter 6; domain reference, chapter 5.
"""

from dataclasses import dataclass
from typing import Final, Literal

from rules.figures import HOUSEHOLDS_PER_CHIEF

Verdict = Literal["below", "within", "above", "dedicated"]
"""How a grid's households stand to the band; dedicated grids (schools, markets) have none."""
Unit = Literal["", "households", "metres", "percent", "square metres", "buildings"]

DEDICATED: Final = "dedicated"
"""Kind of the grids that are drawn around one body and have no band of households."""

CHIEF_LEEWAY: Final = 30
"""Households per chief may differ from 100 by so many [source: about 100]."""
LOAD_LEEWAY: Final = 0.5
"""Share by which a grid's workload may differ from the mean [practice: items fall unevenly]."""
RAGGED: Final = 0.2
"""Compactness (Polsby-Popper) of a grid that reaches around its neighbours [practice]."""
LONGEST_WALK: Final = 300.0
"""Metres from any building to the centre of its grid, in towns [practice: five minutes]."""
TOWN_DENSITY: Final = 10.0
"""Households per hectare from which a grid counts as town: 300 within 300 m of its centre."""
BUDGET: Final = 3.0
"""A plan may move so many times the households that must move [practice]."""
LEAST_CROSSING: Final = 50.0
"""Metres of main road or river inside a grid that are worth a finding [practice]."""


@dataclass(frozen=True)
class CheckRule:
    """One rule: its key, names, whether breaking it forbids submitting, what its value counts."""

    key: str
    zh: str
    en: str
    hard: bool
    unit: Unit = ""


_RULES = (
    CheckRule("building_missing", "楼栋未划入任何网格", "Building in no grid", hard=True),
    CheckRule("building_twice", "楼栋划入多个网格", "Building in several grids", hard=True),
    CheckRule("pieces", "网格不连片", "Grid in several pieces", hard=True),
    CheckRule("empty_grid", "网格内无住户", "Grid without households", hard=True),
    CheckRule("outside", "超出社区（村）范围", "Outside the community", hard=True,
              unit="square metres"),
    CheckRule("coverage", "网格重叠或留有空隙", "Grids overlap or leave a gap", hard=True,
              unit="square metres"),
    CheckRule("lock", "锁定内容被改动", "Lock broken", hard=True),
    CheckRule("code", "网格编码重复", "Grid code used twice", hard=True),
    CheckRule("enclave", "网格包围其他网格", "Another grid lies inside", hard=False,
              unit="square metres"),
    CheckRule("households", "户数不在范围内", "Households outside the band", hard=False,
              unit="households"),
    CheckRule("estate", "小区被分割", "Estate divided", hard=False, unit="buildings"),
    CheckRule("barrier", "主干道或河流穿过网格", "Main road or river inside the grid", hard=False,
              unit="metres"),
    CheckRule("walk", "到网格中心步行过远", "Long walk to the grid's centre", hard=False,
              unit="metres"),
    CheckRule("chiefs", "栋长户数比不合适", "Households per chief", hard=False,
              unit="households"),
    CheckRule("load", "工作量不均衡", "Uneven workload", hard=False, unit="percent"),
    CheckRule("stability", "变动户数偏多", "More households moved than needed", hard=False,
              unit="households"),
)  # fmt: skip

RULES: Final[dict[str, CheckRule]] = {rule.key: rule for rule in _RULES}


@dataclass(frozen=True)
class Finding:
    """A breach of a rule, with what it concerns.

    ``labels`` are grids, ``cells`` numbers of cells, ``place`` is (lon, lat) where there is one.
    ``value`` is in the rule's unit, ``cause`` a key of :data:`CAUSES`. ``subject`` names what no
    label tells: an estate, a building's label, a code, the key of a lock.
    """

    rule: str
    labels: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    value: float | None = None
    place: tuple[float, float] | None = None
    cause: str | None = None
    subject: str = ""

    @property
    def hard(self) -> bool:
        """Whether the plan cannot be submitted as long as it stands."""
        return RULES[self.rule].hard


CAUSES: Final[dict[str, tuple[str, str]]] = {
    "building_too_big": ("单栋户数过多", "A building is too big"),
    "island": ("地块孤立，无相邻网格可调", "Cut off from its neighbours"),
    "locked": ("受锁定限制", "Held by locks"),
    "estate": ("小区整体户数过多", "An estate kept whole is too big"),
    "count": ("网格数量与总户数不符", "The number of grids does not fit the households"),
    "unsolved": ("可通过调整边界解决", "Nothing stands in the way of redrawing"),
}
"""Why a band cannot be met: names in Chinese and English."""


def verdict(households: int, kind: str, band: tuple[int, int]) -> Verdict:
    """Say how a grid of this kind stands to the band; both ends of it are within."""
    if kind == DEDICATED:
        return "dedicated"
    low, high = band
    return "below" if households < low else "above" if households > high else "within"


def deviation(households: int, band: tuple[int, int]) -> float:
    """Share by which the nearer end of the band is missed, of that end; 0 within the band."""
    low, high = band
    return max((low - households) / low, (households - high) / high, 0.0)


def chiefs_wanted(households: int) -> int:
    """Count the building chiefs that so many households ask for: one per 100, rounded half up."""
    return (2 * households + HOUSEHOLDS_PER_CHIEF) // (2 * HOUSEHOLDS_PER_CHIEF)


def grids_wanted(households: int, band: tuple[int, int], *, now: int) -> int:
    """Give the number of grids nearest to the present one whose mean is within the band.

    Where no number brings the mean into the band, the one that misses it least; never below 1.
    """
    low, high = band
    least, most = -(-households // high), households // low
    if least <= most:
        return max(min(max(now, least), most), 1)
    return min(least, max(most, 1), key=lambda n: deviation(households // n, band))


def over_budget(moved: int, bound: int) -> bool:
    """Whether a plan moves more households than the rule of stability allows."""
    return moved > BUDGET * bound
