"""Public holidays of China and the working days that make up for them, 2024 to 2026.

From the yearly notices of the General Office of the State Council (国务院办公厅关于部分节假日
安排的通知): 国办发明电〔2023〕7号 for 2024, 〔2024〕12号 for 2025, 〔2025〕7号 for 2026. A new year
is added in the rules file as soon as its notice is out.
"""

from datetime import date, timedelta
from typing import Final


def days(first: date, last: date) -> tuple[date, ...]:
    """Every day from ``first`` to ``last``, both included."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


_HOLIDAYS = (
    (date(2024, 1, 1), date(2024, 1, 1)),  # 元旦
    (date(2024, 2, 10), date(2024, 2, 17)),  # 春节
    (date(2024, 4, 4), date(2024, 4, 6)),  # 清明节
    (date(2024, 5, 1), date(2024, 5, 5)),  # 劳动节
    (date(2024, 6, 10), date(2024, 6, 10)),  # 端午节
    (date(2024, 9, 15), date(2024, 9, 17)),  # 中秋节
    (date(2024, 10, 1), date(2024, 10, 7)),  # 国庆节
    (date(2025, 1, 1), date(2025, 1, 1)),  # 元旦
    (date(2025, 1, 28), date(2025, 2, 4)),  # 春节
    (date(2025, 4, 4), date(2025, 4, 6)),  # 清明节
    (date(2025, 5, 1), date(2025, 5, 5)),  # 劳动节
    (date(2025, 5, 31), date(2025, 6, 2)),  # 端午节
    (date(2025, 10, 1), date(2025, 10, 8)),  # 国庆节、中秋节
    (date(2026, 1, 1), date(2026, 1, 3)),  # 元旦
    (date(2026, 2, 15), date(2026, 2, 23)),  # 春节
    (date(2026, 4, 4), date(2026, 4, 6)),  # 清明节
    (date(2026, 5, 1), date(2026, 5, 5)),  # 劳动节
    (date(2026, 6, 19), date(2026, 6, 21)),  # 端午节
    (date(2026, 9, 25), date(2026, 9, 27)),  # 中秋节
    (date(2026, 10, 1), date(2026, 10, 7)),  # 国庆节
)

HOLIDAYS: Final = frozenset(day for first, last in _HOLIDAYS for day in days(first, last))

MAKEUP_DAYS: Final = frozenset(
    {
        date(2024, 2, 4), date(2024, 2, 18), date(2024, 4, 7), date(2024, 4, 28),
        date(2024, 5, 11), date(2024, 9, 14), date(2024, 9, 29), date(2024, 10, 12),
        date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28),
        date(2025, 10, 11),
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9),
        date(2026, 9, 20), date(2026, 10, 10),
    }
)  # fmt: skip
"""Saturdays and Sundays that are worked."""
