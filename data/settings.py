"""What the installation decides, read once from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

SCHEMES: Final = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""Accepted schemes of the database URL and the SQLAlchemy driver each stands for."""

TILE_DATUMS: Final = ("wgs84", "gcj02")
WEBHOOK_FORMS: Final = ("plain", "wecom", "dingtalk")


@dataclass(frozen=True)
class Settings:
    """Settings of one installation.

    ``var`` holds everything the program writes. ``tile_url`` is an optional base map template
    (``{z}/{x}/{y}``) whose datum is ``tile_datum``. ``secure_cookie`` is for service behind
    HTTPS, ``public_origin`` the address that users see there. ``rules`` is the file of the
    district's own rules, where it is not ``rules.toml`` in ``var``. ``webhook_url`` is told of
    steps (``data.outbox``) in the form that ``webhook_form`` names.
    """

    database_url: str
    var: Path
    host: str = "127.0.0.1"
    port: int = 8501
    idle_minutes: int = 30
    absolute_hours: int = 8
    tile_url: str | None = None
    tile_datum: str = "wgs84"
    secure_cookie: bool = False
    public_origin: str | None = None
    rules: Path | None = None
    webhook_url: str | None = None
    webhook_form: str = "plain"


class BadSetting(ValueError):
    """A setting has a value that cannot be meant; carries every fault found, by name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = dict(faults)


def _database_url(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES:
        msg = "must start with sqlite:/// or postgresql://"
        raise ValueError(msg)
    return f"{SCHEMES[scheme]}://{rest}"


def _number(text: str, *, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        msg = f"must be a whole number from {low} to {high}"
        raise ValueError(msg)
    return int(text)


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        msg = "must be 0 or 1"
        raise ValueError(msg)
    return text == "1"


def _tile_url(text: str) -> str:
    if not all(part in text for part in ("{z}", "{x}", "{y}")):
        msg = "must contain {z}, {x} and {y}"
        raise ValueError(msg)
    return text


def _tile_datum(text: str) -> str:
    if text not in TILE_DATUMS:
        msg = "must be wgs84 or gcj02"
        raise ValueError(msg)
    return text


def _webhook_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not text.isprintable():
        msg = "must start with http:// or https:// and name a host"
        raise ValueError(msg)
    return text


def _webhook_form(text: str) -> str:
    if text not in WEBHOOK_FORMS:
        msg = "must be plain, wecom or dingtalk"
        raise ValueError(msg)
    return text


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables named ``GRIDMAP_…``; empty means unset.

    Raises
    ------
    BadSetting
        If values cannot be meant; it names all of them.
    """
    var = Path(environ.get("GRIDMAP_VAR") or "var").absolute()
    readers: dict[str, tuple[str, Callable[[str], object]]] = {
        "database_url": ("DATABASE_URL", _database_url),
        "host": ("HOST", str),
        "port": ("PORT", lambda text: _number(text, low=1, high=65535)),
        "idle_minutes": ("IDLE_MINUTES", lambda text: _number(text, low=1, high=1440)),
        "absolute_hours": ("ABSOLUTE_HOURS", lambda text: _number(text, low=1, high=168)),
        "tile_url": ("TILE_URL", _tile_url),
        "tile_datum": ("TILE_DATUM", _tile_datum),
        "secure_cookie": ("SECURE_COOKIE", _flag),
        "public_origin": ("PUBLIC_ORIGIN", str),
        "rules": ("RULES", lambda text: Path(text).absolute()),
        "webhook_url": ("WEBHOOK_URL", _webhook_url),
        "webhook_form": ("WEBHOOK_FORM", _webhook_form),
    }
    values: dict[str, object] = {"database_url": f"sqlite:///{var / 'gridmap.db'}"}
    faults: dict[str, str] = {}
    for field, (name, read) in readers.items():
        text = environ.get(f"GRIDMAP_{name}", "").strip()
        if not text:
            continue
        try:
            values[field] = read(text)
        except ValueError as fault:
            faults[f"GRIDMAP_{name}"] = str(fault)
    if faults:
        raise BadSetting(faults)
    return Settings(var=var, **values)  # type: ignore[arg-type]
