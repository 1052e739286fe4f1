"""Compiling a function of plain loops, with what was compiled kept for the next process."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile ``function`` at its first call; it runs without holding the interpreter's lock.

    Machine code is kept beside the source or in the user's cache directory; where neither can be
    written, or the function has no source file, each process compiles for itself.
    """
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba found no place for its cache
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("F", made)
