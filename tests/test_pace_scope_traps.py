"""Pace of one host, what belongs to a site, and addresses without end: by themselves."""

from __future__ import annotations

import pytest

from crawler.pace import LONGEST_WAIT, Pace
from crawler.scope import Scope, ScopeError, is_file
from crawler.traps import Traps, keys, likeness, shape
from qa.site.options import CrawlOptions
from qa.site.store import CHECK, PAGE

HOME = "https://www.example.gov.cn/"


# -- pace ----------------------------------------------------------------------


def test_turns_are_spaced() -> None:
    pace = Pace(4, 10.0)
    assert pace.ready(100.0)
    pace.take(100.0)
    assert not pace.ready(100.05)
    assert pace.wait(100.05) == pytest.approx(0.05)
    assert pace.ready(100.11)
    sent = 0
    now = 200.0
    pace = Pace(100, 10.0)
    pace.allowed = 100
    while now < 205.0:
        if pace.ready(now):
            pace.take(now)
            sent += 1
        now += 0.003
    assert 48 <= sent <= 51


def test_a_pause_is_not_made_up_for() -> None:
    pace = Pace(100, 10.0)
    pace.allowed = 100
    pace.take(0.0)
    sent = 0
    for step in range(100):
        if pace.ready(60.0 + step * 0.001):
            pace.take(60.0 + step * 0.001)
            sent += 1
    assert sent <= 2


def test_no_more_at_a_time_than_allowed() -> None:
    pace = Pace(2, 0)
    pace.take(0.0)
    pace.take(0.0)
    assert not pace.ready(0.0)
    assert pace.wait(0.0) == 0.0
    pace.give_back()
    assert pace.ready(0.0)


def test_it_grows_while_answers_are_quick() -> None:
    pace = Pace(16, 100.0)
    assert pace.allowed == 4
    for n in range(200):
        pace.take(float(n))
        pace.answered(0.01)
    assert pace.allowed == 16
    for n in range(60):
        pace.take(300.0 + n)
        pace.answered(3.0)
    assert pace.allowed == 1.0


def test_throttled() -> None:
    pace = Pace(8, 0)
    pace.take(0.0)
    pace.take(0.0)
    assert pace.throttle(10.0, 30.0)
    assert pace.resume == 40.0
    assert pace.allowed == 4.0
    assert not pace.ready(39.9)
    assert pace.wait(30.0) == pytest.approx(10.0)
    assert pace.throttle(10.5, None)  # asked before the first word came: slows us no further
    assert pace.allowed == 4.0
    assert pace.resume == 40.0
    assert pace.ready(40.0)
    assert pace.throttled == 2
    pace.take(40.0)
    assert not pace.throttle(41.0, LONGEST_WAIT + 1)
    assert pace.gone


def test_throttled_without_a_word_how_long() -> None:
    pace = Pace(8, 0)
    waits = []
    now = 0.0
    for _ in range(10):
        pace.take(now)
        assert pace.throttle(now, None)
        waits.append(pace.resume - now)
        now = pace.resume
    assert waits == sorted(waits)
    assert waits[0] == 1.0
    assert waits[-1] == 32.0


def test_rate_recovers_by_and_by() -> None:
    pace = Pace(4, 10.0)
    pace.take(0.0)
    pace.throttle(0.0, 1.0)
    pace.take(1.0)
    assert pace.wait(1.0) == pytest.approx(0.2)  # half as fast
    pace.answered(0.1)
    for n in range(40):
        pace.take(10.0 + n)
        pace.answered(0.1)
    pace.take(100.0)
    assert pace.wait(100.0) == pytest.approx(0.1)


def test_crawl_delay_counts_more_than_rate() -> None:
    pace = Pace(4, 10.0, delay=5.0)
    pace.take(0.0)
    assert pace.wait(0.0) == 5.0


def test_gone_after_failures_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.pace._PATIENCE", 3)
    pace = Pace(8, 0)
    now = 0.0
    for _ in range(2):
        pace.take(now)
        pace.take(now)
        pace.failed(now, connection=True)
        pace.failed(now, connection=True)  # together with the first: counts once
        now = pace.resume
    assert not pace.gone
    pace.take(now)
    pace.answered(0.1)
    for _ in range(3):
        assert not pace.gone
        pace.take(now)
        pace.failed(now, connection=True)
        now = pace.resume
    assert pace.gone
    calm = Pace(8, 0)
    for _ in range(20):
        calm.take(0.0)
        calm.failed(0.0, connection=False)
    assert not calm.gone
    assert calm.allowed == 1.0


# -- scope ---------------------------------------------------------------------


def scope(**options: object) -> Scope:
    return Scope(HOME, CrawlOptions(**options))  # type: ignore[arg-type]


def test_hosts() -> None:
    one = scope(hosts=("*.example.com", "Data.example.gov.cn:8080"))
    asked = {
        "www.example.gov.cn": True,
        "www.example.gov.cn:8080": False,
        "example.gov.cn": False,
        "data.example.gov.cn:8080": True,
        "data.example.gov.cn": False,
        "a.example.com": True,
        "b.a.example.com:81": True,
        "example.com": False,
        "evilexample.com": False,
        "a.example.com.evil.test": False,
    }
    assert {name: one.inside(name) for name in asked} == asked
    assert one.purpose("https://other.test/", True) == CHECK
    one.admit("other.test")
    assert one.purpose("https://other.test/", True) == PAGE


def test_what_an_address_is_asked_for() -> None:
    one = scope(include=(f"{HOME}a/", r"re:/b\d/"), exclude=(f"{HOME}a/x/", "re:[?&]print="))
    asked = {
        HOME: PAGE,
        f"{HOME}a/1.html": PAGE,
        f"{HOME}b7/": PAGE,
        f"{HOME}c/": CHECK,
        f"{HOME}a/x/1": "",
        f"{HOME}a/1?print=1": "",
        f"{HOME}a/1.pdf": CHECK,
        "https://other.test/?print=1": "",
        "https://other.test/": CHECK,
        f"{HOME}a/{'y' * 2000}": "",
    }
    assert {url: one.purpose(url, True) for url in asked} == asked
    assert one.purpose(f"{HOME}a/1.html", False) == CHECK
    with pytest.raises(ScopeError, match=r"正则表达式“\[”写法有误"):
        scope(exclude=("re:[",))


def test_paths_that_grow_are_left() -> None:
    one = scope()
    assert one.purpose(f"{HOME}a/b/a/b/a/b/c", True) == PAGE
    assert one.purpose(f"{HOME}a/b/a/b/a/b/a/b/c", True) == ""
    assert one.purpose(HOME + "/".join(map(str, range(20))), True) == PAGE
    assert one.purpose(HOME + "/".join(map(str, range(23))), True) == ""


def test_stamps_tell_scopes_apart() -> None:
    stamps = {
        scope().stamp,
        scope(hosts=("a.test",)).stamp,
        scope(hosts=("*.a.test",)).stamp,
        scope(include=("a",)).stamp,
        scope(exclude=("a",)).stamp,
        Scope("https://a.test/", CrawlOptions()).stamp,
    }
    assert len(stamps) == 6
    assert scope().stamp == scope(max_pages=5, rate=1).stamp
    one = scope()
    one.admit("a.test")
    assert one.stamp == scope(hosts=("a.test",)).stamp
    assert 0 <= one.stamp < 2**63


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/x.pdf", True),
        ("https://a.test/x.PDF?y=1", True),
        ("https://a.test/x.tar.gz", True),
        ("https://a.test/x.html", False),
        ("https://a.test/x.jsp?file=y.pdf", False),
        ("https://a.test/", False),
        ("https://a.test/.doc", False),
        ("https://a.test/v1.2/x", False),
    ],
)
def test_files(url: str, expected: bool) -> None:
    assert is_file(url) is expected


# -- traps ---------------------------------------------------------------------


def test_shapes() -> None:
    assert shape("http://h/2026/06/t1_2.html") == "http://h/0/0/t0_0.html"
    assert shape("http://h/c?m=6&y=2026") == "http://h/c?m&y"
    assert keys("b=1&a=2&b=3") == "a&b"
    assert likeness(b'<a href="/1">3 May</a>') == likeness(b'<a href="/2">14 May</a>')
    assert likeness(b"<p>a") != likeness(b"<p>b")


def test_a_calendar_is_closed_between_levels() -> None:
    made = Traps()
    for n in range(41):
        made.page(f"http://h/cal/{n}", b"<td>%d</td>" % n, 2, 0)
        assert made.holds("http://h/cal/99") == ""
    assert made.settle() == {"http://h/cal/0"}
    assert made.settle() == set()
    assert made.holds("http://h/cal/99") == "http://h/cal/0"
    assert made.holds("http://h/other/99") == ""


def test_pages_that_lead_elsewhere_too_are_no_trap() -> None:
    made = Traps()
    for n in range(200):
        made.page(f"http://h/cal/{n}", b"same", 2, 1)
        made.page(f"http://h/leaf/{n}", b"same", 0, 0)
    assert made.settle() == set()


def test_queries_that_change_nothing() -> None:
    made = Traps()
    for n in range(31):
        made.page(f"http://h/list?tok={n}", b"same", 5, 5)
    assert made.settle() == {"h?tok"}
    assert made.holds("http://h/any?tok=1") == "h?tok"
    assert made.holds("http://h/any?tok=1&page=2") == ""
    assert made.holds("http://other/any?tok=1") == ""


def test_queries_that_matter_mostly() -> None:
    made = Traps()
    for n in range(100):
        made.page(
            f"http://h/view?id={n}",
            f"条目{'甲乙丙丁'[n % 4]}{'一二三四五'[n // 20]}{chr(0x4E00 + n)}".encode(),
            0,
            1,
        )
    for n in range(35):
        made.page(f"http://h/view?id=x{n}", b"missing", 0, 1)
    assert made.settle() == set()


def test_memory_of_shapes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.traps._SHAPES", 10)
    made = Traps()
    for n in range(500):
        made.page(
            f"http://h/{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxy'[n // 100]}", b"x", 1, 0
        )
    assert len(made._shapes) == 10
