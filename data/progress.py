"""A line on stderr that tells how far a long step is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

Advance = Callable[[int], None]

REDRAW_SECONDS: Final = 0.2
REPEAT_SECONDS: Final = 5.0
"""Into a file or pipe a line cannot be redrawn: a new one is written this often."""


@contextmanager
def progress(
    label: str, total: int | None = None, *, stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Advance]:  # fmt: skip
    """Show a step while it runs; the caller calls what this yields with the number of new items.

    On a terminal one line is redrawn; elsewhere the start, a line every five seconds, and the end
    are written. A step that fails leaves its last line as it was.
    """
    out = stream or sys.stderr
    live = out.isatty()
    start = last = clock()
    done = 0

    def line() -> str:
        if total:
            return f"{label}: {done:,} / {total:,} ({min(done * 100 // total, 100)} %)"
        return f"{label}: {done:,}" if done else f"{label} …"

    def advance(items: int) -> None:
        nonlocal done, last
        done += items
        now = clock()
        if now - last >= (REDRAW_SECONDS if live else REPEAT_SECONDS):
            last = now
            _write(out, line(), live=live)

    _write(out, line(), live=live)
    try:
        yield advance
    except BaseException:
        if live:
            out.write("\n")
        raise
    seconds = f", {clock() - start:.1f} s"
    _write(out, (f"{label}: {done:,}" if done else f"{label}: ok") + seconds, live=live)
    if live:
        out.write("\n")
        out.flush()


def _write(out: TextIO, text: str, *, live: bool) -> None:
    out.write(f"\r\x1b[K{text}" if live else f"{text}\n")
    out.flush()
