"""How a feed's answer crosses the wire: packed once, addressed by ETag, 304 when unchanged.

Streamlit's own compression runs again for every request; an answer that already carries a
``Content-Encoding`` passes it by.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import orjson
from starlette.responses import Response

SMALL: Final = 600
"""Bytes below which compressing costs more than it saves."""

FRESH: Final = "private, no-cache"
"""Asked for again each time, answered with 304 while nothing changed."""

FOREVER: Final = "private, max-age=31536000, immutable"
"""For an address that names its version."""

_VARY: Final = "Cookie, Accept-Encoding"


@dataclass(frozen=True)
class Packed:
    """A body with its ETag, compressed if that pays."""

    raw: bytes
    zipped: bytes | None
    etag: str

    def answer(
        self,
        headers: Mapping[str, str],
        *,
        media_type: str = "application/json",
        cache: str = FRESH,
    ) -> Response:
        """Answer to a request: 304, compressed or plain. Scoped data varies with the cookie."""
        public = {"ETag": self.etag, "Cache-Control": cache, "Vary": _VARY}
        if self.etag in [t.strip() for t in headers.get("if-none-match", "").split(",")]:
            return Response(None, 304, headers=public)
        if self.zipped is not None and "gzip" in headers.get("accept-encoding", ""):
            zipped = public | {"Content-Encoding": "gzip"}
            return Response(self.zipped, headers=zipped, media_type=media_type)
        return Response(self.raw, headers=public, media_type=media_type)


def pack(body: bytes, *, level: int = 6) -> Packed:
    """Pack a body; the ETag is a digest of the plain bytes."""
    tag = hashlib.sha256(body).hexdigest()[:20]
    zipped = gzip.compress(body, level, mtime=0) if len(body) > SMALL else None
    return Packed(body, zipped, f'"{tag}"')


def pack_json(content: Any, *, level: int = 6) -> Packed:
    """Pack a JSON document; arrays of numpy are written as they are, NaN as null."""
    return pack(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), level=level)


def trouble(status: int, reason: str) -> Response:
    """Answer an error in JSON: a word for the script, nothing of the inside."""
    body = orjson.dumps({"error": reason})
    headers = {"Cache-Control": "no-store"}
    return Response(body, status, headers=headers, media_type="application/json")


class Kept:
    """A few packed answers, least recently used out first; safe for many threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Hashable, Packed] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Packed]) -> Packed:
        """Give the answer under ``key``, made now if it is not held.

        Two threads may make the same answer at the same time; both get a right one.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        return made
