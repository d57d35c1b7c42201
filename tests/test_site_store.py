"""The run store as a file: made, opened again, refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.site import store
from qa.site.store import VERSION, StoreError, explain, latest_run, open_store


def test_made_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_store(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert latest_run(db) is None
        for state in ("done", "stopped"):
            db.execute("INSERT INTO run (started, state, home, config) VALUES ('', ?, '', '')", (state,))
        assert (latest_run(db), latest_run(db, state="done"), latest_run(db, state="running")) == (2, 1, None)
    with closing(open_store(path, create=False)) as db:
        assert latest_run(db) == 2
    with closing(open_store(path, readonly=True)) as db:
        assert latest_run(db) == 2
        with pytest.raises(sqlite3.OperationalError) as caught:
            db.execute("DELETE FROM run")
        assert explain(caught.value) == "没有写入权限"


def test_in_memory() -> None:
    with closing(open_store(":memory:")) as db:
        assert latest_run(db) is None


@pytest.mark.parametrize("name", ["运行 记录", "a?mode=rwc", "a#b", "a%41", "a&b"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "run.db"
    path.parent.mkdir()
    open_store(path).close()
    with closing(open_store(path, readonly=True)) as db:
        assert latest_run(db) is None
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize(
    "options", [{"create": False}, {"readonly": True}, {"create": False, "readonly": True}]
)
def test_missing(tmp_path: Path, options: dict[str, bool]) -> None:
    with pytest.raises(StoreError, match=r"找不到运行记录“.*run.db”，请先运行 shenjiao crawl"):
        open_store(tmp_path / "run.db", **options)
    assert list(tmp_path.iterdir()) == []


def test_not_a_store(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    path.write_bytes(b"<html></html>" * 100)
    with pytest.raises(StoreError, match="打不开：文件不是数据库，或已损坏"):
        open_store(path)
    assert path.read_bytes() == b"<html></html>" * 100
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (a)")
    before = path.read_bytes()
    for readonly in (False, True):
        with pytest.raises(StoreError, match="不是审校的运行记录"):
            open_store(path, readonly=readonly)
    assert before[100:] == path.read_bytes()[100:]
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="不是审校的运行记录"):
        open_store(path, readonly=True)
    open_store(path, create=False).close()  # an empty file is as good as none
    with closing(open_store(path, readonly=True)) as db:
        assert latest_run(db) is None


def test_another_version(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_store(path)) as db:
        db.execute(f"PRAGMA user_version={VERSION + 1}")
    for readonly in (False, True):
        with pytest.raises(StoreError, match=rf"另一版本的运行记录（{VERSION + 1}），本程序只认 {VERSION}"):
            open_store(path, readonly=readonly)


def test_damaged(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    open_store(path).close()
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * 4000 + data[4100:])
    with pytest.raises(StoreError, match="已损坏"), closing(open_store(path)) as db:
        pytest.fail(str(latest_run(db)))


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.db"
    real = sqlite3.connect
    with closing(real(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE a (a)")
        other.execute("BEGIN EXCLUSIVE")

        def hurried(*arguments: object, **options: object) -> sqlite3.Connection:
            return real(*arguments, timeout=0.01, **options)  # type: ignore[call-overload, no-any-return]

        monkeypatch.setattr(store.sqlite3, "connect", hurried)
        with pytest.raises(StoreError, match="打不开：正被别的程序使用"):
            open_store(path)


def test_out_of_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="打不开：文件夹不存在，或没有权限"):
        open_store(tmp_path / "none" / "run.db")
    (tmp_path / "run.db").mkdir()
    with pytest.raises(StoreError, match="打不开：文件夹不存在，或没有权限"):
        open_store(tmp_path / "run.db")


def test_causes() -> None:
    assert explain(sqlite3.OperationalError("database or disk is full")) == "磁盘空间不足"
    assert explain(sqlite3.DatabaseError("database disk image is malformed")) == "文件已损坏"
    assert explain(sqlite3.OperationalError("disk I/O error")) == "磁盘读写出错，可能空间不足"
