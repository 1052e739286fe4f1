from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.working_time import working_clock
from rules.rulebook import DEFAULT

START = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK = working_clock(DEFAULT.calendar, START, START + timedelta(days=200))
seconds = st.integers(0, 190 * 86_400)


@given(seconds, seconds)
def test_the_table_counts_as_the_rules_do(one, other):
    begin, end = sorted((one, other))
    read = CLOCK.read(START.timestamp() + np.array([begin, end]))
    minutes = DEFAULT.calendar.minutes_between(
        START + timedelta(seconds=begin), START + timedelta(seconds=end)
    )
    assert (read[1] - read[0]) // 60 == pytest.approx(minutes)
