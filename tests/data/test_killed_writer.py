"""Killed with SIGKILL at any moment, writers lose nothing that they have acknowledged.

Each round forks two writers on one store. They report, act and attach photos through the doors
that the pages use, and acknowledge each write over a pipe once it has returned. The parent kills
them at a random moment, right after the fork at times, and looks at what is left: all that was
acknowledged, one whole event per version, at most one more write of each, and a sound chain.
"""

import hashlib
import os
import select
import signal
import struct
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from random import Random

import pytest
from sqlalchemy import select as select_rows

from data import media, schema
from data.attachments import add_attachment
from data.casework import act, opened
from data.events import verify_chain
from data.handling import NewIncident, report_incident
from data.picture import Pictures
from data.store import open_store
from rules.access import Scope
from rules.casework import Request
from rules.steps import Action
from tests.pixels import jpeg
from tests.small_district import AREA, NOW, PERSON, actor, corner

DISTRICT = Scope(AREA["D"])
ACK = struct.Struct("<40sI")
"""Number of an incident (or key of a photo) and the version that is stored; 0 for a photo."""
WRITERS = 2
LOOKS = 4
"""After so many rounds the whole store is looked at."""
STEPS = {
    1: Request(Action.DISPATCH, person=PERSON["worker of G1"]),
    2: Request(Action.START),
    3: Request(Action.RESOLVE, note="清理完毕"),
    4: Request(Action.FEED_BACK, note="已告知"),
    5: Request(Action.EVALUATE, score=1, note="没有解决"),
}
PHOTO = [jpeg((8, 8), (n, 0, 0)) for n in range(256)]


def writes(store, pictures, seed):
    """Write for ever; give each write once it has returned."""
    random = Random(seed)
    who = {"scope": DISTRICT, "actor": actor("command")}
    x, y = corner("G1")
    version, number = 0, ""
    while True:
        now = NOW + timedelta(seconds=random.randrange(86_400))
        if not version:
            new = NewIncident("hazard", "楼道堆物", x + 0.004, y + 0.004, subkind="fire_lane")
            picture = pictures.current(now)
            number = report_incident(store, picture, **who, new=new, now=now).number
            version = 1
        elif random.random() < 0.2:
            content = PHOTO[random.randrange(len(PHOTO))]
            picture = pictures.current(now)
            made = add_attachment(
                store, picture, **who, number=number, name="x", content=content, now=now
            )
            yield made.key, 0
            continue
        else:
            version = act(
                store, pictures.current(now), **who, number=number, version=version,
                request=STEPS[version], now=now,
            )  # fmt: skip
        yield number, version
        version %= len(STEPS) + 1


def fork_writer(store, pictures, seed):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            for key, version in writes(store, pictures, seed):
                os.write(writer, ACK.pack(key.encode(), version))
        finally:
            os._exit(1)
    os.close(writer)
    return child, reader


def acknowledgements(reader, at_most):
    for _ in range(at_most):
        said = os.read(reader, ACK.size)
        if len(said) < ACK.size:
            return
        key, version = ACK.unpack(said)
        yield key.rstrip(b"\0").decode(), version


def one_round(store, pictures, random):
    """Run writers and kill them all; give what they acknowledged, and how many ended themselves.

    The children take over the statements that are compiled and the picture; no connection, for
    the parent has closed its own.
    """
    store.close()
    writers = [fork_writer(store, pictures, random.random()) for _ in range(WRITERS)]
    said, ended = [], 0
    for _ in range(random.choice((0, 0, 1, 2, 3, 5, 8))):
        ready, _, _ = select.select([reader for _, reader in writers], [], [])
        said += acknowledgements(ready[0], 1)
    for child, _ in writers:
        os.kill(child, signal.SIGKILL)
    for child, reader in writers:
        _, status = os.waitpid(child, 0)
        ended += not os.WIFSIGNALED(status)
        said += acknowledgements(reader, 1_000_000)
        os.close(reader)
    return said, ended


@contextmanager
def restarted(settings):
    store = open_store(settings, create=False)
    yield store
    store.close()


def stored(settings):
    """Give versions, events per incident and digests of photos, from a freshly opened store."""
    incident, event, photo = schema.incident.c, schema.event.c, schema.attachment.c
    of_incidents = select_rows(event.subject_id, event.action).where(event.subject == "incident")
    with restarted(settings) as store, store.read() as conn:
        assert verify_chain(conn).sound
        versions = dict(conn.execute(select_rows(incident.number, incident.version)).all())
        ids = dict(conn.execute(select_rows(incident.id, incident.number)).all())
        steps = Counter(ids[i] for i, what in conn.execute(of_incidents) if what != "attach")
        photos = dict(conn.execute(select_rows(photo.key, photo.sha256)).all())
    return versions, steps, photos


def look(settings, said, before):
    """Hold what is stored against what was acknowledged, ever."""
    versions, steps, photos = stored(settings)
    lost = [(key, v) for key, v in said if v and versions.get(key, 0) < v]
    assert lost == []
    assert [key for key, v in said if not v and key not in photos] == []
    for key, sha256 in photos.items():
        if key not in before:
            content = media.path_of(settings.var, key).read_bytes()
            assert hashlib.sha256(content).hexdigest() == sha256
            assert media.size_of(settings.var, key + media.SMALL)
    mine = {number: version for number, version in versions.items() if number.startswith("51")}
    assert {number: steps[number] for number in mine} == mine
    return set(photos), sum(mine.values()) + len(photos)


def killed(store, rounds, random):
    settings, pictures = store.settings, Pictures(store)
    said, ended = list(islice(writes(store, pictures, 0), 30)), 0  # every kind of write, compiled
    photos, before = look(settings, said, set())
    for _ in range(rounds // LOOKS):
        fresh = []
        for _ in range(LOOKS):
            pictures.current(NOW)
            told, gone = one_round(store, pictures, random)
            fresh, ended = fresh + told, ended + gone
        said += fresh
        photos, after = look(settings, said, photos)
        done = len(set(fresh))
        assert done <= after - before <= done + WRITERS * LOOKS
        before = after
    assert ended == 0
    return before


def still_works(settings):
    """Take one more step after the last kill."""
    with restarted(settings) as store:
        picture = Pictures(store).current(NOW)
        new = NewIncident("hazard", "重启之后", *(part + 0.004 for part in corner("G1")))
        filed = report_incident(
            store, picture, scope=DISTRICT, actor=actor("command"), new=new, now=NOW
        )
        found = opened(store, picture, scope=DISTRICT, actor=actor("command"), number=filed.number)
        assert found.version == 1


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_two_hundred_kills_lose_no_acknowledged_write(sqlite_district):
    assert killed(sqlite_district, 200, Random(20261123)) > 200
    still_works(sqlite_district.settings)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_kills_lose_nothing_on_both_stores(district):
    assert killed(district, 20, Random(7)) > 20
    still_works(district.settings)
