"""Personal data as screens show it until somebody asks for more with a reason."""

from typing import Final

STAR: Final = "*"
HEAD: Final = 3
TAIL: Final = 4
MIN_REASON: Final = 4
"""Letters that a reason for looking at personal data has at least."""


def masked_name(name: str) -> str:
    """Name with all but its first sign hidden; the length is hidden as well."""
    return name.strip()[:1] + STAR * 2 if name.strip() else ""


def masked_phone(phone: str) -> str:
    """Phone number with its middle hidden; of a short one, all but the last two digits."""
    text = phone.strip()
    if len(text) < HEAD + TAIL + 2:
        return STAR * 4 + text[-2:] if len(text) > TAIL else STAR * 4 if text else ""
    return text[:HEAD] + STAR * 4 + text[-TAIL:]


def gives_reason(text: str) -> bool:
    """Whether words say why: long enough, and not one sign over and over."""
    said = "".join(text.split())
    return len(said) >= MIN_REASON and len(set(said)) > 1
