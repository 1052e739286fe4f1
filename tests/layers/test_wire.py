"""An answer is packed once, compressed where it pays, and not sent twice."""

import gzip

import numpy as np
import orjson
from starlette.datastructures import Headers

from layers.wire import FOREVER, FRESH, SMALL, Kept, pack, pack_json, trouble

BODY = b"grid " * 500


def test_a_large_body_crosses_compressed() -> None:
    answer = pack(BODY).answer(Headers({"accept-encoding": "gzip, br"}))
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(answer.body)) == BODY
    assert len(answer.body) < len(BODY) / 10


def test_a_client_that_cannot_unzip_gets_it_plain() -> None:
    answer = pack(BODY).answer(Headers({}))
    assert "content-encoding" not in answer.headers
    assert answer.body == BODY


def test_a_small_body_is_not_compressed() -> None:
    assert pack(b"x" * SMALL).zipped is None


def test_an_unchanged_answer_is_304_without_a_body() -> None:
    packed = pack(BODY)
    again = packed.answer(Headers({"if-none-match": f'"other", {packed.etag}'}))
    assert again.status_code == 304
    assert again.body == b""
    assert again.headers["etag"] == packed.etag


def test_another_body_has_another_etag_and_the_same_body_the_same() -> None:
    assert pack(BODY).etag == pack(BODY).etag != pack(BODY + b"!").etag


def test_scoped_answers_are_private_and_vary_with_the_session() -> None:
    for cache in (FRESH, FOREVER):
        answer = pack(BODY).answer(Headers({}), cache=cache)
        assert answer.headers["cache-control"].startswith("private")
        assert "Cookie" in answer.headers["vary"]


def test_arrays_and_missing_numbers_are_written() -> None:
    packed = pack_json({"a": np.array([1, 2]), "b": np.array([0.5, np.nan])})
    assert orjson.loads(packed.raw) == {"a": [1, 2], "b": [0.5, None]}


def test_trouble_is_json_that_nobody_keeps() -> None:
    answer = trouble(404, "not found")
    assert orjson.loads(answer.body) == {"error": "not found"}
    assert answer.headers["cache-control"] == "no-store"


def test_the_least_used_answer_goes_first() -> None:
    kept, made = Kept(2), []

    def get(key: str) -> None:
        kept.get(key, lambda: made.append(key) or pack(key.encode()))

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]
