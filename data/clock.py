"""The one place that asks the machine what time it is; everything else is given the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present moment in UTC."""
    return datetime.now(UTC)
