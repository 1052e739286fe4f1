"""Photos and papers: whole or not there, within scope, one event each, in every backup."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from data import attachments as kept
from data import media, schema
from data.attachments import add_attachment, attachment, attachments, count_photos
from data.backup import backup, restore
from data.check import check
from data.commands.check import sweep
from data.events import events_of, verify_chain
from data.photos import UnknownContent
from data.picture import Pictures
from data.store import StoreFull, StoreUnavailable, open_store
from rules.access import OutsideScope, Scope
from rules.casework import IllegalStep, NotYours
from tests.pixels import PDF, SECRET, from_a_phone, jpeg, png
from tests.small_district import AREA, BUILDING, NOW, NUMBER, actor

DISTRICT = Scope(AREA["D"])


@pytest.fixture(autouse=True)
def room(monkeypatch):
    monkeypatch.setattr("data.check.MIN_FREE_BYTES", 0)


@pytest.fixture
def picture(district):
    return Pictures(district).current(NOW)


def add(store, picture, content=None, *, key="I1", login="lead", scope=DISTRICT, name="现场.png"):
    return add_attachment(
        store, picture, scope=scope, actor=actor(login), number=NUMBER[key], name=name,
        content=content or from_a_phone(), now=NOW,
    )  # fmt: skip


def names(store):
    folder = store.settings.var / "media"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_a_photo_is_a_row_an_event_and_two_files_without_its_origin(district, picture):
    made = add(district, picture)
    assert attachments(district, picture, scope=DISTRICT, number=NUMBER["I1"]) == (made,)
    assert attachment(district, picture, scope=DISTRICT, key=made.key) == made
    assert (made.name, made.step, made.actor, made.at) == ("现场.jpg", "in_progress", "lead", NOW)
    for path in (kept.file_of(district, made), kept.small_of(district, made)):
        assert SECRET not in path.read_bytes()
    with district.read() as conn:
        (event,) = events_of(conn, "incident", 1)
        assert verify_chain(conn).sound
    assert (event.action, event.after["key"]) == ("attach", made.key)
    assert names(district) == [made.key, made.key + media.SMALL]


def test_photos_are_counted_and_papers_are_not(district, picture):
    add(district, picture)
    add(district, picture, PDF, name="说明.pdf")
    assert count_photos(district, picture, scope=DISTRICT, number=NUMBER["I1"]) == 1
    assert count_photos(district, picture, scope=DISTRICT, number=NUMBER["I2"]) == 0


def test_the_same_photo_sent_twice_is_there_once(district, picture):
    first = add(district, picture)
    assert add(district, picture, name="again.jpg") == first
    assert len(names(district)) == 2
    assert add(district, picture, key="I2").key != first.key


def test_outside_the_scope_nothing_is_seen_and_nothing_added(district, picture):
    made = add(district, picture, key="I8", login="command")
    narrow = Scope(AREA["G1"])
    for ask in (
        lambda: add(district, picture, key="I8", scope=narrow),
        lambda: attachments(district, picture, scope=narrow, number=NUMBER["I8"]),
        lambda: count_photos(district, picture, scope=narrow, number=NUMBER["I8"]),
        lambda: attachment(district, picture, scope=narrow, key=made.key),
        lambda: attachment(district, picture, scope=DISTRICT, key="0" * 32),
        lambda: attachments(district, picture, scope=DISTRICT, number="?"),
    ):
        with pytest.raises(OutsideScope):
            ask()
    assert len(names(district)) == 2


def test_a_chief_sees_the_photos_of_the_own_buildings_alone(district, picture):
    of_b1, of_b3 = add(district, picture), add(district, picture, key="I5", login="command")
    chief = Scope(AREA["G1"], frozenset({BUILDING["B1"], BUILDING["B2"]}))
    assert attachment(district, picture, scope=chief, key=of_b1.key) == of_b1
    with pytest.raises(OutsideScope):
        attachment(district, picture, scope=chief, key=of_b3.key)


@pytest.mark.parametrize(
    ("key", "login", "content", "error"),
    [
        ("I1", "planner", None, NotYours),
        ("I1", "admin", None, NotYours),
        ("I10", "command", None, IllegalStep),
        ("I1", "lead", b"<script>", UnknownContent),
    ],
)
def test_a_refused_attachment_leaves_nothing(district, picture, key, login, content, error):
    with pytest.raises(error):
        add(district, picture, content, key=key, login=login)
    assert names(district) == []
    with district.read() as conn:
        assert conn.execute(select(schema.attachment)).all() == []
        assert verify_chain(conn).events == 1


def test_an_incident_takes_no_more_than_it_may(district, picture, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    add(district, picture)
    add(district, picture, png())
    with pytest.raises(kept.TooMany):
        add(district, picture, jpeg(colour="blue"))
    assert len(names(district)) == 4


def test_a_full_disk_says_so_and_leaves_nothing(district, picture, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(media.os, "fsync", full)
    with pytest.raises(StoreFull):
        add(district, picture)
    assert names(district) == []


def test_a_folder_that_cannot_be_made_is_a_store_that_is_away(district, picture):
    (district.settings.var / "media").write_bytes(b"a file stands in the way")
    with pytest.raises(StoreUnavailable):
        add(district, picture)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\fakepath\\照片.HEIC", "照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("<img src=x onerror=1>.png", "img src=x onerror=1.jpg"),
        ("", "-.jpg"),
        ("...", "-.jpg"),
        ("长" * 300 + ".png", "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_one_line_without_paths(given, shown):
    assert kept.tidy(given, "image/jpeg") == shown


def test_a_file_without_a_row_is_reported_and_swept_when_it_is_old(district, picture):
    made = add(district, picture)
    media.put(district.settings.var, "f" * 32, b"left by a server that was killed")
    (found,) = check(district)
    assert (found.code, found.example, found.grave) == ("stray_file", "f" * 32, False)
    sweep(district)
    assert len(names(district)) == 3  # it may belong to an upload under way
    old = media.old_strays(district.settings.var, {made.key}, now=NOW + timedelta(days=36500))
    assert [path.name for path in old] == ["f" * 32]


def test_a_row_without_its_file_is_a_fault(district, picture):
    made = add(district, picture)
    media.remove(district.settings.var, made.key)
    assert ("lost_file", made.key) in {(f.code, f.example) for f in check(district) if f.grave}


def test_photos_travel_with_the_record(district, picture, target, tmp_path):
    made = add(district, picture)
    part = media.path_of(district.settings.var, "e" * 32 + media.PART)
    part.write_bytes(b"half an upload")
    source = tmp_path / "backup.zip"
    manifest = backup(district, source, now=NOW)
    assert sorted(manifest.media) == [made.key, made.key + media.SMALL]
    restore(target, source, now=NOW)
    opened = open_store(target)
    again = Pictures(opened).current(NOW)
    found = attachment(opened, again, scope=DISTRICT, key=made.key)
    assert found == made
    assert kept.file_of(opened, found).read_bytes() == kept.file_of(district, made).read_bytes()
    assert [f.code for f in check(opened)] == []
    opened.close()


def test_a_write_that_broke_off_may_leave_a_file_but_no_row(district, picture, monkeypatch):
    def breaks(*_args, **_values):
        reason = "away"
        raise StoreUnavailable(reason)

    monkeypatch.setattr(kept.events, "append", breaks)
    with pytest.raises(StoreUnavailable):
        add(district, picture)
    assert len(names(district)) == 2
    assert {f.code for f in check(district)} == {"stray_file"}


def test_a_row_and_a_changed_file_do_not_match(district, picture):
    made = add(district, picture)
    row = replace(made, key="d" * 32)
    with district.write() as conn:
        conn.execute(
            insert(schema.attachment),
            {"key": row.key, "incident_id": 1, "name": "x", "media_type": "image/jpeg",
             "size": 5, "sha256": "", "at": 0, "actor": "x"},
        )  # fmt: skip
    media.put(district.settings.var, row.key, b"1234")
    assert "lost_file" in {f.code for f in check(district)}
