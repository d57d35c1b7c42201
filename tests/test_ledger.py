"""The ledger, the same tests over SQLite and over a PostgreSQL server of our own."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from qa.approval import Approval, Article, File, approve
from qa.cli import ledger as command
from qa.cli import main
from qa.finding import Level
from qa.ledger import (
    EventKind,
    Filters,
    LedgerError,
    Recorded,
    State,
    Status,
    open_ledger,
)
from qa.ledger import connect as connecting
from qa.ledger.book import Ledger
from qa.ledger.connect import Database, migrate
from qa.ledger.shapes import utc
from qa.ledger.tables import HEAD, VERSION_TABLE, metadata
from qa.readers import read
from qa.site.model import SiteConfig
from qa.site.store import open_store
from qa.source import Source

SITE = SiteConfig("https://www.example.gov.cn/", "某市人民政府", "某市政府办")
OTHER = SiteConfig("https://other.example.gov.cn/", "某县人民政府")


@pytest.fixture
def url(ledger_url: str) -> str:
    return ledger_url


@pytest.fixture
def book(url: str) -> Iterator[Ledger]:
    with open_ledger(url) as opened:
        yield opened


# --- runs ---------------------------------------------------------------------------------------


def key(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()[:32]


def day(number: int, hour: int = 1) -> str:
    return f"2026-01-{number:02}T{hour:02}:30:00Z"


def fresh(path: Path | str = ":memory:") -> sqlite3.Connection:
    return open_store(path)


def judged(
    store: sqlite3.Connection,
    number: int,
    names: Sequence[object],
    *,
    changes: dict[object, dict[str, Any]] | None = None,
    gone: Sequence[object] = (),
    **run: Any,
) -> int:
    """A judged run with one issue a name; ``changes`` are columns of single issues."""
    values = {
        "id": number,
        "started": day(number),
        "finished": day(number, 2),
        "state": "done",
        "home": SITE.home,
        "config": "{}",
        "judged": day(number, 3),
        "ruleset": "甲",
        **run,
    }
    store.execute("BEGIN")
    store.execute(
        f"INSERT OR REPLACE INTO run ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        list(values.values()),
    )
    store.execute("DELETE FROM issue WHERE run_id = ?", (number,))
    for n, name in enumerate(names, 1):
        address = f"https://www.example.gov.cn/{name}.html"
        store.execute("INSERT OR IGNORE INTO url (url, host) VALUES (?, 'www.example.gov.cn')", (address,))
        at = store.execute("SELECT id FROM url WHERE url = ?", (address,)).fetchone()[0]
        row = {
            "run_id": number,
            "id": n,
            "fingerprint": key(name),
            "rule": "typo/homophone",
            "title": "同音或近音错字",
            "level": 3,
            "pass": "proof1",
            "confidence": "high",
            "message": "“布署”应为“部署”",
            "quote": "布署",
            "before": "按照上级",
            "after": "，坚持",
            "suggestion": "部署",
            "basis": "《现代汉语词典》",
            "basis_url": "",
            "score_item": "",
            "chrome": 0,
            "suppressed": None,
            "pages": 1,
            "url_id": at,
            "section": "通知公告",
            "page_title": f"标题{name}",
            "first_seen": day(number),
            "state": "new",
            **((changes or {}).get(name, {})),
        }
        store.execute(
            f"INSERT INTO issue ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        store.execute("INSERT OR IGNORE INTO fetch (run_id, url_id, purpose, at, elapsed, status) "
                      "VALUES (?, ?, 'page', ?, 0.1, 200)", (number, at, day(number)))  # fmt: skip
    store.executemany(
        "INSERT INTO gone VALUES (?, ?, 'typo/homophone', '', 3, '', '', '', '')",
        [(number, key(name)) for name in gone],
    )
    store.execute("COMMIT")
    return number


def take(book: Ledger, store: sqlite3.Connection, number: int, site: SiteConfig = SITE) -> Recorded:
    return book.record_run(store, number, site, time=day(number, 4))


def states(book: Ledger, **filters: Any) -> dict[str, tuple[State, Status]]:
    known = {key(name): str(name) for name in ("甲", "乙", "丙", "丁")}
    return {
        known[one.fingerprint]: (one.state, one.status)
        for one in book.issues(Filters(suppressed=True, **filters))
    }


def test_found_still_gone_and_back(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙"])
    assert take(book, store, 1) == Recorded(new=2)
    judged(store, 2, ["乙", "丙"], changes={"乙": {"pages": 7, "message": "另一句话"}})
    assert take(book, store, 2) == Recorded(new=1, still=1, gone=1)
    assert states(book) == {
        "甲": (State.GONE, Status.PENDING),
        "乙": (State.OPEN, Status.PENDING),
        "丙": (State.OPEN, Status.PENDING),
    }
    judged(store, 3, ["甲", "乙", "丙"])
    assert take(book, store, 3) == Recorded(still=2, reappeared=1)
    by_key = {one.fingerprint: one for one in book.issues()}
    back = by_key[key("甲")]
    assert (back.first_seen, back.last_seen, back.gone_at) == (day(1), day(3), None)
    assert (by_key[key("丙")].first_seen, by_key[key("丙")].title) == (day(2), "标题丙")
    kinds = [(one.kind, one.at, one.actor) for one in book.history(key("甲"))]
    assert kinds == [
        (EventKind.FOUND, day(1, 4), "系统"),
        (EventKind.GONE, day(2, 4), "系统"),
        (EventKind.REAPPEARED, day(3, 4), "系统"),
    ]
    assert [one.kind for one in book.history(key("乙"))] == [EventKind.FOUND]


def test_everything_an_issue_says_is_kept_and_follows_the_run(book: Ledger) -> None:
    store = fresh()
    store.execute(
        "INSERT INTO url (id, url, host) VALUES (900, 'https://gone.example.com/', 'gone.example.com')"
    )
    judged(store, 1, ["甲"], changes={"甲": {"quote": "空\0字", "target_id": 900}})
    take(book, store, 1)
    (one,) = book.issues()
    assert (one.site, one.home, one.unit) == (SITE.name, SITE.home, SITE.unit)
    assert (one.rule, one.rule_title, one.level, one.pass_key) == (
        "typo/homophone", "同音或近音错字", Level.ERROR, "proof1",
    )  # fmt: skip
    assert (one.before, one.quote, one.after, one.suggestion) == ("按照上级", "空\ufffd字", "，坚持", "部署")
    assert (one.section, one.title, one.basis, one.target) == (
        "通知公告", "标题甲", "《现代汉语词典》", "https://gone.example.com/",
    )  # fmt: skip
    assert one.url == "https://www.example.gov.cn/甲.html"
    judged(store, 2, ["甲"], changes={"甲": {"quote": "空\0字", "pages": 5, "level": 4, "section": "政策"}})
    take(book, store, 2)
    (one,) = book.issues()
    assert (one.pages, one.level, one.section, one.target) == (5, Level.VETO, "政策", "")


def test_the_same_run_twice_changes_nothing(book: Ledger, url: str) -> None:
    store = fresh()
    judged(store, 1, ["甲"])
    take(book, store, 1)
    judged(store, 2, ["乙"])
    take(book, store, 2)
    before = dump(url)
    assert take(book, store, 2) == Recorded(repeated=True)
    assert dump(url) == before
    assert [len(rows) for rows in before] == [1, 2, 2, 3, 0]


def dump(url: str) -> list[list[tuple[Any, ...]]]:
    database = Database(url)
    with database.reading() as connection:
        found = [
            [tuple(row) for row in connection.execute(table.select().order_by(table.c.id))]
            for table in metadata.sorted_tables
        ]
    database.close()
    names = [table.name for table in metadata.sorted_tables]
    return [found[names.index(name)] for name in ("site", "run", "issue", "event", "approval")]


def test_a_run_judged_again_is_taken_over_again(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙"])
    take(book, store, 1)
    judged(store, 1, ["甲"], judged=day(1, 9), ruleset="乙")
    assert take(book, store, 1) == Recorded(still=1, gone=1)
    (run,) = book.trend(SITE.name)
    assert (run.issues, run.new, run.gone, run.ruleset) == (1, 2, 1, "乙")
    assert book.history(key("乙"))[-1].remark == "规则或词表有变动"


def test_a_change_of_rules_is_remarked_on(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲"])
    judged(store, 2, ["乙"], ruleset="新")
    take(book, store, 1)
    take(book, store, 2)
    assert book.history(key("乙"))[0].remark == "规则或词表有变动"
    assert [one.remark for one in book.history(key("甲"))] == ["", "规则或词表有变动"]


def test_an_older_run_that_comes_late_is_only_noted(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲"])
    judged(store, 2, ["乙"])
    take(book, store, 2)
    assert take(book, store, 1) == Recorded(late=True)
    assert states(book) == {"乙": (State.OPEN, Status.PENDING)}
    assert [run.number for run in book.trend(SITE.home)] == [1, 2]


@pytest.mark.parametrize("run", [{"state": "stopped"}, {"gaps": '["没有抓完"]'}])
def test_what_an_incomplete_run_did_not_see_stays_open(book: Ledger, run: dict[str, str]) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙", "丙", "丁"], changes={"丁": {"suppressed": "引文如此"}})
    take(book, store, 1)
    judged(store, 2, ["丙"], gone=["乙"], **run)
    assert take(book, store, 2) == Recorded(still=1, gone=2)
    assert {name: state for name, (state, _) in states(book).items()} == {
        "甲": State.OPEN, "乙": State.GONE, "丙": State.OPEN, "丁": State.GONE,
    }  # fmt: skip


def test_what_people_decided_survives(book: Ledger) -> None:
    store = fresh()
    names = ["甲", "乙", "丙", "丁"]
    judged(store, 1, names)
    take(book, store, 1)
    for name, status in zip(
        names, (Status.FALSE_ALARM, Status.WONT_FIX, Status.ASSIGNED, Status.PENDING), strict=True
    ):
        book.set_state(key(name), status, "某科", "理由", day(1, 8))
    judged(store, 2, [])
    assert take(book, store, 2).gone == 4
    judged(store, 3, names)
    assert take(book, store, 3) == Recorded(reappeared=4)
    assert states(book) == {
        "甲": (State.OPEN, Status.FALSE_ALARM),
        "乙": (State.OPEN, Status.WONT_FIX),
        "丙": (State.OPEN, Status.ASSIGNED),
        "丁": (State.OPEN, Status.PENDING),
    }


def test_put_right_but_still_there_goes_back(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙", "丙", "丁"])
    take(book, store, 1)
    book.set_state(key("甲"), Status.FIXED, "某科", "已改", day(1, 8))
    book.set_state(key("乙"), Status.VERIFIED, "某科", "", day(1, 8))
    # Said while the next run was going on: that run may have read the page before.
    book.set_state(key("丙"), Status.FIXED, "某科", "", day(2, 2))
    book.set_state(key("丁"), Status.FIXED, "某科", "", day(1, 8))
    changes = {"丁": {"suppressed": "引文如此"}}
    judged(store, 2, ["甲", "乙", "丙", "丁"], changes=changes)
    assert take(book, store, 2) == Recorded(still=4, reopened=2)
    assert {name: status for name, (_, status) in states(book).items()} == {
        "甲": Status.PENDING, "乙": Status.PENDING, "丙": Status.FIXED, "丁": Status.FIXED,
    }  # fmt: skip
    last = book.history(key("甲"))[-1]
    assert (last.kind, last.old, last.new) == (EventKind.REOPENED, "已整改", "待处理")
    judged(store, 3, ["丙"])
    assert take(book, store, 3) == Recorded(still=1, gone=3, reopened=1)


def test_put_right_gone_and_back_again(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲"])
    take(book, store, 1)
    book.set_state(key("甲"), Status.FIXED, "某科", "", day(1, 8))
    judged(store, 2, [])
    take(book, store, 2)
    assert states(book) == {"甲": (State.GONE, Status.FIXED)}
    book.set_state(key("甲"), Status.VERIFIED, "某科", "销号", day(2, 8))
    judged(store, 3, ["甲"])
    assert take(book, store, 3) == Recorded(reappeared=1, reopened=1)
    assert states(book) == {"甲": (State.OPEN, Status.PENDING)}
    assert [one.kind.label for one in book.history(key("甲"))] == [
        "发现", "改状态", "消失", "改状态", "再现", "退回",
    ]  # fmt: skip


def test_many_issues_cross_batches_and_sites_stay_apart(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, range(2600))
    assert take(book, store, 1) == Recorded(new=2600)
    assert take(book, store, 1, OTHER) == Recorded(new=2600)
    judged(store, 2, range(1300, 3900))
    assert take(book, store, 2) == Recorded(new=1300, still=1300, gone=1300)
    judged(store, 3, range(0, 3900, 2))
    assert take(book, store, 3) == Recorded(still=1300, gone=1300, reappeared=650)
    here = {one.fingerprint for one in book.issues(Filters(sites=(SITE.name,), state=State.OPEN))}
    assert here == {key(n) for n in range(0, 3900, 2)}
    there = {one.fingerprint for one in book.issues(Filters(sites=(OTHER.home,), state=State.OPEN))}
    assert there == {key(n) for n in range(2600)}


def test_runs_that_cannot_be_taken_over(book: Ledger) -> None:
    store = fresh()
    with pytest.raises(LedgerError, match="没有第 5 次抓取"):
        take(book, store, 5)
    judged(store, 1, ["甲"], judged=None)
    with pytest.raises(LedgerError, match="请先运行 shenjiao judge"):
        take(book, store, 1)
    with pytest.raises(LedgerError, match="不是带时区的时间"):
        utc("昨天")
    with pytest.raises(LedgerError, match="不是带时区的时间"):
        utc("2026-01-01T00:00:00")
    assert utc("2026-01-01T08:00:00.5+08:00") == "2026-01-01T00:00:00Z"


def test_all_or_nothing(book: Ledger, url: str) -> None:
    store = fresh()
    judged(store, 1, range(1500))
    # The last issue of all, by fingerprint, cannot be read: all before it must go too.
    store.execute(
        "UPDATE issue SET first_seen = '不知' WHERE fingerprint = (SELECT max(fingerprint) FROM issue)"
    )
    with pytest.raises(LedgerError, match="不知"):
        take(book, store, 1)
    assert [len(rows) for rows in dump(url)] == [0, 0, 0, 0, 0]


def test_a_site_keeps_its_name_until_another_is_given(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲"], finished=None, ruleset=None)
    take(book, store, 1)
    judged(store, 2, ["甲"])
    take(book, store, 2, SiteConfig(SITE.home))
    (one,) = book.issues()
    assert (one.site, one.unit) == (SITE.name, SITE.unit)
    judged(store, 3, ["甲"])
    take(book, store, 3, replace(SITE, name="某某市人民政府"))
    (one,) = book.issues()
    assert one.site == "某某市人民政府"


# --- at once ------------------------------------------------------------------------------------

RECORD = """
import sys
from qa.ledger import open_ledger
from qa.site.model import SiteConfig
from qa.site.store import open_store
url, path, home, number = sys.argv[1:]
store = open_store(path, create=False)
with open_ledger(url) as book:
    print("ready", flush=True)
    sys.stdin.readline()
    done = book.record_run(store, int(number), SiteConfig(home), time="2026-02-01T00:00:00Z")
    print(done.new + done.still)
"""


def test_two_processes_at_once(url: str, tmp_path: Path) -> None:
    """The ledger is made, and two sites and two runs of one site are recorded, all at the same time."""
    jobs = []
    for n, (home, number) in enumerate([(SITE.home, 1), (SITE.home, 2), (OTHER.home, 1)]):
        path = tmp_path / f"{n}.db"
        store = fresh(path)
        judged(store, number, range(1500))
        store.close()
        words = [sys.executable, "-c", RECORD, url, str(path), home, str(number)]
        jobs.append(
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
    for job in jobs:
        assert job.stdout is not None
        assert job.stdout.readline() == b"ready\n", job.stderr and job.stderr.read()
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write(b"\n")
        job.stdin.flush()
    for job in jobs:
        out, err = job.communicate(timeout=120)
        assert (job.returncode, err) == (0, b"")
        assert out in (b"1500\n", b"0\n")  # 0: the older of two runs came second
    with open_ledger(url) as book:
        assert sum(one.open for one in book.stats()) == 3000
        assert len(book.trend(SITE.home)) == 2
        assert all(len(book.history(key(0), site=one.home)) == 1 for one in book.stats())


@pytest.mark.parametrize(("alike", "dismissed"), [(False, 40), (True, 1600)])
def test_a_decision_during_a_run_is_not_lost(book: Ledger, url: str, alike: bool, dismissed: int) -> None:
    changes = {} if alike else {n: {"quote": f"布署{n}"} for n in range(1600)}
    store = fresh()
    judged(store, 1, range(1500), changes=changes)
    take(book, store, 1)
    judged(store, 2, range(1600), changes=changes)
    failures: list[BaseException] = []

    def decide() -> None:
        try:
            with open_ledger(url) as mine:
                for n in range(40):
                    mine.set_state(key(n), Status.FALSE_ALARM, "某科", "", day(2, 5))
        except Exception as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    thread = threading.Thread(target=decide)
    thread.start()
    take(book, store, 2)
    thread.join()
    assert not failures
    assert sum(1 for _ in book.issues(Filters(statuses=frozenset([Status.FALSE_ALARM])))) == dismissed


# --- dismissed in one place, dismissed wherever it is written so --------------------------------


def dismissed(book: Ledger, site: SiteConfig = SITE) -> str:
    """Names of a site's false alarms."""
    return "".join(
        sorted(
            name for name, (_, now) in states(book, sites=(site.home,)).items() if now is Status.FALSE_ALARM
        )
    )


def test_a_dismissal_holds_for_the_same_writing(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙"])
    take(book, store, 1)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "单位名称", day(1, 8))
    assert dismissed(book) == "乙甲"
    (one,) = book.issues(Filters(fingerprint=key("乙")))
    assert (one.status_at, one.status_by, one.remark) == (day(1, 8), "系统", "同一写法已判为误报")
    last = book.history(key("乙"))[-1]
    assert (last.at, last.kind, last.actor, last.remark, last.old, last.new) == (
        day(1, 8), EventKind.STATUS, "系统", "同一写法已判为误报", "待处理", "误报",
    )  # fmt: skip
    # What later runs find is dismissed too, even where the page it began with is gone.
    judged(store, 2, ["乙", "丙"])
    assert take(book, store, 2) == Recorded(new=1, still=1, gone=1)
    assert dismissed(book) == "丙乙甲"
    assert [(one.kind, one.at, one.new) for one in book.history(key("丙"))] == [
        (EventKind.FOUND, day(2, 4), ""),
        (EventKind.STATUS, day(2, 4), "误报"),
    ]
    judged(store, 3, ["乙", "丙"])
    take(book, store, 3)
    assert len(book.history(key("乙"))) == 2
    assert len(book.history(key("丙"))) == 2


@pytest.mark.parametrize(
    ("change", "spreads"),
    [
        ({"before": "由上级", "after": "。"}, True),
        ({"before": "由上面", "after": "，"}, True),
        ({"before": "", "after": "，并"}, True),
        ({"before": "由上面", "after": "。"}, False),
        ({"before": "", "after": ""}, False),
        ({"quote": "布暑"}, False),
        ({"suggestion": "布置"}, False),
        ({"rule": "typo/shape"}, False),
    ],
)
def test_what_is_the_same_writing(book: Ledger, change: dict[str, str], spreads: bool) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙"], changes={"乙": change})
    take(book, store, 1)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 8))
    assert dismissed(book) == ("乙甲" if spreads else "甲")
    judged(store, 2, ["甲", "乙"], changes={"乙": change})
    take(book, store, 2)
    assert dismissed(book) == ("乙甲" if spreads else "甲")


@pytest.mark.parametrize("edge", ["before", "after"])
def test_nothing_beside_it_is_nothing_in_common(book: Ledger, edge: str) -> None:
    bare = {"before": "上级", "after": "。"} | {edge: ""}
    other = {"before": "有关", "after": "；"} | {edge: ""}
    store = fresh()
    judged(store, 1, ["甲", "乙"], changes={"甲": bare, "乙": other})
    take(book, store, 1)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 8))
    assert dismissed(book) == "甲"


def test_other_rules_and_other_sites_are_left_alone(book: Ledger) -> None:
    store = fresh()
    names = {name: {"rule": "names/officials"} for name in "丙丁"}
    judged(store, 1, ["甲", "乙", "丙", "丁"], changes=names)
    take(book, store, 1)
    take(book, store, 1, OTHER)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 8), site=SITE.home)
    book.set_state(key("丙"), Status.FALSE_ALARM, "某科", "", day(1, 8), site=SITE.home)
    judged(store, 2, ["甲", "乙", "丙", "丁"], changes=names)
    take(book, store, 2)
    take(book, store, 2, OTHER)
    assert (dismissed(book), dismissed(book, OTHER)) == ("丙乙甲", "")
    book.set_state(key("丙"), Status.PENDING, "某科", "", day(2, 8), site=SITE.home)
    assert dismissed(book) == "乙甲"


def test_what_people_decided_is_not_dismissed(book: Ledger) -> None:
    store = fresh()
    names = ["甲", "乙", "丙", "丁"]
    judged(store, 1, names)
    take(book, store, 1)
    book.set_state(key("乙"), Status.ASSIGNED, "某科", "", day(1, 8))
    book.set_state(key("丙"), Status.FIXED, "某科", "", day(3))
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 9))
    assert dismissed(book) == "丁甲"
    # Somebody looked at this very one: no run dismisses it again, and no other dismissal.
    book.set_state(key("丁"), Status.PENDING, "某科", "确有错误", day(1, 10))
    judged(store, 2, names)
    assert take(book, store, 2) == Recorded(still=4)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(2, 9))
    assert {name: status for name, (_, status) in states(book).items()} == {
        "甲": Status.FALSE_ALARM, "乙": Status.ASSIGNED, "丙": Status.FIXED, "丁": Status.PENDING,
    }  # fmt: skip
    # Put right, yet still there: the ledger itself sent it back.
    judged(store, 4, names)
    assert take(book, store, 4) == Recorded(still=4, reopened=1)
    assert dismissed(book) == "丙甲"


@pytest.mark.parametrize("status", [Status.PENDING, Status.ASSIGNED])
def test_a_dismissal_taken_back(book: Ledger, status: Status) -> None:
    store = fresh()
    judged(store, 1, ["甲", "乙", "丙", "丁"], changes={"丁": {"before": "由上面", "after": "，"}})
    take(book, store, 1)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 8))
    assert dismissed(book) == "丁丙乙甲"
    judged(store, 2, ["甲", "乙"])
    take(book, store, 2)
    book.set_state(key("乙"), Status.FALSE_ALARM, "某局", "", day(2, 8))
    book.set_state(key("甲"), status, "某科", "确有错误", day(2, 9))
    assert dismissed(book) == "丁丙乙"  # somebody else says the same
    book.set_state(key("乙"), status, "某局", "", day(2, 10))
    assert states(book) == {
        "甲": (State.OPEN, status),
        "乙": (State.OPEN, status),
        "丙": (State.GONE, Status.PENDING),
        "丁": (State.GONE, Status.PENDING),
    }
    (one,) = book.issues(Filters(fingerprint=key("丁")))
    assert (one.status_at, one.status_by, one.remark) == (day(2, 10), "系统", "同一写法已不再判为误报")
    assert [(one.kind, one.actor, one.old, one.new) for one in book.history(key("丙"))] == [
        (EventKind.FOUND, "系统", "", ""),
        (EventKind.STATUS, "系统", "待处理", "误报"),
        (EventKind.GONE, "系统", "", ""),
        (EventKind.STATUS, "系统", "误报", "待处理"),
    ]
    judged(store, 3, ["甲", "乙", "丙", "丁"])
    assert take(book, store, 3) == Recorded(still=2, reappeared=2)
    assert dismissed(book) == ""
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(3, 8))
    assert dismissed(book) == "丁丙甲"


def test_what_was_dismissed_along_dismisses_nothing_further(book: Ledger) -> None:
    store = fresh()
    changes = {
        "甲": {"before": "上级", "after": "，"},
        "乙": {"before": "上级", "after": "。"},
        "丙": {"before": "有关", "after": "。"},
        "丁": {"before": "有关", "after": "！"},
    }
    judged(store, 1, ["甲", "乙", "丙", "丁"], changes=changes)
    take(book, store, 1)
    book.set_state(key("甲"), Status.FALSE_ALARM, "某科", "", day(1, 8))
    judged(store, 2, ["甲", "乙", "丙", "丁"], changes=changes)
    take(book, store, 2)
    assert dismissed(book) == "乙甲"
    book.set_state(key("丁"), Status.FALSE_ALARM, "某科", "", day(2, 8))
    assert dismissed(book) == "丁丙乙甲"
    book.set_state(key("甲"), Status.PENDING, "某科", "", day(2, 9))
    assert dismissed(book) == "丁丙"


def test_many_are_dismissed_and_taken_back(book: Ledger) -> None:
    store = fresh()
    judged(store, 1, range(2600), changes={n: {"after": "。", "before": ""} for n in range(0, 2600, 2)})
    take(book, store, 1)
    book.set_state(key(1), Status.FALSE_ALARM, "某科", "", day(1, 8))
    mine = Filters(statuses=frozenset([Status.FALSE_ALARM]))
    assert {one.fingerprint for one in book.issues(mine)} == {key(n) for n in range(1, 2600, 2)}
    book.set_state(key(1), Status.PENDING, "某科", "", day(1, 9))
    assert list(book.issues(mine)) == []


# --- questions ----------------------------------------------------------------------------------


@pytest.fixture
def filled(book: Ledger) -> Ledger:
    store = fresh()
    grave = {"level": 4, "rule": "names/officials", "pass": "review1"}
    judged(store, 1, ["甲", "乙"], changes={"甲": grave})
    take(book, store, 1)
    judged(store, 2, ["甲", "丙"], changes={"甲": grave, "丙": {"level": 1, "suppressed": "引文如此"}})
    take(book, store, 2)
    store = fresh()
    judged(store, 3, ["丁"])
    take(book, store, 3, OTHER)
    return book


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "甲乙丁"),
        ({"suppressed": True}, "甲乙丙丁"),
        ({"sites": ("某市政府办",)}, "甲乙"),
        ({"sites": ("HTTPS://www.example.gov.cn",)}, "甲乙"),
        ({"sites": ("某市人民政府", "某县人民政府")}, "甲乙丁"),
        ({"sites": ("无",)}, ""),
        ({"level": Level.VETO}, "甲"),
        ({"passes": ("proof1",)}, "乙丁"),
        ({"rules": ("names/officials",)}, "甲"),
        ({"state": State.GONE}, "乙"),
        ({"state": State.OPEN}, "甲丁"),
        ({"statuses": frozenset([Status.FIXED])}, ""),
        ({"statuses": frozenset([Status.PENDING])}, "甲乙丁"),
        ({"since": "2026-01-02"}, "丁"),
        ({"fingerprint": key("甲")[:9]}, "甲"),
        ({"fingerprint": "%"}, ""),
    ],
)
def test_filters(filled: Ledger, filters: dict[str, Any], expected: str) -> None:
    names = {key(name): name for name in "甲乙丙丁"}
    assert {names[one.fingerprint] for one in filled.issues(Filters(**filters))} == set(expected)


def test_graver_ones_come_first(filled: Ledger) -> None:
    assert [one.level for one in filled.issues()] == [Level.VETO, Level.ERROR, Level.ERROR]


def test_trend_and_stats(filled: Ledger) -> None:
    first, second = filled.trend(SITE.name)
    assert (first.number, first.started, first.finished, first.state) == (1, day(1), day(1, 2), "done")
    assert (first.pages, first.issues, first.new, first.gone, first.suppressed) == (2, 2, 2, 0, 0)
    assert first.levels == {Level.NOTE: 0, Level.WARNING: 0, Level.ERROR: 1, Level.VETO: 1}
    assert (second.issues, second.new, second.gone, second.suppressed) == (2, 1, 1, 1)
    assert [run.number for run in filled.trend(SITE.name, 1)] == [2]
    assert filled.trend("没有的") == []
    one, other = filled.stats()
    assert (one.site, one.unit, one.last_run, one.open) == (SITE.name, SITE.unit, day(2), 1)
    assert (one.suppressed, one.gone, one.levels[Level.VETO]) == (1, 1, 1)
    assert (other.home, other.open, other.statuses[Status.PENDING]) == (OTHER.home, 1, 1)


def test_set_state(filled: Ledger) -> None:
    whole = filled.set_state(key("甲")[:6].upper(), Status.ASSIGNED, " 某科 ", " 三日内改 ", day(4))
    assert whole == key("甲")
    (one,) = filled.issues(Filters(fingerprint=whole))
    assert (one.status, one.status_by, one.remark, one.status_at) == (
        Status.ASSIGNED, "某科", "三日内改", day(4),
    )  # fmt: skip
    last = filled.history(whole)[-1]
    assert (last.actor, last.remark, last.old, last.new) == ("某科", "三日内改", "待处理", "已派发")


def test_set_state_refuses(filled: Ledger) -> None:
    for fingerprint, actor, words in (
        ("ab", "某科", "太短"),
        ("0123456789", "某科", "台账里没有"),
        (key("甲"), " ", "由谁处理"),
    ):
        with pytest.raises(LedgerError, match=words):
            filled.set_state(fingerprint, Status.FIXED, actor, "", day(4))
    store = fresh()
    judged(store, 3, ["甲"], changes={"甲": {"fingerprint": key("甲")[:8] + "0" * 24}})
    take(filled, store, 3)
    with pytest.raises(LedgerError, match="请把编号写全"):
        filled.set_state(key("甲")[:8], Status.FIXED, "某科", "", day(4))
    judged(store, 4, ["甲"])
    take(filled, store, 4, OTHER)
    with pytest.raises(LedgerError, match="不止一个站点"):
        filled.history(key("甲"))
    filled.set_state(key("甲"), Status.FIXED, "某科", "", day(5), site=OTHER.name)
    assert [one.status for one in filled.issues(Filters(fingerprint=key("甲")))] == [
        Status.PENDING, Status.FIXED,
    ]  # fmt: skip


def test_names_of_statuses() -> None:
    assert [Status.parse(one.label) for one in Status] == list(Status)
    assert Status.parse(" False_Alarm ") is Status.FALSE_ALARM
    assert Status.parse("销号") is Status.VERIFIED
    with pytest.raises(KeyError):
        Status.parse("好了")
    assert [state.label for state in State] == ["仍在", "已消失"]


# --- approvals ----------------------------------------------------------------------------------


def approved(words: str = "正文。", path: str = "a.md", **more: Any) -> Approval:
    draft = f"# 关于某事的通知\n\n{words}\n\n[附件](a.pdf)\n\n![图](b.png)\n\n来源：某局\n"
    return approve(read(Source(path, draft, "markdown")), path, **{"at": day(1), **more})


def test_approvals_come_back_as_they_went_in(book: Ledger) -> None:
    long = f"https://www.example.gov.cn/{'x' * 5900}"
    one = approved(
        url=long, by="某某", version="1.0", at="2026-01-01T09:00:00+08:00", verdicts={"proof1": "passed"}
    )
    odd = Article("题\0", ("题\0", "一字\0二字\ud800三字。"), (File("表\0", "a.pdf"),))
    bare = Approval.of(odd, "题", "b\0\ud800.md", at=day(1))
    book.approve([one, bare])
    book.approve([])
    (first, second), spoilt = book.approvals()
    assert spoilt == []
    assert first == replace(one, at="2026-01-01T01:00:00Z")
    assert (second.url, second.path, second.text_hash, second.chars) == (
        "", "b?.md", bare.text_hash, bare.chars,
    )  # fmt: skip
    assert (second.article.title, second.article.body) == ("题", "一字二字?三字。")
    assert (second.article.source, second.has_text) == ("", True)
    book.approve([one], text=False)
    found = book.approvals()[0][-1]
    assert (found.has_text, found.text_hash, found.article.attachments) == (
        False, one.text_hash, one.article.attachments,
    )  # fmt: skip


def test_approvals_replace_those_before(book: Ledger) -> None:
    a, b = "https://www.example.gov.cn/a.html", "https://www.example.gov.cn/b.html"

    def kept(site: str = "") -> list[tuple[str, str, str]]:
        return [(one.url, one.path, one.by) for one in book.approvals(site)[0]]

    book.approve([approved(by="1"), approved(path="b.md", by="2"), approved(by="3")])
    assert kept() == [("", "b.md", "2"), ("", "a.md", "3")]
    book.approve([approved(by="4", url=a)])  # now the draft has an address
    assert kept() == [("", "b.md", "2"), (a, "a.md", "4")]
    book.approve([approved(by="5", url="HTTPS://WWW.example.gov.cn:443/a.html", path="c.md")])
    assert kept() == [("", "b.md", "2"), ("HTTPS://WWW.example.gov.cn:443/a.html", "c.md", "5")]
    book.approve([approved(by="6", url=a), approved(by="7", url=b)])
    assert kept() == [("", "b.md", "2"), (a, "a.md", "6"), (b, "a.md", "7")]
    assert kept("https://www.example.gov.cn/b") == [("", "b.md", "2"), (b, "a.md", "7")]
    assert kept("https://www.example.gov.cn/_") == [("", "b.md", "2")]


def test_approvals_that_cannot_be_kept(book: Ledger) -> None:
    for wrong, words in (
        ({"url": "a.html"}, "不是网址"),
        ({"at": "2026"}, "不是带时区的时间"),
        ({"at": ""}, "不是带时区的时间"),
    ):
        with pytest.raises(LedgerError, match=words):
            book.approve([approved(), approved(path="b.md", **wrong)])
        assert book.approvals() == ([], [])


def test_spoilt_approvals_are_named_and_passed_over(book: Ledger, url: str) -> None:
    book.approve([approved(), approved("另一篇。", "b.md")])
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("UPDATE approval SET text = '[\"改过的正文\"]' WHERE path = 'a.md'"))
    database.close()
    (found,), spoilt = book.approvals()
    assert found.path == "b.md"
    assert spoilt == [f"{book.where}里“关于某事的通知”的批准记录：全文与校验值不符，记录可能被改动过，已略过"]


APPROVE = """
import sys
from qa.approval import approve
from qa.ledger import open_ledger
from qa.readers import read
from qa.source import Source
url, who = sys.argv[1:]
with open_ledger(url) as book:
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(20):
        drafts = [approve(read(Source(f"{m}.md", f"# 题\\n\\n第{n}稿", "markdown")), f"{m}.md", by=who,
                          at="2026-01-01T00:00:00Z") for m in range(3)]
        book.approve(drafts if who == "1" else drafts[::-1])
"""


def test_two_who_approve_the_same_at_once(url: str) -> None:
    open_ledger(url).close()
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", APPROVE, url, who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for who in "12"
    ]  # fmt: skip
    for job in jobs:
        assert job.stdout is not None
        assert job.stdout.readline() == b"ready\n"
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write(b"\n")
        job.stdin.flush()
    assert [job.communicate(timeout=120)[1] for job in jobs] == [b"", b""]
    assert [job.returncode for job in jobs] == [0, 0]
    with open_ledger(url) as book:
        found, _ = book.approvals()
    assert sorted(one.path for one in found) == ["0.md", "1.md", "2.md"]
    assert len({one.by for one in found}) == 1  # a batch is kept whole


# --- schema -------------------------------------------------------------------------------------


def to(url: str, revision: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        migrate(connection, revision)
    database.close()


def test_models_and_migrations_agree(url: str, request: pytest.FixtureRequest) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    open_ledger(url).close()
    database = Database(url)
    with database.reading() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        # Collations, defaults and checks are not all compared; what the databases say of them is.
        made = sorted(map(str, connection.execute(text(LAYOUT[database.sqlite]))))
    database.close()
    plain = f"{url}-plain" if database.sqlite else request.getfixturevalue("new_schema")()
    database = Database(plain)
    with database.writing() as connection:
        metadata.create_all(connection)
    with database.reading() as connection:
        assert sorted(map(str, connection.execute(text(LAYOUT[database.sqlite])))) == made
    database.close()
    assert len(made) > 20


LAYOUT = {
    True: "SELECT m.name, i.name, i.type, i.[notnull], i.dflt_value FROM sqlite_master m, "
    f"pragma_table_info(m.name) i WHERE m.type = 'table' AND m.name != '{VERSION_TABLE}' UNION ALL "
    "SELECT m.name, f.[from], f.[table], f.on_delete, 0 FROM sqlite_master m, pragma_foreign_key_list(m.name) f",
    False: "SELECT table_name, column_name, data_type, coalesce(collation_name, ''), "
    "is_nullable || coalesce(column_default, '') "
    "FROM information_schema.columns WHERE table_schema = current_schema() "
    f"AND table_name != '{VERSION_TABLE}' UNION ALL "
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint "
    f"WHERE connamespace = current_schema()::regnamespace AND conrelid::regclass::text != '{VERSION_TABLE}'",
}


def test_head_is_the_newest_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(connecting.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "newline")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_older_ledger_is_refused_until_it_is_upgraded(url: str) -> None:
    with open_ledger(url) as book:
        store = fresh()
        judged(store, 1, ["甲"])
        take(book, store, 1)
        assert book.found_version is None
    to(url, "0001")
    before = dump_without_approvals(url)
    with pytest.raises(LedgerError, match=r"旧版本（0001，现为 0003）.*shenjiao ledger upgrade"):
        open_ledger(url)
    with open_ledger(url, upgrade=True) as book:
        assert book.found_version == "0001"
        book.approve([approved()])
    assert dump_without_approvals(url) == before
    with open_ledger(url) as book:
        assert book.found_version == HEAD


def dump_without_approvals(url: str) -> list[Any]:
    database = Database(url)
    with database.reading() as connection:
        tables = ("site", "run", "issue", "event")
        found = [tuple(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]
    database.close()
    return found


def test_all_the_way_down_and_up(url: str) -> None:
    open_ledger(url).close()
    to(url, "0001")
    to(url, HEAD)
    database = Database(url)
    with database.writing() as connection:
        from alembic import command as alembic
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(connecting.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "newline")
        config.attributes["connection"] = connection
        alembic.downgrade(config, "base")
    with database.reading() as connection:
        left = set(connecting.inspect(connection).get_table_names())
    database.close()
    assert left == {VERSION_TABLE}


@pytest.mark.parametrize("version", ["0099", "abc"])
def test_a_newer_ledger_is_refused(url: str, version: str) -> None:
    open_ledger(url).close()
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))
    database.close()
    for upgrade in (False, True):
        with pytest.raises(LedgerError, match=f"版本 {version}，本程序只认到 {HEAD}.*请升级审校"):
            open_ledger(url, upgrade=upgrade)


def test_somebody_elses_tables_are_left_alone(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE issue (id integer)"))
    database.close()
    with pytest.raises(LedgerError, match="不是审校的台账"):
        open_ledger(url)


# --- connections --------------------------------------------------------------------------------


def test_settings_of_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "深" / "ledger.db"
    database = Database(f"sqlite:///{path}")
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 60_000}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://root:geheim@localhost/x", "台账地址应写作"),
        ("postgresql://u:geheim@[::1/x", "台账地址应写作"),
        ("sqlite:///", "缺少文件路径"),
        ("sqlite:///:memory:", "缺少文件路径"),
        ("", "台账地址应写作"),
    ],
)
def test_addresses_that_are_none(url: str, words: str) -> None:
    with pytest.raises(LedgerError, match=words) as caught:
        open_ledger(url)
    assert "geheim" not in str(caught.value)


def test_files_that_are_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.db").write_text("这不是数据库，只是一段文字。" * 50, encoding="utf-8")
    with pytest.raises(LedgerError, match="不是 SQLite 数据库"):
        open_ledger(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(LedgerError, match="打不开"):
        open_ledger(f"sqlite:///{tmp_path}")
    with pytest.raises(LedgerError, match="所在的文件夹不能建立：路径中有一段不是文件夹"):
        open_ledger(f"sqlite:///{tmp_path / 'a.db' / 'x' / 'b.db'}")
    monkeypatch.setattr(connecting, "_BUSY_MS", 50)
    path = tmp_path / "c.db"
    open_ledger(f"sqlite:///{path}").close()
    with open_ledger(f"sqlite:///{path}") as book:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="正被别的程序占用"):
            book.approve([approved()])
        other.close()
        (tmp_path / "c.db").write_bytes(b"\0" * 4096)
        with pytest.raises(LedgerError, match=r"c\.db"):
            book.approvals()


def test_failures_of_the_server(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base = f"{server}/postgres"
    host = server.rpartition("@")[2]
    password = urlsplit(server).password
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    for url, words in (
        (f"postgresql://tester:falsch-wort@{host}/postgres", "登录失败，请检查用户名和密码"),
        (f"postgresql://tester@{host}/postgres?password=falsch-wort", "登录失败，请检查用户名和密码"),
        (f"{server}/nirgends", "不存在，请先在服务器上建库"),
        (f"postgresql://tester:{password}@127.0.0.1:{closed}/x", "没有应答"),
    ):
        with pytest.raises(LedgerError, match=words) as caught:
            open_ledger(url)
        assert "wort" not in str(caught.value)
        assert caught.value.__cause__ is None
    database = Database(base)
    with pytest.raises(LedgerError, match="读写出错") as caught, database.reading() as connection:
        connection.execute(text(f"SELECT '{password}'::integer"))
    assert "wort" not in str(caught.value)
    database.close()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"pip install 'shenjiao\[postgresql\]'"):
        open_ledger(base)


def test_nothing_is_imported_before_a_ledger_is_opened() -> None:
    code = (
        "import sys, qa.cli, qa.config, qa.ledger, qa.cli.ledger, qa.cli.schedule, qa.site.entries\n"
        "assert not {'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    """Ten times the issues take no more than half as much memory again."""
    code = """
import resource, sys
from qa.ledger import open_ledger
from qa.site.model import SiteConfig
from qa.site.store import open_store
store = open_store(sys.argv[1])
with open_ledger(sys.argv[2]) as book:
    for number in (1, 2):
        book.record_run(store, number, SiteConfig("https://www.example.gov.cn/"), time="2026-02-01T00:00:00Z")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    peaks = []
    for count in (10_000, 100_000):
        path = tmp_path / f"{count}.db"
        store = fresh(path)
        judged(store, 1, range(count))
        judged(store, 2, range(count // 10, count + count // 10))
        store.close()
        words = [sys.executable, "-c", code, str(path), f"sqlite:///{path}-ledger"]
        peaks.append(int(subprocess.run(words, check=True, capture_output=True).stdout))
    assert peaks[1] < peaks[0] * 1.5


# --- the command --------------------------------------------------------------------------------

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Shell]:
    """The command, where clocks are eight hours ahead."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHENJIAO_LEDGER", raising=False)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()

    def run(*arguments: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        code = main(["ledger", *arguments])
        out, err = capsysbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    yield run
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def told(shell: Shell, url: str, filled: Ledger, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The command, in a folder whose configuration names the ledger through the environment."""
    assert filled
    monkeypatch.setenv("SHENJIAO_LEDGER", url)
    Path("shenjiao.toml").write_text(
        f'[[sites]]\nhome = "{SITE.home}"\nkey = "city"\n[[sites]]\nhome = "https://new.example.gov.cn/"\n',
        encoding="utf-8",
    )
    return shell


def test_list_as_text(told: Shell, filled: Ledger) -> None:
    code, out, err = told("list")
    assert (code, err) == (0, "提示：共 2 条\n")
    head, first, second = out.splitlines()
    assert head.split() == ["编号", "级别", "状态", "发现", "页数", "网站", "问题", "网址"]
    assert first.split() == [
        key("甲")[:12], "一票否决", "待处理", "2026-01-01", "1", "某市人民政府", "“布署”应为“部署”",
        "https://www.example.gov.cn/甲.html",
    ]  # fmt: skip
    assert key("丁")[:12] in second
    assert told("list", "--gone")[1].split()[10] == "消失"
    # Found at 17:30 by UTC: that is the night of the next day.
    store = fresh()
    judged(
        store,
        5,
        ["丙"],
        started="2026-01-05T17:30:00Z",
        changes={"丙": {"first_seen": "2026-01-05T17:30:00Z"}},
    )
    take(filled, store, 5, OTHER)
    assert "2026-01-06" in told("list", "--since", "2026-01-06")[1]
    assert told("list", "--state", "误报") == (0, "", "提示：共 0 条\n")
    assert told("list", "--all", "--ignored")[2] == "提示：共 5 条\n"


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--site", "city"], 1),
        (["--site", "某县人民政府", "--site", "某市政府办"], 2),
        (["--site", "https://www.example.gov.cn"], 1),
        (["--level", "veto"], 1),
        (["--level", "错误"], 2),
        (["--level", "none"], 2),
        (["--pass", "一校"], 1),
        (["--rule", "names/officials"], 1),
        (["--since", "2026-01-03"], 1),
        (["--since", "2026-01-04"], 0),
        (["--state", "pending", "--state", "已整改"], 2),
        (["--state", "open"], 2),
    ],
)
def test_list_chooses(told: Shell, options: list[str], count: int) -> None:
    assert told("list", *options)[::2] == (0, f"提示：共 {count} 条\n")


def test_list_as_json_and_csv(told: Shell) -> None:
    one, two = json.loads(told("list", "--format", "json")[1])
    assert (one["fingerprint"], one["level"], one["pass"], one["state"], one["status"]) == (
        key("甲"), "veto", "review1", "open", "pending",
    )  # fmt: skip
    assert two["site"] == OTHER.name
    assert told("list", "--format", "json", "--state", "误报")[1] == "[]\n"
    told("set", key("甲"), "--state", "不改", "--by", "某科", "--remark", "=1+1")
    code, out, _ = told("list", "--format", "csv")
    assert code == 0
    assert out.startswith("\ufeff编号,")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["编号"] for row in rows] == [key("甲"), key("丁")]
    assert (rows[0]["审次"], rows[0]["状态"], rows[0]["备注"], rows[0]["检查结果"]) == (
        "初审 表述", "不改", "'=1+1", "仍在",
    )  # fmt: skip
    assert command._pass("别的") == "别的"


def test_set_and_history(told: Shell) -> None:
    words = ("--state", "已整改", "--by", "某科", "--remark", "已改")
    code, out, err = told("set", key("甲")[:8], "ffffffff", *words)
    assert (code, out) == (2, f"{key('甲')} 已改为“已整改”\n")
    assert err == "错误：台账里没有编号为“ffffffff”的问题\n"
    assert told("set", key("丁"), "--site", "某县人民政府", *words)[0] == 0
    code, out, _ = told("history", key("甲"), "--site", "city")
    lines = out.splitlines()
    assert lines[0] == "2026-01-01 12:30  发现    系统"
    assert lines[1].endswith("改状态  某科  待处理 → 已整改  已改")
    assert told("history", key("甲"))[0] == 0
    assert told("history", "ffffffff") == (2, "", "错误：台账里没有编号为“ffffffff”的问题\n")


def test_stats(told: Shell) -> None:
    code, out, _ = told("stats")
    assert code == 0
    assert out.splitlines()[:4] == [
        f"某市人民政府（{SITE.home}）  某市政府办",
        "  仍在 1 条：一票否决 1、错误 0、警告 0、提示 0",
        "  处理情况：待处理 1、已派发 0、已整改 0、已复核 0、误报 0、不改 0",
        "  注明忽略 1 条，已消失 1 条；最近一次体检 2026-01-02 09:30",
    ]
    assert out.splitlines()[4] == f"某县人民政府（{OTHER.home}）"
    one, _ = json.loads(told("stats", "--format", "json")[1])
    assert (one["open"], one["levels"]["veto"], one["statuses"]["pending"]) == (1, 1, 1)


def test_upgrade(shell: Shell, url: str) -> None:
    open_ledger(url).close()
    to(url, "0001")
    code, _, err = shell("stats", "--ledger", url)
    assert code == 3
    assert "请先备份，再运行 shenjiao ledger upgrade" in err
    assert shell("upgrade", "--ledger", url)[1].endswith("已由 0001 升级到 0003\n")
    assert shell("upgrade", "--ledger", url)[1].endswith("已是最新版本（0003）\n")
    assert shell("stats", "--ledger", url) == (0, "", "提示：台账是空的\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--format", "jsn"], "没有“jsn”这种格式，应为 text、csv 或 json，是不是“json”？"),
        (["list", "--gone", "--all"], "--gone 与 --all 不能同时使用"),
        (["list", "--level", "eror"], "--level：不认识的级别“eror”"),
        (["list", "--pass", "四校"], "--pass：不认识的环节“四校”"),
        (["list", "--since", "昨天"], "--since：“昨天”不是日期"),
        (["list", "--state", "整改"], "--state：没有“整改”这种状态"),
        (["list", "--site", "cty"], "台账里没有站点或单位“cty”，是不是“city”？"),
        (["list", "--site", "new.example.gov.cn"], "台账里没有站点或单位“new.example.gov.cn”"),
        (["list", "--config", "none.toml"], "none.toml：文件不存在"),
        (["list", "--ledger", "mysql://u:geheim@h/x"], "--ledger：台账地址应写作"),
        (["list", "--ledger", "sqlite:///none.db"], "台账“none.db”还没有建立"),
        (["set", "abcdef", "--state", "已整改", "--by", " "], "--by：要写明由谁处理"),
        (["set", "abcdef", "--by", "某科"], "缺少参数 --state"),
        (["set", "--state", "误报", "--by", "某科"], "缺少参数 FINGERPRINT"),
        (["stats", "--format", "csv"], "应为 text 或 json"),
    ],
)
def test_wrong_usage(told: Shell, arguments: list[str], words: str) -> None:
    code, out, err = told(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "geheim" not in err


def test_no_configuration_and_no_ledger(shell: Shell) -> None:
    assert shell("list") == (
        2, "", "错误：没有找到 shenjiao.toml；请用 --config 指明，或用 --ledger 写明台账地址\n",
    )  # fmt: skip
    Path("shenjiao.toml").write_text('[[sites]]\nhome = "https://a.example.gov.cn/"\n', encoding="utf-8")
    assert shell("list")[2] == "错误：台账“ledger.db”还没有建立，先运行 shenjiao health 体检一次\n"


def test_a_database_that_fails_is_told(told: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Ledger) -> None:
        raise LedgerError("台账读写出错")

    monkeypatch.setattr(Ledger, "stats", fail)
    assert told("stats") == (3, "", "错误：台账读写出错\n")


def test_long_words_are_cut_to_fit() -> None:
    assert command._cut("甲乙丙丁", 6) == "甲乙… "
    assert command._cut("a\nb", 4) == "a b "
    assert command._cut("甲乙", 4) == "甲乙"
    assert command._cut("甲乙丙", 5) == "甲乙…"
