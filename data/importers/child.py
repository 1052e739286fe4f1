"""The reading of one file in a process of its own: ``python -m data.importers.child``.

A file from outside may be a bomb or crash a parser, so this process limits its own memory, time
and output before it opens anything, and hands back plain JSON and WKB, never pickled objects.
The job comes as JSON on standard input; the answer is written into the folder the job names.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

SKIPPED_DRIVERS = (
    "VRT,OGR_VRT,DERIVED,HTTP,WFS,OAPIF,CSW,AmigoCloud,Carto,Elasticsearch,NGW,PLScenes,"
    "EEDA,GMLAS,SOSI,VDV,Selafin"
)
"""Drivers that fetch other files or addresses; GDAL would pick them by content, not by name."""


def limit(job: dict[str, Any]) -> None:
    """Take the limits of the job; they hold for everything that is opened afterwards."""
    for kind, value in (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_FSIZE, job["memory"]),
        (resource.RLIMIT_CORE, 0),
    ):
        # The signal of the soft limit tells time from memory; the hard one ends what ignores it.
        resource.setrlimit(kind, (value, value + 5 if kind == resource.RLIMIT_CPU else value))
    os.environ.update(
        GDAL_SKIP=SKIPPED_DRIVERS,
        OSM_MAX_TMPFILE_SIZE="200",
        CPL_TMPDIR=job["out"],
        OGR_GEOJSON_MAX_OBJ_SIZE="100MB",
        GDAL_DISABLE_READDIR_ON_OPEN="FALSE",
    )


def main() -> int:
    """Do the job on standard input; 0 read, 3 refused with a reason in ``refused.json``."""
    job = json.loads(sys.stdin.read())
    limit(job)
    # Imported only now, so that the limits hold for the parsers' own start too.
    from data.importers.parsers import Refused, read, write  # noqa: PLC0415

    out = Path(job["out"])
    try:
        write(out, read(Path(job["path"]), job))
    except Refused as refused:
        text = json.dumps({"reason": refused.reason, "detail": refused.detail}, ensure_ascii=False)
        (out / "refused.json").write_text(text, encoding="utf-8")
        return 3
    except MemoryError:
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
