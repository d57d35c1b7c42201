"""What a crawl covers, how politely, and what it leaves: against scripted servers on loopback."""

from __future__ import annotations

import gzip
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import (
    SECOND,
    Hostile,
    Night,
    Visit,
    certificates,
    crawl,
    page,
    raw,
    reply,
    reset,
    serving,
    silent,
    tls,
    to,
    tree,
    turn,
)

from crawler import crawl as module
from crawler import pace, sitemap, transport
from crawler.sitemap import read_sitemap


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving() as made:
        yield made


@pytest.fixture
def far() -> Iterator[Hostile]:
    with serving("127.0.0.2") as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_PATIENCE", 4)


def covered(night: Night) -> set[tuple]:
    return {(name, row.status, row.depth, row.purpose) for name, row in night.fetches.items()}


# -- coverage and its limits -----------------------------------------------------


def test_the_same_pages_whatever_the_concurrency(server: Hostile, tmp_path: Path) -> None:
    tree(server, 120)
    inner = server.fallback
    assert inner is not None
    chance = random.Random(3)

    def answer(visit: Visit) -> bytes | None:
        visit.wait(chance.random() * 0.01)
        number = visit.target.strip("/").removesuffix(".html")
        if number.isdigit() and int(number) % 17 == 5:
            return to(f"/{(int(number) * 7) % 120}.html")
        if number.isdigit() and int(number) % 23 == 7:
            return reply("404", status=404)
        return inner(visit)

    server.fallback = answer
    one = crawl(server, tmp_path / "1", concurrency=1)
    many = crawl(server, tmp_path / "16", concurrency=16, total=16)
    assert covered(one) == covered(many)
    assert max(server.asked().values()) == 2
    some = crawl(server, tmp_path / "a", concurrency=1, max_pages=37)
    same = crawl(server, tmp_path / "b", concurrency=16, max_pages=37)
    assert covered(some) == covered(same)
    assert len(some.pages) == 37


def test_a_budget_counts_pages_that_may_be_asked(server: Hostile, tmp_path: Path) -> None:
    """Also with pages from a sitemap, where a budget that is spent must end the crawl of pages, not circle."""
    server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /a", media="text/plain")
    server.routes["/sitemap.xml"] = reply(
        "<urlset>" + "".join(f"<url><loc>/s{n}</loc></url>" for n in range(5)) + "</urlset>", media="text/xml"
    )
    server.fallback = lambda visit: reply(
        page(*(f"/{letter}{n}" for letter in "abc" for n in range(5)), words=visit.target)
    )
    night = crawl(server, tmp_path, max_pages=8, sitemaps=True)
    read = sorted(name for name, row in night.pages.items() if row.status)
    assert read == ["/", "/b0", "/b1", "/b2", "/b3", "/b4", "/c0", "/c1"]
    assert {row.failure for name, row in night.pages.items() if name.startswith("/a")} == {"robots"}
    assert "按设定最多抓取 8 个网页，其余没有抓取" in night.crawled.gaps
    assert night.crawled.gaps[-1] == "还有 8 个已发现的网址没有抓取"


def test_depth(server: Hostile, tmp_path: Path) -> None:
    tree(server, 100)
    server.routes["/sitemap.xml"] = reply("<urlset><url><loc>/99.html</loc></url></urlset>", media="text/xml")
    night = crawl(server, tmp_path, max_depth=2, sitemaps=True)
    assert max(row.depth or 0 for row in night.pages.values()) == 2
    assert any("第 2 层" in gap for gap in night.crawled.gaps)
    depths = {row.depth for row in crawl(server, tmp_path / "all").pages.values()}
    assert depths == {0, 1, 2, 3, 4} or max(depths, key=lambda n: n or 0) == 3


def test_time_runs_out(server: Hostile, tmp_path: Path) -> None:
    tree(server, 100, pause=0.2)
    begun = time.monotonic()
    night = crawl(server, tmp_path, max_seconds=0.6, concurrency=4)
    assert time.monotonic() - begun < 3
    assert night.crawled.state == "stopped"
    assert "时间到了" in night.crawled.gaps[0]
    assert "已发现的网址没有抓取" in night.crawled.gaps[-1]
    tree(server, 100)
    rest = crawl(server, tmp_path, resume=True)
    assert (len(rest.pages), rest.crawled.gaps) == (100, [])


def test_scope(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(
        page("/in/a", "/in/b.pdf", "/out/c", "/in/private/d", "/in/e?print=1", f"{far.base}/f", "mailto:a@example.com",
             "javascript:void(0)", "/in/a#top", "tel:123", "data:text/plain,x", "/in/long" + "x" * 2100)
    )  # fmt: skip
    for path in ("/in/a", "/out/c", "/in/private/d"):
        server.routes[path] = reply(page("/in/g", "/out/h"))
    server.routes["/in/b.pdf"] = reply(b"%PDF", media="application/pdf")
    far.routes["/f"] = reply(page("/deeper"))
    night = crawl(
        server, tmp_path, include=(f"{server.base}/in/",), exclude=(f"{server.base}/in/private/", r"re:[?&]print="),
        allow_private=True,
    )  # fmt: skip
    found = {name: row.purpose for name, row in night.fetches.items() if row.purpose in ("page", "check")}
    assert found == {
        "/": "page",
        "/in/a": "page",
        "/in/g": "page",
        "/in/b.pdf": "check",
        "/out/c": "check",
        "/out/h": "check",
        f"{far.base}/f": "check",
    }
    assert server.seen["HEAD /in/b.pdf"] == 1
    assert server.seen["GET /in/b.pdf"] == 0
    assert far.seen["GET /deeper"] == 0
    assert night.fetches["/out/h"].status == 404
    inside = crawl(server, tmp_path / "hosts", hosts=(f"127.0.0.2:{far.port}",), allow_private=True)
    assert inside.fetches[f"{far.base}/deeper"].purpose == "page"
    off = crawl(server, tmp_path / "off", external=False)
    assert f"{far.base}/f" not in off.fetches
    assert off.crawled.gaps == []


def test_one_fetch_and_every_referrer(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page("/a", "/b", "/b#there", "/B", "/%62"))
    server.routes["/a"] = reply(page("/b?", "/b", "/missing"))
    server.routes["/b"] = reply(page("/missing"))
    night = crawl(server, tmp_path)
    assert max(server.asked().values()) == 1
    carriers = night.rows(
        "SELECT u.url FROM link l JOIN content c ON c.id = l.content_id JOIN url u ON u.id = c.url_id"
        " JOIN url t ON t.id = l.target_id WHERE t.url = ? ORDER BY u.url",
        f"{server.base}/missing",
    )
    assert carriers == [(f"{server.base}/a",), (f"{server.base}/b",)]
    assert [link[0] for link in night.links("/")] == ["/a", "/b", "/b", "/B", "/b"]


def test_links_of_a_page(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(to_read := """<!doctype html><html><head><title>首 页</title><base href="/sub/">
<link rel="stylesheet" href="s.css"><meta http-equiv="refresh" content="5; url=/next"></head><body>
<div class="header"><a href="/nav">导航</a></div>
<div class="content" id="main"><a name="old"></a><h2 id="标题">x</h2><a href="rel#%E4%B8%80">相对 链接</a>
<img src="a.png" alt="图" srcset="b.png 1x, c.png 2x"><a href="/pic"><img src="a.png" alt="图的链接"></a>
<iframe src="/frame"></iframe><area href="/area"><script src="x.js"></script><form action="/search"></form></div>
<div style="display:none"><a href="/dark">暗链</a></div></body></html>""")  # fmt: skip
    assert to_read
    night = crawl(server, tmp_path)
    links = night.links("/")
    kinds = {(target, kind) for target, kind, *_ in links}
    assert kinds == {
        ("/sub/s.css", "style"), ("/next", "refresh"), ("/nav", "a"), ("/sub/rel", "a"), ("/sub/a.png", "image"),
        ("/sub/b.png", "image"), ("/sub/c.png", "image"), ("/pic", "a"), ("/frame", "frame"), ("/area", "area"),
        ("/sub/x.js", "script"), ("/search", "form"),("/dark", "a"),
    }  # fmt: skip
    by_target = {target: rest for target, *rest in links}
    assert by_target["/nav"][1:] == ["导航", "chrome", 0, ""]
    assert by_target["/sub/rel"][1:] == ["相对 链接", "main", 0, "一"]
    assert by_target["/pic"][1] == "图的链接"
    assert by_target["/dark"][3] == 1
    purposes = {name: row.purpose for name, row in night.fetches.items()}
    assert {purposes[name] for name in ("/next", "/frame", "/area", "/nav", "/sub/rel")} == {"page"}
    assert {purposes[name] for name in ("/sub/s.css", "/sub/a.png", "/sub/x.js")} == {"check"}
    assert "/search" not in purposes
    ((title, anchors),) = night.rows("SELECT title, anchors FROM content WHERE title <> ''")
    assert (title, set(anchors.split("\n")) >= {"main", "old", "标题"}) == ("首 页", True)


def test_files_are_asked_by_head_and_by_get_where_that_fails(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page("/ok.pdf", "/no-head.zip", "/gone.doc", "/moved.xls", "/wps"))
    server.routes["/ok.pdf"] = reply(b"x" * 100_000, media="application/pdf")
    server.routes["/no-head.zip"] = lambda visit: (
        reply(status=405) if visit.method == "HEAD" else reply(b"zip", media="application/zip")
    )
    server.routes["/moved.xls"] = to("/new.xls", status=301)
    server.routes["/new.xls"] = reply(b"xls", media="application/vnd.ms-excel")
    server.routes["/wps"] = reply(b"not a page", media="application/octet-stream")
    night = crawl(server, tmp_path)
    assert {
        name: (row.status, row.failure)
        for name, row in night.fetches.items()
        if "." in name and row.purpose == "check"
    } == {
        "/ok.pdf": (200, None),
        "/no-head.zip": (200, None),
        "/gone.doc": (404, "client-error"),
        "/moved.xls": (301, None),
        "/new.xls": (200, None),
    }
    assert (server.seen["HEAD /ok.pdf"], server.seen["GET /ok.pdf"]) == (1, 0)
    assert (night.fetches["/wps"].status, night.fetches["/wps"].content) == (200, None)


def test_seeds_and_where_the_home_page_leads(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = to(f"{far.base}/", status=301)
    server.routes["/seed"] = reply(page("/x"))
    far.routes["/"] = reply(page("/a"))
    far.routes["/a"] = reply(page())
    night = crawl(server, tmp_path, allow_private=True, seeds=(f"{server.base}/seed",))
    assert night.fetches[f"{far.base}/a"].purpose == "page"
    assert night.fetches["/x"].purpose == "page"
    assert any("一并作为本网站抓取" in words for words in night.crawled.notices)


def test_probes(server: Hostile, tmp_path: Path) -> None:
    """A made-up address for every folder; what it answered is believed for a week."""
    server.routes["/"] = reply(page("/a/1.html", "/b/1.html"))
    server.routes["/a/1.html"] = server.routes["/b/1.html"] = reply(page())

    def answer(visit: Visit) -> bytes:
        if visit.target.startswith("/a/"):
            return reply("<title>出错了</title>找不到页面")
        return to("/lost") if visit.target.startswith("/b/") else reply("404", status=404)

    server.fallback = answer
    night = crawl(server, tmp_path, probes=True)
    probes = {name.rpartition("/")[0]: row for name, row in night.fetches.items() if row.purpose == "probe"}
    assert {name: row.status for name, row in probes.items()} == {"": 404, "/a": 200, "/b": 302}
    assert night.fetches["/lost"].status == 404
    asked = sum(count for line, count in server.seen.items() if "no-such-page" in line)
    again = crawl(server, tmp_path, probes=True, at=SECOND)
    assert {name for name, row in again.fetches.items() if row.purpose == "probe" and row.cached} == {
        name for name, row in night.fetches.items() if row.purpose == "probe"
    }
    assert sum(count for line, count in server.seen.items() if "no-such-page" in line) == asked
    assert again.fetches["/lost"].status == 404


# -- robots and sitemaps ---------------------------------------------------------


def test_robots_are_obeyed(server: Hostile, tmp_path: Path) -> None:
    server.routes["/robots.txt"] = reply(
        "\ufeffUser-agent: *\nDisallow: /private/\nDisallow: /*.php$\nAllow: /private/open\n# 注释\n",
        media="text/plain",
    )
    paths = ("/private/a", "/private/open", "/x.php", "/x.php?y", "/fine", "/private/f.pdf")
    server.routes["/"] = reply(page(*paths))
    for path in paths:
        server.routes[path] = reply(page())
    night = crawl(server, tmp_path)
    assert {path for path in paths if night.fetches[path].failure == "robots"} == {
        "/private/a",
        "/x.php",
        "/private/f.pdf",
    }
    assert sorted(server.asked()) == ["/", "/fine", "/private/open", "/x.php?y"]
    own = crawl(server, tmp_path / "own", robots=False)
    assert {own.fetches[path].status for path in paths} == {200}
    assert any("--ignore-robots" in words for words in own.crawled.notices)
    assert server.seen["GET /robots.txt"] == 1


def test_robots_that_name_us(server: Hostile, tmp_path: Path) -> None:
    server.routes["/robots.txt"] = reply(
        "User-agent: shenjiao\nDisallow: /a\n\nUser-agent: *\nDisallow: /", media="text/plain"
    )
    server.routes["/"] = reply(page("/a", "/b"))
    server.routes["/b"] = reply(page())
    night = crawl(server, tmp_path)
    assert (night.kinds["/a"], night.kinds["/b"]) == ("robots", None)


@pytest.mark.parametrize("status", [500, 503])
def test_robots_that_fail_forbid_all(server: Hostile, tmp_path: Path, status: int) -> None:
    tree(server, 5)
    server.routes["/robots.txt"] = reply("x", status=status)
    night = crawl(server, tmp_path, retries=0)
    assert night.crawled.state == "stopped"
    assert "robots.txt 取不到" in night.crawled.gaps[0]
    assert "--ignore-robots" in night.crawled.gaps[0]
    assert not server.asked()
    server.routes["/robots.txt"] = reply("", media="text/plain")
    assert len(crawl(server, tmp_path, resume=True).pages) == 5


def test_robots_that_are_a_page(server: Hostile, tmp_path: Path) -> None:
    tree(server, 5)
    server.routes["/robots.txt"] = reply("<html>User-agent: *\nDisallow: /</html>", media="text/plain")
    night = crawl(server, tmp_path)
    assert len(night.pages) == 5
    assert any("robots.txt 其实是一个网页" in words for words in night.crawled.notices)


def test_robots_elsewhere(server: Hostile, tmp_path: Path) -> None:
    """Redirects are followed (RFC 9309), five at most, and what they end at is still there to be crawled."""
    tree(server, 5)
    server.routes["/robots.txt"] = to("/1.html")
    server.routes["/sitemap.xml"] = to("/2.html")
    night = crawl(server, tmp_path / "pages", sitemaps=True)
    assert {name for name, row in night.pages.items() if row.status == 200} == {
        "/",
        "/1.html",
        "/2.html",
        "/3.html",
        "/4.html",
    }
    server.routes["/robots.txt"] = to("/rules")
    server.routes["/rules"] = reply("User-agent: *\nDisallow: /2", media="text/plain")
    assert crawl(server, tmp_path / "rules").kinds["/2.html"] == "robots"
    server.routes["/robots.txt"] = to("/robots.txt")
    assert len(crawl(server, tmp_path / "loop").pages) == 5


def test_robots_without_end(server: Hostile, tmp_path: Path) -> None:
    tree(server, 3)
    server.routes["/robots.txt"] = reply(
        b"User-agent: *\nDisallow: /1\n" + b"# x\n" * 2_000_000, media="text/plain"
    )
    night = crawl(server, tmp_path, max_bytes=1_000_000)
    assert (night.kinds["/1.html"], night.kinds["/2.html"]) == ("robots", None)


def test_robots_that_ask_us_to_wait(server: Hostile, tmp_path: Path) -> None:
    tree(server, 4)
    server.routes["/robots.txt"] = turn(
        reply(b"", "Retry-After: 1", status=429), reply("User-agent: *\nCrawl-delay: 0.3", media="text/plain")
    )
    crawl(server, tmp_path)
    times = [visit.at for visit in server.log]
    assert times[1] - times[0] >= 0.95
    assert times[-1] - times[2] >= 0.3 * (len(times) - 3) * 0.95


def test_robots_of_another_host_in_scope(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    far.routes["/robots.txt"] = reply("x", status=500)
    far.routes["/a"] = reply(page())
    server.routes["/"] = reply(page(f"{far.base}/a", "/b"))
    server.routes["/b"] = reply(page())
    night = crawl(
        server, tmp_path, hosts=(f"127.0.0.2:{far.port}",), allow_private=True, retries=0, max_pages=9
    )
    assert night.crawled.state == "done"
    assert (night.pages[f"{far.base}/a"].failure, night.pages["/b"].status) == ("robots", 200)
    assert any(gap.startswith(f"127.0.0.2:{far.port} 的 robots.txt 取不到") for gap in night.crawled.gaps)


SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def test_sitemaps(server: Hostile, tmp_path: Path) -> None:
    index = "".join(
        f"<sitemap><loc>{server.base}/{name}</loc></sitemap>"
        for name in ("a.xml", "b.xml.gz", "c.html", "d.xml", "e.xml", "index.xml")
    )
    server.routes["/robots.txt"] = reply(
        f"Sitemap: {server.base}/index.xml\nSitemap: /list.txt\nSitemap: http://example.com/x.xml",
        media="text/plain",
    )
    server.routes["/index.xml"] = reply(f"<sitemapindex>{index}</sitemapindex>", media="text/xml")
    server.routes["/a.xml"] = reply(
        SITEMAP.format(
            f"<url><loc> {server.base}/from-a?x=1&amp;y=2 </loc></url><url><loc>http://example.com/other</loc></url>"
        ),
        media="text/xml",
    )
    server.routes["/b.xml.gz"] = reply(
        gzip.compress(SITEMAP.format(f"<url><loc>{server.base}/from-b</loc></url>").encode()),
        media="application/x-gzip",
    )
    server.routes["/c.html"] = reply(page("/from-c"))
    server.routes["/d.xml"] = reply(
        SITEMAP.format(f"<url><loc>{server.base}/from-d</loc></url><url><loc>/cut"), media="text/xml"
    )
    server.routes["/e.xml"] = to("/moved.xml", status=301)
    server.routes["/moved.xml"] = reply(SITEMAP.format("<url><loc>/from-e</loc></url>"), media="text/xml")
    server.routes["/list.txt"] = reply(f"{server.base}/from-list\nnot an address\n", media="text/plain")
    server.routes["/"] = reply(page("/linked"))
    server.fallback = lambda visit: (
        reply(page("/c.html", words=visit.target)) if visit.target != "/sitemap.xml" else reply(status=404)
    )
    night = crawl(server, tmp_path, sitemaps=True)
    assert set(night.pages) == {
        "/", "/linked", "/from-a?x=1&y=2", "/from-b", "/from-d", "/from-e", "/from-list", "/c.html", "/from-c",
    }  # fmt: skip
    sources = dict(night.rows("SELECT u.url, r.source FROM frontier r JOIN url u ON u.id = r.url_id"))
    assert sources[f"{server.base}/from-b"] == "sitemap"
    assert sources[f"{server.base}/linked"] == "link"
    assert any("c.html：不是网站地图，而是普通网页" in words for words in night.crawled.notices)
    assert any("d.xml：XML 第 1 行有错" in words for words in night.crawled.notices)
    assert max(count for path, count in server.asked("/c.html").items()) == 1


def test_sitemaps_that_mean_no_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_INFLATED", 1_000_000)
    monkeypatch.setattr(sitemap, "MAX_URLS", 500)
    here = "http://example.com/sitemap.xml"
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    assert read_sitemap(
        f"{laughs}]><urlset><url><loc>&j;</loc></url></urlset>".encode(), here
    ).fault.startswith("XML")
    entity = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://example.com/&f;</loc></url></urlset>'
    assert not any("root" in url for url in read_sitemap(entity.encode(), here).pages)
    assert read_sitemap(gzip.compress(b" " * 2_000_000, 1), here).fault == "解压后过大"
    assert read_sitemap(b"\x1f\x8b\x08junk", here).fault == "压缩数据已损坏"
    assert read_sitemap(b"<a>" * 1000, here).fault == "XML 嵌套过深"
    assert read_sitemap(b"", here).fault == "不是网站地图"
    assert read_sitemap("页面不存在".encode(), here).fault == "不是网站地图"
    assert read_sitemap(b"<!DOCTYPE html><p>x", here).fault == "不是网站地图，而是普通网页"
    many = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(510)) + "</urlset>"
    found = read_sitemap(many.encode(), here)
    assert (len(found.pages), found.fault) == (500, "地址超过 500 个，只取前面的")
    sixteen = "<urlset><url><loc>/通知</loc></url></urlset>".encode("utf-16")
    assert read_sitemap(sixteen, here).pages == ["http://example.com/%E9%80%9A%E7%9F%A5"]
    feed = "<rss><channel><item><link>/1</link></item></channel></rss>"
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/2"/></entry></feed>'
    assert read_sitemap(feed.encode(), here).pages == ["http://example.com/1"]
    assert read_sitemap(atom.encode(), here).pages == ["http://example.com/2"]


def test_sitemaps_without_number(server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_SITEMAPS", 5)
    server.routes["/"] = reply(page())
    server.fallback = lambda visit: reply(
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>{visit.target}{n}.xml</loc></sitemap>" for n in range(9))
        + "</sitemapindex>",
        media="text/xml",
    )
    night = crawl(server, tmp_path, sitemaps=True)
    assert "网站地图超过 5 个，其余没有读" in night.crawled.gaps
    assert sum(row.purpose == "sitemap" for row in night.fetches.values()) == 5


# -- politeness ------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("dated", [False, True])
def test_retry_after_is_waited_for(server: Hostile, tmp_path: Path, status: int, dated: bool) -> None:
    def answer(visit: Visit) -> bytes:
        if visit.count > 1:
            return reply(page(words="到了"))
        when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if dated else "1"
        return reply(b"", f"Retry-After: {when}", status=status)

    server.routes["/"] = reply(page("/busy", "/other"))
    server.routes["/busy"] = answer
    server.routes["/other"] = reply(page())
    night = crawl(server, tmp_path, concurrency=1, retries=1)
    busy = [visit.at for visit in server.log if visit.target == "/busy"]
    after = [visit.at for visit in server.log if visit.at > busy[0]]
    assert min(after) - busy[0] >= 0.9  # nothing at all was asked meanwhile
    assert (night.pages["/busy"].status, night.pages["/busy"].attempts) == (200, 2)
    assert night.crawled.gaps == []


def test_a_server_that_sends_us_away_for_long(server: Hostile, tmp_path: Path) -> None:
    tree(server, 30)
    server.routes["/1.html"] = reply(b"", "Retry-After: 3600", status=429)
    begun = time.monotonic()
    night = crawl(server, tmp_path, concurrency=1)
    assert time.monotonic() - begun < 5
    assert night.crawled.state == "stopped"
    assert "--resume" in night.crawled.gaps[0]
    del server.routes["/1.html"]
    whole = crawl(server, tmp_path, resume=True)
    assert len(whole.pages) == 30
    assert {row.status for row in whole.pages.values()} == {200}


def test_never_faster_than_told(server: Hostile, tmp_path: Path) -> None:
    tree(server, 20)
    crawl(server, tmp_path, rate=20, concurrency=8)
    times = [visit.at for visit in server.log]
    assert len(times) == 21
    assert times[-1] - times[0] >= 20 / 20 * 0.95
    for n in range(len(times) - 10):
        assert times[n + 10] - times[n] >= 10 / 20 * 0.7


def test_never_more_at_a_time_than_told(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    """Each host by itself, and all together."""
    tree(server, 40, pause=0.02)
    crawl(server, tmp_path / "one", concurrency=3)
    assert server.most_active == 3
    tree(far, 40, pause=0.02)
    server.most_active = 0
    crawl(
        server,
        tmp_path / "two",
        concurrency=3,
        total=4,
        hosts=(f"127.0.0.2:{far.port}",),
        seeds=(f"{far.base}/",),
    )
    assert server.most_active <= 3
    assert far.most_active <= 3


def test_a_slow_server_slows_us(server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = pace.Pace.answered

    def answered(self: pace.Pace, elapsed: float) -> None:
        original(self, elapsed * 10)  # as if every answer had taken ten times as long
        made.append(self.allowed)

    monkeypatch.setattr(pace.Pace, "answered", answered)
    tree(server, 60)
    inner = server.fallback
    assert inner is not None

    def answer(visit: Visit) -> bytes | None:
        visit.wait(0.0 if len(server.log) < 20 else 0.12)
        return inner(visit)

    server.fallback = answer
    crawl(server, tmp_path, concurrency=8)
    assert max(made[:20]) >= 6
    assert made[-1] < 4


def test_failures_that_heal(server: Hostile, tmp_path: Path) -> None:
    ok = reply(page())
    server.routes["/"] = reply(page("/reset", "/502", "/cut", "/timeout", "/500", "/404"))
    server.routes["/reset"] = turn(reset, ok)
    server.routes["/502"] = turn(reply(status=502), ok)
    server.routes["/cut"] = turn(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"), ok)
    server.routes["/timeout"] = turn(silent, ok)
    server.routes["/500"] = turn(reply(status=500), ok)
    night = crawl(server, tmp_path, timeout=1.0)
    assert {name: (row.status, row.attempts) for name, row in night.pages.items() if name != "/"} == {
        "/reset": (200, 2),
        "/502": (200, 2),
        "/cut": (200, 2),
        "/timeout": (200, 2),
        "/500": (500, 1),
        "/404": (404, 1),
    }


# -- private networks ------------------------------------------------------------


def test_the_public_may_not_lead_inside(
    server: Hostile, far: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.2 plays the public site, 127.0.0.3 and 127.0.0.1 what lies inside."""
    monkeypatch.setattr(transport, "is_public", lambda address: address == "127.0.0.2")
    with serving("127.0.0.3") as inside, serving("127.0.0.2") as seen:
        number = f"http://{0x7F000001}:{server.port}/decimal"
        names = [
            f"{inside.base}/admin",
            f"http://localhost:{server.port}/x",
            number,
            f"http://[::ffff:7f00:1]:{server.port}/y",
        ]
        seen.routes["/"] = reply(page(*names, "/jump", "/hop", f"{far.base}/ok"))
        seen.routes["/jump"] = to(f"{inside.base}/secret")
        seen.routes["/hop"] = to(f"{far.base}/hop")
        far.routes["/hop"] = to(f"{inside.base}/behind")
        far.routes["/ok"] = reply(page())
        seen.routes["/robots.txt"] = reply(f"Sitemap: {inside.base}/sitemap.xml", media="text/plain")
        night = crawl(seen, tmp_path / "out", sitemaps=True, hosts=("127.0.0.3",))
        assert inside.connections == server.connections == 0
        refused = {name for name, row in night.fetches.items() if row.failure == "private"}
        assert refused == {
            f"{inside.base}/admin", f"{inside.base}/secret", f"{inside.base}/behind",
            f"http://localhost:{server.port}/x", f"http://127.0.0.1:{server.port}/decimal",
            f"http://[::ffff:7f00:1]:{server.port}/y",
        }  # fmt: skip
        assert {night.fetches[name].message for name in refused} == {"指向内网地址，出于安全没有访问"}
        assert night.fetches[f"{far.base}/ok"].status == 200
        allowed = crawl(seen, tmp_path / "allowed", allow_private=True)
        assert inside.connections > 0
        assert allowed.fetches[f"{inside.base}/secret"].status == 404
    given = crawl(server, tmp_path / "given")  # what the user names himself needs no leave
    assert given.fetches["/"].status == 404


def test_robots_may_not_lead_inside(
    server: Hostile, far: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "is_public", lambda address: address == "127.0.0.2")
    far.routes["/robots.txt"] = to(f"{server.base}/robots.txt")
    far.routes["/"] = reply(page())
    night = crawl(far, tmp_path)
    assert server.connections == 0
    assert night.crawled.state == "stopped"


# -- kinds of failure in the store -----------------------------------------------


def test_links_that_fail_are_told_by_kind(server: Hostile, tmp_path: Path) -> None:
    signed = certificates(tmp_path)
    closed = Hostile("127.0.0.2")
    closed.stop()
    with serving(context=tls(signed["expired"])) as expired, serving(context=tls(signed["other"])) as other, \
         serving(context=tls(signed["self"])) as own, serving(context=tls(signed["good"])) as good:  # fmt: skip
        expected = {
            f"{expired.base}/": "tls-expired",
            f"{other.base}/": "tls-host",
            f"{own.base}/": "tls-untrusted",
            f"{good.base}/": "client-error",
            f"{closed.base}/": "refused",
            "http://nothere.invalid/": "dns",
        }
        server.routes["/"] = reply(page(*expected))
        night = crawl(server, tmp_path / "out", allow_private=True, retries=0, trusted=str(signed["ca"]))
        assert {name: night.kinds[name] for name in expected} == expected
        assert night.crawled.gaps == []
        home = crawl(expired, tmp_path / "home", trusted=str(signed["ca"]), retries=0)
        assert home.crawled.state == "stopped"
        assert "网站证书已过期" in home.crawled.gaps[0]
        assert home.kinds["/"] == "tls-expired"
        own_site = crawl(expired, tmp_path / "insecure", insecure=True)
        assert own_site.pages["/"].status == 404


def test_no_network_is_not_the_links_fault(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page(*(f"http://host{n}.invalid/" for n in range(3))))
    night = crawl(server, tmp_path, retries=0)
    assert {row.failure for name, row in night.fetches.items() if "invalid" in name} == {"dns-temporary"}
    assert any("本机可能没有联网" in gap for gap in night.crawled.gaps)


# -- the second night ------------------------------------------------------------


def conditional(body: str, *headers: str) -> Visit:
    def answer(visit: Visit) -> bytes:
        sent = visit.headers.get("if-none-match"), visit.headers.get("if-modified-since")
        known = [line.partition(": ")[2] for line in headers]
        return (
            reply(b"", status=304)
            if any(value in known for value in sent if value)
            else reply(body, *headers)
        )

    return answer  # type: ignore[return-value]


def test_the_second_night(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = conditional(page("/tag", "/date", "/plain", "/changes", "/goes"), 'ETag: "h"')
    server.routes["/tag"] = conditional(page("/deep"), 'ETag: W/"1"')
    server.routes["/date"] = conditional(page("/deep2"), "Last-Modified: Mon, 01 Jun 2026 00:00:00 GMT")
    server.routes["/plain"] = reply(page("/deep3"))
    server.routes["/changes"] = turn(reply(page("/old")), reply(page("/new")))
    server.routes["/goes"] = turn(reply(page()), reply("404", status=404))
    for path in ("/deep", "/deep2", "/deep3", "/old", "/new"):
        server.routes[path] = reply(page(words=path))
    first = crawl(server, tmp_path)
    second = crawl(server, tmp_path, at=SECOND)
    statuses = {name: row.status for name, row in second.pages.items()}
    assert statuses == {
        "/": 304, "/tag": 304, "/date": 304, "/plain": 200, "/changes": 200, "/goes": 404, "/deep": 200, "/deep2": 200,
        "/deep3": 200, "/new": 200,
    }  # fmt: skip
    assert "/old" not in second.pages
    same = [
        name
        for name in ("/", "/tag", "/date", "/plain", "/deep")
        if first.pages[name].content != second.pages[name].content
    ]
    assert same == []
    assert first.pages["/changes"].content != second.pages["/changes"].content
    assert second.crawled.progress.unchanged == 7
    kept = second.rows(
        "SELECT u.url, c.run_id FROM content c JOIN url u ON u.id = c.url_id WHERE c.run_id = 2"
    )
    assert {url.removeprefix(server.base) for url, _ in kept} == {"/changes", "/new", "/goes"}
    assert {row.depth for name, row in second.pages.items() if name.startswith("/deep")} == {2}
    third = crawl(
        server, tmp_path, at="2026-07-02T18:00:00Z", include=(f"{server.base}/p", f"{server.base}/d")
    )
    assert set(third.pages) == {"/", "/plain", "/date", "/deep2", "/deep3"}
    assert third.fetches["/tag"].purpose == "check"
    fourth = crawl(server, tmp_path, at="2026-07-03T18:00:00Z")
    assert set(fourth.pages) == set(second.pages)


def test_a_page_once_only_checked_is_read_in_full_later(server: Hostile, tmp_path: Path) -> None:
    """Same body, same ETag, but nobody had read its links."""
    server.routes["/"] = reply(page("/a/1", "/b/1"))
    server.routes["/a/1"] = conditional(page("/a/2", title="甲"), 'ETag: "1"')
    body = reply(page("/b/2", title="乙"))
    server.routes["/b/1"] = lambda visit: reply(status=405) if visit.method == "HEAD" else body
    server.fallback = lambda visit: reply(page(words=visit.target))
    first = crawl(server, tmp_path, include=(f"{server.base}/none",))
    assert set(first.pages) == {"/"}
    assert first.rows("SELECT title, page FROM content WHERE title = '乙'") == [("乙", 0)]
    second = crawl(server, tmp_path, at=SECOND)
    assert second.pages["/b/1"].content == first.fetches["/b/1"].content
    assert set(second.pages) == {"/", "/a/1", "/a/2", "/b/1", "/b/2"}
    assert [link[0] for link in second.links("/b/1")] == ["/b/2"]
    titles = second.rows(
        "SELECT title, page, excerpt FROM content WHERE title IN ('甲', '乙') ORDER BY title"
    )
    assert titles == [("乙", 1, ""), ("甲", 1, "")]
    third = crawl(server, tmp_path, at="2026-07-02T18:00:00Z")
    assert (third.pages["/a/1"].status, len(third.pages)) == (304, 5)


def test_answers_of_others_are_believed_by_age(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page(*(f"{far.base}/{name}" for name in ("good", "moved", "bad"))))
    far.routes["/good"] = far.routes["/end"] = reply(page())
    far.routes["/moved"] = to("/end")
    crawl(server, tmp_path, allow_private=True)
    far.seen.clear()
    young = crawl(server, tmp_path, at=SECOND, allow_private=True, external_age=100)
    assert dict(far.seen) == {"GET /bad": 1}
    assert {name.removeprefix(far.base): row.cached for name, row in young.fetches.items() if far.base in name} == {
        "/good": 1, "/moved": 1, "/end": 1, "/bad": 0,
    }  # fmt: skip
    assert young.fetches[f"{far.base}/moved"].next == f"{far.base}/end"
    crawl(server, tmp_path, at="2026-07-02T18:00:00Z", allow_private=True, external_age=1)
    assert far.seen["GET /good"] == 1
    crawl(server, tmp_path, at="2026-07-02T18:00:01Z", allow_private=True, external_age=0)
    assert far.seen["GET /good"] == 2


def test_external_pages_are_cut(server: Hostile, far: Hostile, tmp_path: Path) -> None:
    far.routes["/long"] = reply("<title>外站</title><p>" + "很长的正文" * 100_000)
    server.routes["/"] = reply(page(f"{far.base}/long"))
    night = crawl(server, tmp_path, allow_private=True)
    ((size, title, excerpt),) = night.rows("SELECT size, title, excerpt FROM content WHERE title = '外站'")
    assert (size, title) == (65_536, "外站")
    assert excerpt.startswith("很长的正文")
    assert len(excerpt) == 300
