"""Attributes of OpenStreetMap files that GDAL leaves in one text, as columns of their own."""

import re
from dataclasses import replace
from typing import Any, Final

from data.importers.reading import Records

_PAIR: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def tags(text: str | None) -> dict[str, str]:
    """Tags of an ``other_tags`` text (PostgreSQL's hstore form)."""
    return {key: value.replace('\\"', '"') for key, value in _PAIR.findall(text or "")}


def with_tags(records: Records) -> Records:
    """Give an OSM layer address, levels and a code as columns; leave other records alone."""
    if "other_tags" not in records.columns:
        return records
    found = [tags(text) for text in records.columns["other_tags"]]
    size = len(records)
    ways = records.columns.get("osm_way_id", [None] * size)
    ids = records.columns.get("osm_id", [None] * size)
    added: dict[str, list[Any]] = {
        "address": [
            " ".join(p for p in (t.get("addr:street"), t.get("addr:housenumber")) if p)
            for t in found
        ],
        "floors": [t.get("building:levels") for t in found],
        "code": [f"osm-w{w}" if w else f"osm-r{i}" for w, i in zip(ways, ids, strict=True)],
    }
    return replace(records, columns={**records.columns, **added})
