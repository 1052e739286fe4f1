"""What is to be built: which districts, streets and communities, with how many grids each.

Da'an's streets and communities carry their real names and codes of the national statistics
bureau (daan_streets.csv, daan_communities.csv). Where they lie, how large they are and how many
grids they have is made up; so is everything of the other districts except the names of Zigong's
districts. Grids follow the common band of 300 to 500 households in towns and 200 to 400 in
villages; about 114,000 households live in Da'an.
"""

import csv
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final, Literal

import numpy as np

Scale = Literal["district", "city", "province"]

LONGJING: Final = "510304002"
LONGJING_GRIDS: Final = 23
LONGJING_HOUSEHOLDS: Final = 9_980
LONGJING_CHIEFS: Final = 100
"""Published: nearly 10,000 households and 100 building chiefs in Longjing street."""


@dataclass(frozen=True)
class Unit:
    """A community or village: number of general and dedicated grids, households of each."""

    code: str
    name: str
    kind: str
    households: tuple[int, ...]
    dedicated: int = 0

    @property
    def grids(self) -> int:
        """All grids of the unit."""
        return len(self.households) + self.dedicated


@dataclass(frozen=True)
class Street:
    """A street or town; streets (``core``) share the built-up area of the district's seat.

    ``seat`` is longitude and latitude, ``None`` where the layout chooses.
    """

    code: str
    name: str
    kind: str
    core: bool
    units: tuple[Unit, ...]
    seat: tuple[float, float] | None = None
    chiefs: int | None = None


@dataclass(frozen=True)
class District:
    """A district: ``prefix`` starts its incident numbers, ``share`` is its weight of land."""

    code: str
    name: str
    prefix: str
    streets: tuple[Street, ...]
    seat: tuple[float, float]
    square_km: float
    outline: tuple[tuple[float, float], ...] = ()

    @property
    def units(self) -> list[Unit]:
        """All communities and villages."""
        return [unit for street in self.streets for unit in street.units]

    @property
    def grids(self) -> int:
        """All grids."""
        return sum(unit.grids for unit in self.units)

    @property
    def households(self) -> int:
        """All households."""
        return sum(sum(unit.households) for unit in self.units)


@dataclass(frozen=True)
class City:
    """A city and its districts."""

    code: str
    name: str
    districts: tuple[District, ...]


@dataclass(frozen=True)
class Plan:
    """One demo: ``farm_households`` live in a farmhouse on average, ``incidents`` in all."""

    scale: Scale
    code: str
    name: str
    cities: tuple[City, ...]
    farm_households: float = 4.8
    incidents: int | None = None
    rivers: tuple[tuple[str, float, tuple[tuple[float, float], ...]], ...] = ()
    rails: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def districts(self) -> list[District]:
        """All districts."""
        return [district for city in self.cities for district in city.districts]


_SEATS: Final = {
    "510304001": (104.7765, 29.3745), "510304002": (104.7835, 29.3660),
    "510304003": (104.7730, 29.3625), "510304004": (104.7865, 29.3800),
    "510304005": (104.7935, 29.3580), "510304006": (104.7980, 29.3745),
    "510304100": (104.8290, 29.3950), "510304102": (104.8330, 29.4300),
    "510304103": (104.8780, 29.4530), "510304104": (104.9330, 29.4460),
    "510304105": (104.9060, 29.4090), "510304106": (104.8720, 29.3800),
    "510304107": (105.0380, 29.3790), "510304108": (104.9960, 29.4310),
    "510304109": (104.9680, 29.3420),
}  # fmt: skip

_OUTLINE: Final = (
    (104.757, 29.388), (104.768, 29.408), (104.792, 29.420), (104.800, 29.444), (104.826, 29.462),
    (104.856, 29.474), (104.885, 29.486), (104.915, 29.472), (104.948, 29.480), (104.985, 29.464),
    (105.022, 29.458), (105.046, 29.436), (105.070, 29.420), (105.078, 29.386), (105.090, 29.352),
    (105.062, 29.330), (105.044, 29.306), (105.005, 29.300), (104.975, 29.312), (104.940, 29.308),
    (104.922, 29.334), (104.902, 29.352), (104.868, 29.350), (104.842, 29.362), (104.822, 29.348),
    (104.798, 29.344), (104.778, 29.350), (104.762, 29.360),
)  # fmt: skip
"""Outline of the made-up district, about 399 km2 after scaling (not the legal boundary)."""

_RAIL: Final = (
    (104.742, 29.352), (104.775, 29.385), (104.812, 29.383), (104.850, 29.408), (104.905, 29.425),
    (104.960, 29.400), (105.010, 29.400), (105.100, 29.420),
)  # fmt: skip

RIVERS: Final = (
    ("釜溪河", 62.0, ((104.745, 29.378), (104.7715, 29.369), (104.790, 29.363),
                    (104.806, 29.335))),
    ("沱江", 170.0, ((105.030, 29.470), (105.020, 29.425), (105.046, 29.383), (105.012, 29.345),
                   (105.030, 29.290))),
    ("长滩河", 26.0, ((104.860, 29.490), (104.905, 29.435), (104.930, 29.380), (104.950, 29.300))),
)  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("data.demo").joinpath(name).read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def town_households(rng: np.random.Generator, grids: int) -> tuple[int, ...]:
    """Households of town grids: 380 to 500."""
    return tuple(int(h) for h in rng.normal(462, 24, grids).clip(380, 500))


def village_households(rng: np.random.Generator, grids: int) -> tuple[int, ...]:
    """Households of village grids: 210 to 395."""
    return tuple(int(h) for h in rng.normal(310, 40, grids).clip(210, 395))


def _longjing(rng: np.random.Generator, units: list[Unit]) -> list[Unit]:
    """Give Longjing its published size: 23 general grids with 9,980 households."""
    raw = rng.normal(LONGJING_HOUSEHOLDS / LONGJING_GRIDS, 14, LONGJING_GRIDS).clip(390, 480)
    wanted = np.round(raw * (LONGJING_HOUSEHOLDS / raw.sum())).astype(int)
    wanted[-1] += LONGJING_HOUSEHOLDS - int(wanted.sum())
    cuts = np.linspace(0, LONGJING_GRIDS, len(units) + 1).round().astype(int)
    return [
        replace(unit, households=tuple(int(h) for h in wanted[a:b]), dedicated=0)
        for unit, a, b in zip(units, cuts[:-1], cuts[1:], strict=True)
    ]


def daan(seed: int) -> District:
    """Da'an District: 15 streets and towns, 121 communities and villages, 285 grids."""
    rng = np.random.default_rng([seed, 1])
    rows = _rows("daan_communities.csv")
    streets = []
    kinds = {"街道": "street", "镇": "town"}
    town_turn = village_turn = 0
    for street in _rows("daan_streets.csv"):
        core = street["kind"] == "街道"
        units = []
        for row in rows:
            if row["street_code"] != street["code"]:
                continue
            if row["kind"] == "village":
                village_turn += 1
                households = village_households(rng, 2 if village_turn % 8 == 3 else 1)
                units.append(Unit(row["code"], row["name"], "village", households))
            else:
                town_turn += 1
                grids = (7 if town_turn % 3 else 6) if core else (4 if town_turn % 3 else 3)
                dedicated = int(core and town_turn % 3 == 1)
                households = town_households(rng, grids - dedicated)
                units.append(Unit(row["code"], row["name"], "community", households, dedicated))
        longjing = street["code"] == LONGJING
        streets.append(
            Street(
                street["code"], street["name"], kinds[street["kind"]], core,
                tuple(_longjing(rng, units) if longjing else units),
                _SEATS[street["code"]], LONGJING_CHIEFS if longjing else None,
            )
        )  # fmt: skip
    return District("510304", "大安区", "DA", tuple(streets), (104.783, 29.367), 399.0, _OUTLINE)


def district_plan(seed: int) -> Plan:
    """Plan of the default demo: one district."""
    district = daan(seed)
    return Plan(
        "district", district.code, district.name, (City("510300", "自贡市", (district,)),),
        rivers=RIVERS, rails=(_RAIL,),
    )  # fmt: skip


def small_plan(seed: int) -> Plan:
    """Plan for tests: Longjing and the town of Tuantie cut out of the district."""
    district = daan(seed)
    wanted = {LONGJING, "510304006", "510304102"}
    streets = tuple(s for s in district.streets if s.code in wanted)
    small = replace(district, streets=streets, square_km=60.0)
    return replace(
        district_plan(seed),
        cities=(City("510300", "自贡市", (small,)),),
        rivers=RIVERS[:1],
        rails=(),
    )
