"""Reads files in the test's own process: the same parsers, without a start of Python each."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from data.importers import parsers
from data.importers.reading import Limits, Records, Request, UnreadableFile, collect


def read_here(request: Request, limits: Limits) -> Records:
    """Do what the reading process does, without its limits."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            parsed = parsers.read(
                request.path, {**asdict(request), "out": folder, "rows": limits.rows}
            )
        except parsers.Refused as refused:
            raise UnreadableFile(request.path, refused.reason, refused.detail) from refused
        parsers.write(Path(folder), parsed)
        return collect(Path(folder))
