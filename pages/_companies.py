"""The companies that the legal affairs centre serves, each with its cases."""

from dataclasses import replace

from markupsafe import Markup

from data.legal import ALL_CASES, Company, companies
from pages import _words
from pages._desk import Desk
from pages._format import count, date_time
from pages._html import empty, heading, join
from pages._scope_bar import USUAL_DAYS, window_words
from pages._text import Translate
from pages._totals import item_link, linked
from rules.legal import KIND


def _company(one: Company, desk: Desk) -> Markup:
    cases = join(
        Markup("<li>{} <small>{} · {} · {}</small></li>").format(
            linked(case.number, item_link(case.number)),
            _words.subkind_name(KIND, case.subkind, desk.locale),
            _words.state_name(case.state, desk.locale), date_time(case.reported_at, desk.now),
        )
        for case in one.cases
    )  # fmt: skip
    return Markup(
        '<details class="gm-behind"><summary>{} <b>{}</b></summary><ul>{}</ul></details>'
    ).format(one.name, count(len(one.cases)), cases)


def companies_list(desk: Desk, t: Translate) -> Markup:
    """Give the companies served over the chosen time, each with its cases."""
    chosen = desk.address.filter
    asked = replace(
        ALL_CASES, year=chosen.year, days=chosen.days or (None if chosen.year else USUAL_DAYS)
    )
    found = companies(desk.store, desk.picture, scope=desk.scope, filter=asked, now=desk.now)
    head = heading(
        t("Companies served"),
        t("{n} companies · {when}").format(n=count(len(found)), when=window_words(desk, t)),
    )
    body = join(_company(one, desk) for one in found) or empty(t("No company in this time."))
    return head + Markup('<div class="gm-companies">{}</div>').format(body)
