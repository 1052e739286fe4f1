"""Who looks after the buildings of a grid, as the plan has it."""

from markupsafe import Markup

from data.plan_moves import charge_of, homes_of
from pages._format import count
from pages._html import join
from pages._plan_desk import Bench
from pages._text import Translate


def charges_of(bench: Bench, label: str) -> list[tuple[str, int]]:
    """Give the chiefs of a grid with their households, most first; ``""`` where there is none."""
    sums: dict[str, int] = {}
    for home in homes_of(bench.shown, bench.shown.state.members[label]):
        who = charge_of(home, bench.shown.state) or ""
        sums[who] = sums.get(who, 0) + home.households
    return sorted(sums.items(), key=lambda pair: (pair[0] == "", -pair[1], pair[0]))


def chief_name(bench: Bench, who: str, t: Translate) -> str:
    """Name a chief, or the post that is to be filled."""
    if not who:
        return t("nobody")
    if who.startswith("p"):
        return bench.shown.ground.chief_names.get(int(who[1:]), t("another person"))
    return t("post {n}, to be filled").format(n=who[1:])


def chiefs_line(bench: Bench, label: str) -> Markup:
    """Give the chiefs of a grid in one line, each with the households looked after."""
    t = bench.t
    parts = join(
        Markup("<span>{} <b>{}</b></span>").format(
            chief_name(bench, who, t), t("{n} households").format(n=count(households))
        )
        for who, households in charges_of(bench, label)
        if who or households
    )
    return Markup('<div class="gm-charges"><em>{}</em>{}</div>').format(t("Building chiefs"), parts)
