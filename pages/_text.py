"""The words of the screen: gettext catalogues, and the language of a request."""

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES: Final = ("zh", "en")
DEFAULT_LOCALE: Final = "zh"
LOCALE_NAMES: Final = {"zh": "中文", "en": "English"}
DOMAIN: Final = "gridmap"
FOLDER: Final = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


def known_locale(name: str | None) -> str | None:
    """Give ``zh`` or ``en`` for any spelling of them (``zh-CN``, ``en_GB``), else ``None``."""
    head = (name or "").strip().replace("_", "-").split("-")[0].lower()
    return head if head in LOCALES else None


def accepted_locale(header: str) -> str | None:
    """First language of an ``Accept-Language`` header that we speak, by quality, else ``None``."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, quality = part.partition(";")
        found = known_locale(tag)
        if found:
            ranked.append((-_quality(quality), place, found))
    return min(ranked)[2] if ranked else None


def _quality(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q="))
    except ValueError:
        return 1.0


def choose_locale(*wishes: str | None) -> str:
    """First known language among the wishes, most binding first; Chinese when there is none."""
    return next((found for wish in wishes if (found := known_locale(wish))), DEFAULT_LOCALE)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    if locale == "en":
        return gettext.NullTranslations()
    source = FOLDER / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
    with source.open("rb") as stream:
        messages = read_po(stream, locale="zh_CN", domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def texts(locale: str) -> Translate:
    """Give the function that turns an English message into the words of ``locale``.

    Compiled from the ``.po`` in memory, once per process: no file to build or forget.
    """
    return _catalogue(choose_locale(locale)).gettext


def pick(pair: tuple[str, str], locale: str) -> str:
    """Chinese or English name out of a ``(zh, en)`` pair of the rules."""
    return pair[0] if locale == "zh" else pair[1]


def later(message: str) -> str:
    """Mark a message of a table for translation; it is translated where it is shown."""
    return message
