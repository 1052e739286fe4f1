import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from data import archive, schema
from data.accounts import actor_of, sign_in
from data.backup import BadArchive, TargetInUse, TargetNotEmpty, backup, restore, verified
from data.check import check
from data.events import events_since, verify_chain
from data.settings import Settings
from data.store import Store, get_meta, open_store
from tests.small_district import NOW, PASSWORD, fill

LATER = NOW + timedelta(hours=1)


def content(store: Store) -> dict[str, list[Any]]:
    """All rows of the record, comparable between stores."""
    with store.read() as conn:
        return {
            table.name: [tuple(r) for r in conn.execute(select(table).order_by(*table.primary_key))]
            for table in archive.TABLES
        }


def add_person(store: Store, name: str = "新人") -> None:
    with store.write() as conn:
        conn.execute(insert(schema.person), {"duty": "grid_worker", "name": name, "area_id": 8})


@pytest.fixture
def source(district: Store, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    backup(district, path, now=NOW)
    return path


def test_restored_store_equals_the_one_backed_up(
    district: Store, source: Path, target: Settings
) -> None:
    done = restore(target, source, now=LATER)
    assert done.kept is None
    opened = open_store(target, create=False)
    before, after = content(district), content(opened)
    with opened.read() as conn:
        sealed = events_since(conn, len(before["event"]))
        assert verify_chain(conn).sound
    assert [(e.action, e.at) for e in sealed] == [("restore", LATER)]
    assert after.pop("event")[:-1] == before.pop("event")
    assert dict(after.pop("meta")) | {"store_id": ""} == dict(before.pop("meta")) | {"store_id": ""}
    assert after == before
    assert [f for f in check(opened) if f.code != "disk"] == []
    add_person(opened)  # the next id is free
    opened.close()


def test_an_incident_merged_into_a_later_one_is_restored(
    district: Store, target: Settings, tmp_path: Path
) -> None:
    first = update(schema.incident).where(schema.incident.c.id == 4)
    with district.write() as conn:
        conn.execute(first.values(state="merged", merged_into_id=5))
    path = tmp_path / "backup.zip"
    backup(district, path, now=NOW)
    restore(target, path, now=LATER)
    opened = open_store(target)
    assert content(opened)["incident"] == content(district)["incident"]
    opened.close()


def test_restored_store_has_another_id_and_no_sessions(
    district: Store, target: Settings, tmp_path: Path
) -> None:
    token = sign_in(district, login="command", password=PASSWORD, address="", now=NOW).token
    path = tmp_path / "backup.zip"
    backup(district, path, now=NOW)
    restore(target, path, now=LATER)
    opened = open_store(target)
    with district.read() as conn, opened.read() as other:
        assert get_meta(conn, "store_id") != get_meta(other, "store_id")
    assert actor_of(opened, token, now=NOW) is None
    again = sign_in(opened, login="command", password=PASSWORD, address="", now=LATER)
    assert again.actor.login == "command"
    opened.close()


def test_store_with_data_is_refused_and_untouched(source: Path, target: Settings) -> None:
    restore(target, source, now=LATER)
    opened = open_store(target)
    add_person(opened)
    before = content(opened)
    with pytest.raises(TargetNotEmpty):
        restore(target, source, now=LATER)
    assert content(opened) == before
    opened.close()


def test_forced_restore_keeps_what_was_there(
    source: Path, target: Settings, tmp_path: Path
) -> None:
    restore(target, source, now=LATER)
    opened = open_store(target)
    add_person(opened, "只在旧库")
    opened.close()
    done = restore(target, source, now=LATER, force=True)
    assert done.kept is not None
    opened = open_store(target)
    assert "只在旧库" not in str(content(opened)["person"])
    opened.close()
    if done.kept.suffix == ".zip":
        with archive.opened(done.kept) as kept:
            assert "只在旧库" in kept.read("tables/person.jsonl").decode()
    else:
        with sqlite3.connect(done.kept) as kept_file:
            names = [row[0] for row in kept_file.execute("SELECT name FROM person")]
        kept_file.close()
        assert "只在旧库" in names


def rewritten(source: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Backup with changed parts."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    path = source.with_name("changed.zip")
    with zipfile.ZipFile(path, "w") as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return path


def manifest_change(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        body = json.loads(parts["manifest.json"])
        parts["manifest.json"] = json.dumps({**body, **values}).encode()

    return change


def replace_text(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


def drop_last_line(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[name] = b"".join(parts[name].splitlines(keepends=True)[:-1])

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda parts: parts.pop("manifest.json"), "not_a_backup"),
        (lambda parts: parts.update({"manifest.json": b"[]"}), "not_a_backup"),
        (manifest_change(format="gridmap-backup-9"), "newer"),
        (manifest_change(schema_version="9999"), "newer"),
        (manifest_change(head="0" * 64), "chain"),
        (
            manifest_change(tables={"gone": {"rows": 0, "sha256": "", "columns": []}}),
            "unknown_table",
        ),
        (lambda parts: parts.pop("tables/area.jsonl"), "damaged"),
        (replace_text("tables/person.jsonl", "张栋长".encode(), "李栋长".encode()), "digest"),
        (drop_last_line("tables/building.jsonl"), "rows"),
    ],
)
def test_unsound_backup_is_refused_and_the_store_is_untouched(
    sqlite_district: Store, tmp_path: Path, change: Callable[[dict[str, bytes]], None], fault: str
) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)
    before = content(sqlite_district)
    with pytest.raises(BadArchive) as caught:
        restore(sqlite_district.settings, rewritten(source, change), now=LATER, force=True)
    assert caught.value.fault == fault
    assert content(sqlite_district) == before


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_file_cut_off_anywhere_is_refused(
    sqlite_district: Store, tmp_path: Path, share: float
) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(source.read_bytes()[: int(source.stat().st_size * share)])
    with pytest.raises(BadArchive) as caught:
        verified(cut)
    assert caught.value.fault == "damaged"


def test_flipped_byte_is_found(sqlite_district: Store, tmp_path: Path) -> None:
    source = tmp_path / "backup.zip"
    manifest = backup(sqlite_district, source, now=NOW)
    body = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        part = archive.getinfo("tables/incident.jsonl")
    body[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    source.write_bytes(body)
    with pytest.raises(BadArchive):
        verified(source)
    assert manifest.rows == 56


def test_file_that_a_server_has_open_is_not_replaced(
    sqlite_district: Store, tmp_path: Path
) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)  # leaves idle connections in the pool
    with pytest.raises(TargetInUse):
        restore(sqlite_district.settings, source, now=LATER, force=True)
    with sqlite_district.read(), pytest.raises(TargetInUse):
        restore(sqlite_district.settings, source, now=LATER, force=True)
    add_person(sqlite_district)
    assert [p.name for p in tmp_path.glob("*restoring*")] == []


def test_two_restores_within_a_second_keep_both(sqlite_district: Store, tmp_path: Path) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)
    sqlite_district.close()
    kept = {restore(sqlite_district.settings, source, now=LATER, force=True).kept for _ in range(3)}
    assert len(kept) == 3


def test_damaged_file_is_kept_aside_when_replaced(sqlite_district: Store, tmp_path: Path) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)
    path = tmp_path / "damaged" / "gridmap.db"
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 1000)
    settings = Settings(database_url=f"sqlite:///{path}", var=path.parent)
    with pytest.raises(TargetNotEmpty):
        restore(settings, source, now=LATER)
    path.with_name("gridmap.db-wal").write_bytes(b"log of the damaged file")
    done = restore(settings, source, now=LATER, force=True)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"not a database" * 1000
    assert not path.with_name("gridmap.db-wal").exists()
    opened = open_store(settings, create=False)
    assert len(content(opened)["area"]) == 15
    opened.close()


def test_backup_sees_one_state_and_its_file_is_private(
    district: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(_items: int) -> None:
        monkeypatch.undo()
        with district.write() as conn:
            conn.execute(delete(schema.view))
            conn.execute(insert(schema.view), {"key": "k", "body": "{}", "created_at": 0})

    manifest = backup(district, tmp_path / "b.zip", now=NOW, advance=write_meanwhile)
    assert manifest.tables["view"].rows == 0
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == []


def test_media_travel_with_the_record(sqlite_district: Store, tmp_path: Path) -> None:
    folder = sqlite_district.settings.var / "media" / "2026"
    folder.mkdir(parents=True)
    (folder / "照片.jpg").write_bytes(b"\xff\xd8photo")
    source = tmp_path / "backup.zip"
    manifest = backup(sqlite_district, source, now=NOW)
    assert list(manifest.media) == ["2026/照片.jpg"]
    var = tmp_path / "elsewhere"
    (var / "media").mkdir(parents=True)
    (var / "media" / "old.jpg").write_bytes(b"old")
    restore(Settings(database_url=f"sqlite:///{var}/g.db", var=var), source, now=LATER)
    assert (var / "media" / "2026" / "照片.jpg").read_bytes() == b"\xff\xd8photo"
    assert [p.read_bytes() for p in var.glob("media.replaced-*/old.jpg")] == [b"old"]


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil"])
def test_media_name_never_leads_out(sqlite_district: Store, tmp_path: Path, name: str) -> None:
    source = tmp_path / "backup.zip"
    backup(sqlite_district, source, now=NOW)
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def change(parts: dict[str, bytes]) -> None:
        parts[f"media/{name}"] = b""
        manifest_change(media={name: digest})(parts)

    var = tmp_path / "elsewhere"
    var.mkdir()
    with pytest.raises(BadArchive):
        restore(
            Settings(database_url=f"sqlite:///{var}/g.db", var=var), rewritten(source, change),
            now=LATER,
        )  # fmt: skip
    assert not (tmp_path / "evil").exists()
    assert not (var / "g.db").exists()


def test_small_district_fills_only_once(sqlite_district: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        fill(sqlite_district)
