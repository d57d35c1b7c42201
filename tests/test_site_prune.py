"""Old runs go, and only what nothing refers to goes with them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qa.site.prune import prune
from qa.site.store import open_store


def store(tmp_path: Path) -> sqlite3.Connection:
    """Five runs over two pages: one never changes, the other is new every night."""
    db = open_store(tmp_path / "run.db")
    (tmp_path / "warc").mkdir()
    db.execute(
        "INSERT INTO url VALUES (1, 'http://a.test/', 'a.test', 1), (2, 'http://a.test/b', 'a.test', 15)"
    )
    for run in range(1, 6):
        warc = f"run-{run:05d}-00000.warc.gz"
        (tmp_path / "warc" / warc).write_bytes(b"x")
        db.execute(
            "INSERT INTO run (id, started, state, home, config) VALUES (?, 't', 'done', 'http://a.test/', '{}')",
            (run,),
        )
        for content, url in ((1, 1), (10 + run, 2)):
            db.execute(
                "INSERT OR IGNORE INTO content (id, url_id, digest, size, media, warc, offset, length, run_id, first_seen)"
                " VALUES (?, ?, ?, 1, 'text/html', ?, 0, 1, ?, 't')",
                (content, url, bytes([content]), warc, run),
            )
            db.execute(
                "INSERT OR IGNORE INTO link VALUES (?, 0, 1, '', 'a', '', 'main', 1, '', 0)", (content,)
            )
            db.execute(
                "INSERT INTO fetch (run_id, url_id, purpose, at, elapsed, status, content_id) VALUES (?, ?, 'page', 't', 0, 200, ?)",
                (run, url, content),
            )
            db.execute("INSERT INTO frontier VALUES (?, ?, 0, 'page', NULL, 'seed')", (run, url))
    return db


def ids(db: sqlite3.Connection, sql: str) -> list[int]:
    return [row[0] for row in db.execute(sql)]


def test_few_runs_stay(tmp_path: Path) -> None:
    db = store(tmp_path)
    assert prune(db, tmp_path / "warc") == 0
    assert prune(db, tmp_path / "warc", 5) == 0
    assert ids(db, "SELECT id FROM run ORDER BY id") == [1, 2, 3, 4, 5]


def test_old_runs_go_with_what_only_they_saw(tmp_path: Path) -> None:
    db = store(tmp_path)
    db.execute("UPDATE url SET content_id = 11 WHERE id = 2")
    assert prune(db, tmp_path / "warc", 2) == 3
    assert ids(db, "SELECT id FROM run ORDER BY id") == [4, 5]
    assert ids(db, "SELECT DISTINCT run_id FROM fetch ORDER BY 1") == [4, 5]
    assert ids(db, "SELECT id FROM content ORDER BY id") == [1, 14, 15], (
        "what never changed stays with its first file"
    )
    assert ids(db, "SELECT content_id FROM link ORDER BY 1") == [1, 14, 15]
    assert ids(db, "SELECT content_id FROM url WHERE id = 2") == [None]
    names = sorted(path.name[4:9] for path in (tmp_path / "warc").iterdir())
    assert names == ["00001", "00004", "00005"]
    assert prune(db, tmp_path / "warc", 2) == 0
