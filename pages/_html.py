"""Small pieces of HTML. Every value is escaped by ``Markup``; text never becomes markup."""

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$<&:])")


def plain(text: str) -> str:
    """Text for a widget's label: Streamlit reads labels as Markdown, so every mark is escaped."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def join(parts: Iterable[str]) -> Markup:
    """Pieces one after the other."""
    return Markup("").join(parts)


def note(text: str, link: str = "", to: str = "") -> Markup:
    """Give a quiet message, with what to do next."""
    after = Markup(' <a href="{}">{}</a>').format(to, link) if link else Markup("")
    return Markup('<div class="gm-note" role="status">{}{}</div>').format(text, after)


def facts(rows: Iterable[tuple[str, str]]) -> Markup:
    """Give a list of names and values; empty values are left out."""
    lines = (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(k, v) for k, v in rows if v)
    return Markup('<dl class="gm-facts">{}</dl>').format(join(lines))


def heading(text: str, aside: str = "") -> Markup:
    """Give the heading of a section of the panel."""
    return Markup('<h3 class="gm-head">{}<span>{}</span></h3>').format(text, aside)


def badge(text: str, tone: str = "plain") -> Markup:
    """Give a small label; ``tone`` is plain, good, warn or bad."""
    return Markup('<span class="gm-badge gm-{}">{}</span>').format(tone, text)


def empty(text: str) -> Markup:
    """Give the words of a list that holds nothing."""
    return Markup('<p class="gm-empty">{}</p>').format(text)
