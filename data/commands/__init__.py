"""The subcommands of ``python -m data``, one module each.

A module has ``add_parser(sub)`` and ``run(args, settings) -> int``; the number is the exit code.
"""

from typing import Final

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
"""Exit codes: done; failed, nothing was changed; asked wrongly; done, but rows were refused."""

COMMANDS: Final = {
    "init": "init",
    "demo": "demo",
    "import": "import_",
    "export": "export",
    "plan": "plan",
    "check": "check",
    "backup": "backup",
    "restore": "restore",
    "user": "user",
    "rules": "rules",
}
"""Subcommands in the order of the help, with the names of their modules."""
