"""A table of totals by year, each number a way to exactly the items behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import Markup

from pages._address import Address
from pages._format import NOTHING, count
from pages._html import join
from pages._text import Translate
from rules.filters import IncidentFilter


@dataclass(frozen=True)
class Row:
    """One line: its name, the filter that keeps its items, and how many there are by year."""

    name: str
    filter: IncidentFilter
    counts: Mapping[int, int]


def map_link(filter: IncidentFilter, at: str = "") -> str:
    """Address of the command map that shows what a filter keeps, and colours by how many."""
    return f"/map?{urlencode(Address(at=at, figure='items', filter=filter).to_query())}"


def item_link(number: str) -> str:
    """Address of the page of one incident."""
    return f"/item?{urlencode({'incident': number})}"


def linked(text: str, to: str) -> Markup:
    """Give a number or name that leads somewhere."""
    return Markup('<a href="{}" target="_self">{}</a>').format(to, text)


def _cell(row: Row, year: int, at: str) -> Markup:
    number = row.counts.get(year, 0)
    shown = linked(count(number), map_link(replace(row.filter, year=year), at)) if number else ""
    return Markup('<td class="gm-n">{}</td>').format(shown or NOTHING)


def totals_table(rows: Sequence[Row], years: Sequence[int], at: str, t: Translate) -> Markup:
    """Give the table; the first row is the sum of the others."""
    head = join(Markup('<th class="gm-n">{}</th>').format(year) for year in years)
    lines = join(
        Markup("<tr{}><th>{}</th>{}</tr>").format(
            Markup(' class="gm-sum"') if not i else "", row.name,
            join(_cell(row, year, at) for year in years),
        )
        for i, row in enumerate(rows)
    )  # fmt: skip
    return Markup(
        '<div class="gm-wide"><table class="gm-table"><thead><tr><th>{}</th>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(t("Reported in"), head, lines)


def tile(name: str, value: str, to: str = "", tone: str = "") -> Markup:
    """Give one number as a tile; with ``to`` it leads to the items behind it."""
    inner = linked(value, to) if to else value
    return Markup('<div><span>{}</span><b class="{}">{}</b></div>').format(
        name, f"gm-{tone}-text" if tone else "", inner
    )


def tiles(parts: Sequence[Markup]) -> Markup:
    """Give a row of tiles."""
    return Markup('<div class="gm-tiles gm-row">{}</div>').format(join(parts))
