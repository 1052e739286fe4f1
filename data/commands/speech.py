"""What the command line says: in Chinese where the environment is Chinese, else in English."""

import os
import sys
from collections.abc import Mapping


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Whether the locale of the environment is Chinese (LC_ALL before LC_MESSAGES before LANG)."""
    found = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in found if value), "").lower().startswith("zh")


def words(english: str, chinese: str) -> str:
    """Choose the text for this environment."""
    return chinese if is_chinese(os.environ) else english


def say(english: str, chinese: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(words(english, chinese) + "\n")


def complain(english: str, chinese: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(words(english, chinese) + "\n")
