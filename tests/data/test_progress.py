import io
from collections.abc import Iterator

import pytest

from data.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticking(step: float) -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += step


def shown(out: io.StringIO, *, step: float, total: int | None = 10) -> str:
    times = ticking(step)
    with progress("rows", total, stream=out, clock=lambda: next(times)) as advance:
        for _ in range(5):
            advance(2)
    return out.getvalue()


def test_pipe_gets_whole_lines_and_not_too_many() -> None:
    assert shown(io.StringIO(), step=1.0).splitlines() == [
        "rows: 0 / 10 (0 %)", "rows: 10 / 10 (100 %)", "rows: 10, 6.0 s",
    ]  # fmt: skip


def test_terminal_redraws_one_line() -> None:
    out = shown(Terminal(), step=0.25)
    assert out.count("\n") == 1
    assert "rows: 4 / 10 (40 %)" in out


def test_step_without_a_count_says_ok() -> None:
    out = io.StringIO()
    with progress("upgrade", stream=out):
        pass
    assert out.getvalue().startswith("upgrade …\nupgrade: ok")


def test_failed_step_is_not_called_done() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), progress("upgrade", stream=out):
        raise ZeroDivisionError
    assert out.getvalue() == "upgrade …\n"
