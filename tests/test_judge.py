"""Judging a run store: pages once, issues by fingerprint, what is new, still there and gone."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa import judge as judging
from qa import pool
from qa.config import Override
from qa.document import Document
from qa.engine import Engine
from qa.files import PathMatcher
from qa.finding import Finding, Level, Pass
from qa.judge import Judge, Verdicts, blocks, code_digest, ruleset
from qa.passes import Gates
from qa.pool import Checker
from qa.rule import Bad, Good, Hit, Pack, Rule
from qa.site.model import Column, Reply, Site, SiteConfig, SiteExample, SiteHit, SiteRule, site_rule
from qa.site.sample import _Builder
from qa.site.section import section_of
from qa.site.snapshot import Writer
from qa.site.store import open_store
from qa.source import Span
from rules._standards import EDITING

HOME = "https://www.example.gov.cn/"
TIME = "2026-07-01T08:00:00+08:00"
Pages = Mapping[str, str | Reply]


def _find(document: Document) -> Iterator[Hit]:
    text = document.text
    if "崩溃" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "出错" in text:
        raise ValueError("坏了")
    at = text.find("甲")
    while at >= 0:
        yield Hit(Span(at, at + 1))
        at = text.find("甲", at + 1)


def _all(document: Document) -> Iterator[Hit]:
    at = document.text.find("丙")
    if at >= 0:
        yield Hit(Span(at, at + 1))


def page_rules() -> list[Rule]:
    made = []
    for name, function, level in (("x/one", _find, Level.ERROR), ("x/two", _all, Level.NOTE)):
        one = Rule(function, name, level, Pass.PROOF1, EDITING[""], (Bad("⟦甲⟧"),), (Good("乙"),), "为什么")
        one.id = name
        made.append(one)
    return made


def _suppress(document: Document, findings: list[Finding], *_: Any) -> list[Finding]:
    if "免责" not in document.text:
        return findings
    return [replace(finding, suppressed="本页有说明") for finding in findings]


def build() -> Checker:
    return Checker(Engine(page_rules()), finish=_suppress)


def unbuildable() -> Checker:
    raise SystemExit(9)


def over_site(check: Callable[[Site], Iterator[SiteHit]], name: str = "site/one", **options: Any) -> SiteRule:
    check.__doc__ = "为什么"
    one = site_rule(
        title="全站一条", level=Level.WARNING, passes=Pass.PROOF3, basis=EDITING[""],
        bad=(SiteExample({"/": ""}, (("甲", 1),)),), good=(SiteExample({"/": ""}),), **options,
    )(check)  # fmt: skip
    one.id = name
    return one


class _Nights(_Builder):
    """Crawls in memory, as examples do, but leaves bodies in WARC files and judges nothing."""

    writer: Writer

    def judge(self, content: int, url: str, reply: Reply) -> None:
        body = reply.body.encode()
        at, digest = self.db.execute(
            "SELECT first_seen, digest FROM content WHERE id = ?", (content,)
        ).fetchone()
        place = self.writer.response(url, at, 200, "", body, digest)
        self.db.execute("UPDATE content SET warc = ?, offset = ?, length = ? WHERE id = ?", (*place, content))


@dataclass
class World:
    """A run store being filled night by night."""

    folder: Path
    db: sqlite3.Connection = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.db = open_store(self.folder / "run.db")

    def crawl(self, pages: Pages, state: str = "done", **example: Any) -> int:
        """One more night; returns the number of its run."""
        builder = _Nights(self.db, SiteExample({}, **example))
        self.count += 1
        ends = {path.name: path.stat().st_size for path in (self.folder / "warc").glob("*")}
        builder.writer = Writer(self.folder / "warc", self.count, ends)
        run = builder.crawl(date(2026, 6, self.count), pages)
        builder.writer.close()
        self.db.execute("UPDATE run SET state = ? WHERE id = ?", (state, run))
        return run

    def judge(self, run: int, rules: str = "r", **options: Any) -> Verdicts:
        options = {"build": build, "site_rules": (), "rules": rules} | options
        config = options.pop("config", SiteConfig(HOME))
        return Judge(self.db, run, self.folder / "warc", config, **options).judge(TIME)

    def night(self, pages: Pages, state: str = "done", **options: Any) -> Verdicts:
        return self.judge(self.crawl(pages, state), **options)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.db.execute(sql, values).fetchall()

    def issues(self, run: int | None = None) -> list[tuple[Any, ...]]:
        """Rule, path of the first page, number of pages, state, by number."""
        found = self.rows(
            "SELECT i.rule, u.url, i.pages, i.state FROM issue i JOIN url u ON u.id = i.url_id WHERE i.run_id = ?"
            " ORDER BY i.id",
            run or self.count,
        )
        return [(rule, url.removeprefix(HOME[:-1]), pages, state) for rule, url, pages, state in found]

    def gone(self) -> list[tuple[str, str]]:
        return [
            (rule, url.removeprefix(HOME[:-1]))
            for rule, url in self.rows(
                "SELECT rule, url FROM gone WHERE run_id = ? ORDER BY rule, url", self.count
            )
        ]

    def dump(self, run: int) -> list[tuple[Any, ...]]:
        """All that is told of a run, without ids of addresses and contents."""
        return [
            *self.rows(
                "SELECT i.id, i.fingerprint, i.rule, i.level, i.pages, u.url, i.line, i.col, i.section, i.page_title,"
                " i.first_seen, i.state, i.suppressed, i.quote, i.message FROM issue i JOIN url u ON u.id = i.url_id"
                " WHERE i.run_id = ? ORDER BY i.id",
                run,
            ),
            *self.rows(
                "SELECT p.issue_id, u.url, p.line, p.col FROM issue_page p JOIN url u ON u.id = p.url_id"
                " WHERE p.run_id = ? ORDER BY 1, 2",
                run,
            ),
            *self.rows(
                "SELECT fingerprint, rule, url, first_seen FROM gone WHERE run_id = ? ORDER BY 1", run
            ),
        ]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.db.close()


def page(title: str, body: str, foot: str = "版权所有") -> str:
    return (
        f"<html><head><title>{title}</title></head><body><div class='content'><h1>{title}</h1>\n<p>{body}</p></div>\n"
        f"<div class='footer'><p>{foot}</p></div></body></html>"
    )


def links(*paths: str) -> str:
    return " ".join(f"<a href='{path}'>链接</a>" for path in paths)


def home(*paths: str, **options: str) -> str:
    return page("首页", f"欢迎{links(*paths)}", **options)


SITE: dict[str, str | Reply] = {
    "/": home("/a.html", "/b.html"),
    "/a.html": page("第一篇", "这里有甲字。"),
    "/b.html": page("第二篇", "这里有丙字。"),
}


# -- pages ----------------------------------------------------------------------


def test_each_page_is_judged_once_a_rule_set(world: World) -> None:
    first = world.night(SITE)
    assert (first.judged, first.reused, first.new, first.still, first.gone, first.unchecked) == (
        3,
        0,
        2,
        0,
        0,
        0,
    )
    assert first.issues == {Level.ERROR: 1, Level.NOTE: 1}
    told: list[tuple[int, int]] = []

    def forbidden() -> Checker:
        raise AssertionError("nothing is to be read")

    again = world.judge(1, build=forbidden, prepare=forbidden, progress=lambda *at: told.append(at))
    assert (again.judged, again.reused, again.new) == (0, 3, 2)
    assert told == []
    changed = dict(SITE) | {"/b.html": page("第二篇", "这里没有了。")}
    second = world.night(changed, progress=lambda *at: told.append(at))
    assert (second.judged, second.reused, second.still, second.gone) == (1, 2, 1, 1)
    assert told == [(1, 1)]
    other = world.judge(2, rules="s")
    assert (other.judged, other.reused, other.still) == (3, 0, 1)
    assert world.rows(
        "SELECT DISTINCT ruleset FROM page WHERE content_id IN (SELECT content_id FROM fetch WHERE run_id = 2)"
    ) == [("s",)]
    assert world.rows("SELECT judged, ruleset FROM run ORDER BY id") == [(TIME, "r"), (TIME, "s")]


def test_progress_and_preparation(world: World) -> None:
    told: list[tuple[int, int]] = []
    prepared: list[int] = []
    pages = {"/": home(*(f"/{n}.html" for n in range(90)))} | {
        f"/{n}.html": page(f"第{n}", "好") for n in range(90)
    }
    world.night(pages, prepare=lambda: prepared.append(1), progress=lambda *at: told.append(at))
    assert prepared == [1]
    assert told == [(40, 91), (80, 91), (91, 91)]


def test_verdicts_of_workers_are_the_same(world: World, tmp_path: Path, fork: None) -> None:
    pages = dict(SITE) | {"/": home(*(f"/{n}.html" for n in range(30)), "/a.html", "/b.html")}
    pages |= {f"/{n}.html": page(f"第{n}", "甲" if n % 3 else "好") for n in range(30)}
    world.night(pages, jobs=3)
    other = World(tmp_path / "other") if (tmp_path / "other").mkdir() is None else world
    other.night(pages, jobs=1)
    assert world.dump(1) == other.dump(1)
    assert len(world.issues()) == 22
    other.db.close()


@pytest.fixture
def fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_context", lambda: multiprocessing.get_context("fork"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_page_that_kills_costs_itself_alone(world: World, fork: None) -> None:
    pages = {"/": home(*(f"/{n}.html" for n in range(100)))}
    pages |= {f"/{n}.html": page(f"第{n}", "崩溃" if n in (3, 70) else "甲") for n in range(100)}
    verdicts = world.night(pages, jobs=2)
    assert (verdicts.judged, verdicts.unchecked) == (101, 2)
    assert len(world.issues()) == 98
    bad = world.rows(
        "SELECT u.url, p.unchecked FROM page p JOIN content c ON c.id = p.content_id JOIN url u ON u.id = c.url_id"
        " WHERE p.unchecked <> '[]' ORDER BY u.url"
    )
    assert [url.removeprefix(HOME) for url, _ in bad] == ["3.html", "70.html"]
    assert all("检查进程意外退出（信号 9）" in words for _, words in bad)
    # Tried again the next time, and them alone.
    again = world.judge(1, jobs=2, build=lambda: Checker(Engine(page_rules()[1:])))
    assert (again.judged, again.reused, again.unchecked) == (2, 99, 0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_workers_that_cannot_start_are_not_blamed_on_pages(
    world: World, fork: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    real = pool._Worker

    class Counted(real):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any) -> None:
            started.append(1)
            super().__init__(*arguments)

    monkeypatch.setattr(pool, "_Worker", Counted)
    pages = {"/": home(*(f"/{n}.html" for n in range(100)))}
    pages |= {f"/{n}.html": page(f"第{n}", "甲") for n in range(100)}
    verdicts = world.night(pages, jobs=2, build=unbuildable)
    assert verdicts.unchecked == 101
    assert len(started) <= 5
    assert world.issues() == []


def test_snapshots_that_are_missing_or_damaged(world: World) -> None:
    run = world.crawl(SITE)
    warc = next((world.folder / "warc").iterdir())
    data = warc.read_bytes()
    offset = world.rows(
        "SELECT offset FROM content c JOIN url u ON u.id = c.url_id WHERE u.url LIKE '%a.html'"
    )[0][0]
    warc.write_bytes(data[: offset + 20] + b"\0" * 30 + data[offset + 50 :])
    verdicts = world.judge(run)
    assert (verdicts.judged, verdicts.unchecked, len(world.issues())) == (3, 1, 1)
    ((words,),) = world.rows("SELECT unchecked FROM page WHERE unchecked <> '[]'")
    assert json.loads(words)[0][0] == f"快照文件“{warc.name}”第 {offset} 字节处已损坏"
    warc.rename(warc.with_suffix(".away"))
    assert world.judge(run, rules="s").unchecked == 3
    ((words,),) = world.rows("SELECT DISTINCT unchecked FROM page")
    assert f"快照文件“{warc.name}”打不开：" in words
    # Put back, it is read without a change of rules.
    warc.write_bytes(data)
    healed = world.judge(run, rules="s")
    assert (healed.judged, healed.unchecked, len(world.issues())) == (3, 0, 2)


def test_an_empty_page_is_unchecked(world: World) -> None:
    verdicts = world.night({"/": home("/a.html"), "/a.html": "  "})
    assert verdicts.unchecked == 1
    assert world.rows("SELECT kind, chars, unchecked FROM page WHERE unchecked <> '[]'") == [
        ("other", 0, '[["文件是空的，没有可检查的内容", "", ""]]')
    ]


def test_a_rule_that_raises_leaves_a_gap_in_its_page(world: World) -> None:
    world.night(SITE)
    verdicts = world.night(dict(SITE) | {"/a.html": page("第一篇", "这里有出错二字。")})
    assert verdicts.unchecked == 1
    # What that rule said there last time is not put right; what another said of the page is.
    assert world.issues() == [("x/one", "/a.html", 1, "still"), ("x/two", "/b.html", 1, "still")]
    world.night(dict(SITE) | {"/a.html": page("第一篇", "出错"), "/b.html": page("第二篇", "出错")})
    assert world.gone() == [("x/two", "/b.html")]


def test_a_store_that_cannot_be_written_is_left_as_it_was(world: World) -> None:
    world.night(SITE)
    before = world.dump(1)

    def broken(_site: Site) -> Iterator[SiteHit]:
        raise sqlite3.OperationalError("database or disk is full")
        yield

    with pytest.raises(sqlite3.OperationalError):
        world.judge(1, site_rules=(over_site(broken),))
    assert world.dump(1) == before
    assert not world.db.in_transaction
    world.db.execute("DROP TABLE gone")
    with pytest.raises(sqlite3.OperationalError):
        world.judge(1)


def test_an_error_that_ends_the_transaction_itself(world: World) -> None:
    run = world.crawl(SITE)

    def rolled_back(site: Site) -> Iterator[SiteHit]:
        site.db.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")
        yield

    with pytest.raises(sqlite3.OperationalError, match="disk I/O"):
        world.judge(run, site_rules=(over_site(rolled_back),))


# -- issues ---------------------------------------------------------------------


def test_chrome_is_one_issue_and_the_home_page_comes_first(world: World) -> None:
    foot = "主办：甲市政府"
    pages = {"/": home("/a.html", "/b.html", foot=foot)}
    pages |= {f"/{name}.html": page(f"{name}篇", "好", foot) for name in "ab"}
    world.night(pages)
    assert world.issues() == [("x/one", "/", 3, "new")]
    assert world.rows("SELECT chrome, page_title FROM issue") == [(1, "首页")]
    assert len(world.rows("SELECT * FROM issue_page")) == 3


def test_the_home_page_is_first_where_it_redirects(world: World) -> None:
    foot = "主办：甲市政府"
    pages: Pages = {
        "/": Reply(status=302, to="/z/index.html"),
        "/z/index.html": home("/a.html", foot=foot),
        "/a.html": page("一", "好", foot),
    }
    world.night(pages)
    assert world.issues() == [("x/one", "/z/index.html", 2, "new")]


def test_one_article_at_two_addresses_is_one_issue(world: World) -> None:
    pages = {"/": home("/z.html", "/y.html", "/x.html")}
    pages |= dict.fromkeys(("/y.html", "/z.html"), page("同一篇", "这里有甲字。"))
    pages["/x.html"] = page("另一篇", "这里有甲字。")
    world.night(pages)
    assert world.issues() == [("x/one", "/y.html", 2, "new"), ("x/one", "/x.html", 1, "new")]


def test_soft_404s_are_left_out(world: World) -> None:
    lost = page("页面不存在", "您访问的页面不存在，这里有甲字。")
    world.night({"/": home("/a.html"), "/a.html": lost})
    assert world.issues() == []
    assert world.rows("SELECT name FROM mark") == [("soft404",)]
    world.judge(1)
    assert world.rows("SELECT name FROM mark") == [("soft404",)]


@pytest.mark.parametrize("order", [("/a.html", "/b.html"), ("/b.html", "/a.html")])
def test_what_is_suppressed_on_one_page_still_counts_on_the_other(
    world: World, order: tuple[str, str]
) -> None:
    free, open_ = order
    pages = {
        "/": home(*order),
        open_: page("同一篇", "这里有甲字。"),
        free: page("同一篇", "这里有甲字。", "免责"),
    }
    assert world.night(pages).new == 1
    assert world.issues() == [("x/one", open_, 1, "new")]
    assert world.rows("SELECT suppressed FROM issue") == [(None,)]
    pages[open_] = pages[free]
    verdicts = world.night(pages)
    assert (verdicts.issues, verdicts.new, verdicts.still, verdicts.gone) == ({}, 0, 0, 0)
    assert world.rows("SELECT suppressed, pages FROM issue WHERE run_id = 2") == [("本页有说明", 2)]
    assert not blocks(world.db, 2, Gates(default=Level.NOTE))
    # An issue that was suppressed and is no more is nobody's success.
    assert world.night({"/": home()}).gone == 0
    assert world.gone() == []


def test_suppressed_pages_are_not_counted_among_the_open_ones(world: World) -> None:
    pages = {"/": home("/a.html", "/b.html", "/c.html")}
    pages |= {
        f"/{name}.html": page("同一篇", "这里有甲字。", "免责" if name in "ac" else "好") for name in "abc"
    }
    world.night(pages)
    assert world.issues() == [("x/one", "/b.html", 1, "new")]


def test_order_does_not_hang_on_ids(world: World, tmp_path: Path) -> None:
    names = [f"/{n}.html" for n in range(12)]
    articles = {name: page(f"篇{name}", "甲和丙，还有甲") for name in names}
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    other.db.executemany(
        "INSERT INTO url (url, host) VALUES (?, 'www.example.gov.cn')",
        [(HOME + name[1:],) for name in names[::-1]],
    )

    def everywhere(site: Site) -> Iterator[SiteHit]:
        for url_id, url in site.rows("SELECT url_id, url FROM live ORDER BY url"):
            yield SiteHit([url_id], url, quote=url)

    site_rules = (over_site(everywhere),)
    world.night({"/": home(*names)} | articles, site_rules=site_rules)
    other.night({"/": home(*names)} | articles, site_rules=site_rules)
    assert world.dump(1) == other.dump(1)
    assert len(world.issues()) == 12 * 3 + 13
    levels = [level for (level,) in world.rows("SELECT level FROM issue ORDER BY id")]
    assert levels == sorted(levels, reverse=True)
    assert [n for (n,) in world.rows("SELECT id FROM issue ORDER BY id")] == list(range(1, len(levels) + 1))
    other.db.close()


def test_many_issues_are_written_in_parts(world: World) -> None:
    def many(site: Site) -> Iterator[SiteHit]:
        for n in range(2300):
            yield SiteHit([site.home], f"{n:05}", quote=f"{n:05}")

    assert world.night(SITE, site_rules=(over_site(many),)).new == 2302
    assert world.rows("SELECT count(*), max(id) FROM issue") == [(2302, 2302)]


def test_sections_titles_and_places(world: World) -> None:
    config = SiteConfig(HOME, columns=(Column(HOME + "a", "通知公告"),))
    world.night(SITE, config=config)
    assert world.rows("SELECT section, page_title, line, quote FROM issue ORDER BY id") == [
        ("通知公告", "第一篇", 2, "甲"),
        ("", "第二篇", 2, "丙"),
    ]


@pytest.mark.parametrize(
    ("path", "named", "crumbs", "kind", "section"),
    [
        ("a/b.html", "部门动态", ["首页"], "article", "通知公告"),
        ("a/c/b.html", "部门动态", ["首页"], "article", "公示公告"),
        ("b.html", "部门动态", ["首页", "新闻"], "article", "部门动态"),
        ("b.html", None, ["首页", " 新闻 ", "正文"], "article", "新闻"),
        ("b.html", "", ["新闻", "某市召开防汛抗旱工作会议部署工作"], "article", "新闻"),
        (
            "b.html",
            None,
            ["新闻", "某市召开防汛抗旱工作会议部署工作"],
            "column",
            "某市召开防汛抗旱工作会议部署工作",
        ),
        ("b.html", None, ["一二三四五六七八九十一二三"], "article", "一二三四五六七八九十一二三"),
        ("b.html", None, ["新" * 50], "column", "新" * 30),
        ("b.html", None, ["首页", " "], "other", ""),
        ("d/b.html", None, None, None, ""),
    ],
)
def test_columns_of_pages(
    path: str, named: str | None, crumbs: list[str] | None, kind: str | None, section: str
) -> None:
    columns = (
        Column(HOME + "a/", "通知公告"),
        Column(HOME + "a/c/", "公示公告"),
        Column(HOME + "d/", "", "news"),
    )
    held = None if crumbs is None else json.dumps(crumbs, ensure_ascii=False)
    assert section_of(SiteConfig(HOME, columns=columns), HOME + path, named, held, kind) == section


# -- rules of sites -------------------------------------------------------------


def test_hits_of_site_rules(world: World) -> None:
    def told(site: Site) -> Iterator[SiteHit]:
        target = site.one("SELECT id FROM url WHERE url LIKE '%b.html'")
        page_id = site.one("SELECT id FROM url WHERE url LIKE '%a.html'")
        yield SiteHit(
            [site.home, page_id, site.home],
            "一",
            "引" * 600,
            "话",
            "改" * 600,
            line=7,
            target=target,
            chrome=True,
        )
        yield SiteHit([page_id], "一", "同一个键")
        yield SiteHit([], "二", "没有网页")
        yield SiteHit([page_id], "三", level=Level.VETO, clause=EDITING["本站约定"])

    def leveled(site: Site) -> Iterator[SiteHit]:
        yield SiteHit([site.home], "四", level=Level.VETO)

    one, two = over_site(told), over_site(leveled, "site/two")
    world.night(SITE, site_rules=(one, two), levels={"site/two": Level.NOTE})
    found = world.rows(
        "SELECT rule, level, pages, message, length(quote), length(suggestion), line, chrome, target_id IS NOT NULL,"
        " basis, pass FROM issue WHERE rule LIKE 'site/%' ORDER BY id"
    )
    assert found == [
        ("site/one", 4, 1, "全站一条", 0, 0, 0, 0, 0, EDITING["本站约定"].cite, "proof3"),
        ("site/one", 2, 2, "话", 500, 500, 7, 1, 1, EDITING[""].cite, "proof3"),
        ("site/two", 1, 1, "全站一条", 0, 0, 0, 0, 0, EDITING[""].cite, "proof3"),
    ]


def test_a_site_rule_that_raises_is_a_gap(world: World) -> None:
    def fine(site: Site) -> Iterator[SiteHit]:
        yield SiteHit([site.home], "一", "甲乙")
        yield SiteHit([site.home], "二", "丙丁")

    def raising(site: Site) -> Iterator[SiteHit]:
        yield SiteHit([site.home], "一", "甲乙")
        raise ValueError("坏了")

    gap = "规则 site/one 运行出错：ValueError：坏了"
    world.night(SITE, site_rules=(over_site(fine),))
    world.db.execute("UPDATE run SET gaps = '[\"还有 3 个网址没有抓取\"]'")
    run = world.crawl(SITE)
    world.db.execute("UPDATE run SET gaps = '[\"还有 3 个网址没有抓取\"]' WHERE id = ?", (run,))
    verdicts = world.judge(run, site_rules=(over_site(raising), over_site(fine, "site/two")))
    assert verdicts.gaps == ["还有 3 个网址没有抓取", gap]
    # The other rules went on, and what the broken one found last time is not called put right.
    assert (verdicts.new, verdicts.still, verdicts.gone) == (2, 4, 0)
    assert json.loads(world.rows("SELECT gaps FROM run WHERE id = ?", run)[0][0]) == verdicts.gaps
    # Mended, the gap goes; what the crawl said stays.
    again = world.judge(run, site_rules=(over_site(fine), over_site(fine, "site/two")))
    assert again.gaps == ["还有 3 个网址没有抓取"]
    assert (again.new, again.still, again.gone) == (2, 4, 0)


def test_the_day_is_told(world: World) -> None:
    days = []

    def when(site: Site) -> Iterator[SiteHit]:
        days.append(site.today)
        yield from ()

    world.night(SITE, site_rules=(over_site(when),))
    world.judge(1, site_rules=(over_site(when),), today=date(2027, 1, 1))
    assert days == [date(2026, 6, 1), date(2027, 1, 1)]


# -- against the last run --------------------------------------------------------


def test_first_seen_is_kept(world: World) -> None:
    for _ in range(3):
        world.night(SITE)
    assert world.rows("SELECT DISTINCT first_seen, state FROM issue WHERE run_id = 3") == [
        ("2026-06-01T02:00:00Z", "still")
    ]
    world.night(dict(SITE) | {"/a.html": page("第一篇", "好")})
    verdicts = world.night(SITE)  # it is back: new again
    assert (verdicts.new, verdicts.still) == (1, 1)
    assert world.rows("SELECT rule, first_seen, state FROM issue WHERE run_id = 5 ORDER BY id") == [
        ("x/one", "2026-06-05T02:00:00Z", "new"),
        ("x/two", "2026-06-01T02:00:00Z", "still"),
    ]


def test_runs_that_were_not_judged_do_not_count(world: World) -> None:
    world.night(SITE)
    world.crawl({"/": home()})
    verdicts = world.night(SITE)
    assert (verdicts.new, verdicts.still, verdicts.gone) == (0, 2, 0)


def test_judging_again_changes_nothing(world: World) -> None:
    world.night(SITE)
    world.night({"/": home("/a.html"), "/a.html": SITE["/a.html"]})
    world.night(SITE)
    before = [world.dump(run) for run in (1, 2, 3)]
    assert before[1][-1][1] == "x/two"
    for run in (2, 3, 1):
        world.judge(run)
    assert [world.dump(run) for run in (1, 2, 3)] == before


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(status=0, failure="timeout"), Reply(status=403), Reply(status=429)]
)
def test_what_could_not_be_read_this_time_stays(world: World, reply: Reply) -> None:
    world.night(dict(SITE) | {"/b.html": page("第二篇", "甲甲甲")})
    verdicts = world.night(dict(SITE) | {"/a.html": reply, "/b.html": page("第二篇", "丙")})
    assert (verdicts.new, verdicts.still, verdicts.gone, verdicts.unchecked) == (1, 1, 3, 1)
    # Numbered in the order of the report, the one taken over before the note.
    assert world.issues() == [("x/one", "/a.html", 1, "still"), ("x/two", "/b.html", 1, "new")]
    assert world.rows("SELECT id, first_seen FROM issue WHERE run_id = 2 ORDER BY id")[0] == (
        1,
        "2026-06-01T02:00:00Z",
    )
    numbers = world.rows(
        "SELECT i.id, i.rule, u.url FROM issue i JOIN issue_page p ON p.run_id = 2 AND p.issue_id = i.id"
        " JOIN url u ON u.id = p.url_id WHERE i.run_id = 2 ORDER BY 1"
    )
    assert numbers == [(1, "x/one", HOME + "a.html"), (2, "x/two", HOME + "b.html")]
    # Still out of reach: still there; then read and clean: gone.
    assert world.night(dict(SITE) | {"/a.html": reply, "/b.html": page("第二篇", "丙")}).still == 2
    assert (
        world.night(dict(SITE) | {"/a.html": page("第一篇", "好"), "/b.html": page("第二篇", "丙")}).gone == 1
    )
    assert world.gone() == [("x/one", "/a.html")]


@pytest.mark.parametrize(
    "reply", [Reply(status=404), Reply(status=410), Reply(status=301, to="/"), page("第一篇", "好")]
)
def test_what_was_looked_at_and_is_not_there_is_gone(world: World, reply: Reply | str) -> None:
    world.night(SITE)
    assert world.night(dict(SITE) | {"/a.html": reply}).gone == 1
    assert world.gone() == [("x/one", "/a.html")]


def test_what_one_of_its_pages_tells_is_enough(world: World) -> None:
    foot = "主办：甲市政府"
    world.night({"/": home("/a.html", foot=foot), "/a.html": page("一", "好", foot)})
    verdicts = world.night({"/": home("/a.html"), "/a.html": Reply(status=500)})
    assert (verdicts.gone, verdicts.still) == (1, 0)


def test_a_page_no_longer_linked_is_gone_with_its_issues(world: World) -> None:
    world.night(SITE)
    assert world.night({"/": home("/b.html"), "/b.html": SITE["/b.html"]}).gone == 1
    assert world.gone() == [("x/one", "/a.html")]


def test_not_so_where_the_crawl_was_stopped(world: World) -> None:
    world.night(SITE)
    verdicts = world.night({"/": home("/b.html"), "/b.html": SITE["/b.html"]}, "stopped")
    assert (verdicts.gone, verdicts.still) == (0, 2)


DEEP: dict[str, str | Reply] = {
    "/": home("/list.html"),
    "/list.html": page("列表", links("/more.html")),
    "/more.html": page("又一页", links("/a.html")),
    "/a.html": page("第一篇", "这里有甲字。"),
}


@pytest.mark.parametrize("at", ["/", "/list.html", "/more.html"])
def test_not_so_where_what_led_to_it_could_not_be_read(world: World, at: str) -> None:
    world.night(DEEP)
    down: dict[str, str | Reply] = {}
    for path, reply in DEEP.items():  # what lies behind the page that is down is not found
        down[path] = Reply(status=0, failure="timeout") if path == at else reply
        if path == at:
            break
    verdicts = world.night(down)
    assert (verdicts.gone, verdicts.still) == (0, 1)
    assert world.issues() == [("x/one", "/a.html", 1, "still")]
    # A later night shows that the way there was taken away.
    verdicts = world.night({"/": home()})
    assert (verdicts.gone, verdicts.still) == (1, 0)


def test_not_so_where_the_sitemap_that_named_it_could_not_be_read(world: World) -> None:
    alone = {"/": home(), "/a.html": page("第一篇", "这里有甲字。")}  # in the sitemap alone
    world.night(alone)
    for status, expected in ((500, (0, 1)), (404, (1, 0))):
        run = world.crawl({"/": home()})
        sitemap = world.db.execute(
            "INSERT INTO url (url, host) VALUES (?, 'www.example.gov.cn') ON CONFLICT DO UPDATE SET host = host"
            " RETURNING id",
            (HOME + "sitemap.xml",),
        ).fetchone()[0]
        world.db.execute(
            "INSERT INTO fetch (run_id, url_id, purpose, at, elapsed, status, failure) VALUES"
            " (?, ?, 'sitemap', '', 0, ?, 'x')",
            (run, sitemap, status),
        )
        verdicts = world.judge(run)
        assert (verdicts.gone, verdicts.still) == expected


def test_rules_switched_off_are_neither_still_nor_gone(world: World) -> None:
    world.night(SITE)
    clean = {"/": home()}
    verdicts = world.night(clean, in_force=["x/two"])
    assert (verdicts.gone, verdicts.still) == (1, 0)
    assert world.gone() == [("x/two", "/b.html")]


# -- names of rule sets, gates ----------------------------------------------------


def test_the_name_of_a_rule_set_tells_what_verdicts_rest_on(tmp_path: Path) -> None:
    pack = Pack(silence=frozenset(["甲", "乙"]), words=({"term": "丙", "replace": ["丁"]},))
    names = {
        ruleset(),
        ruleset(["a"]),
        ruleset(["a", "b"]),
        ruleset(["ab"]),
        ruleset("a", "b"),
        ruleset("ab", ""),
        ruleset(pack),
        ruleset(Pack(silence=frozenset(["甲"]))),
        ruleset({"x/one": {"days": 3}}),
        ruleset({"x/one": {"days": 4}}),
        ruleset({"x/one": {"days": "3"}}),
        ruleset(date(2026, 1, 1)),
        ruleset(None),
        ruleset([("x/one", Level.NOTE)]),
        ruleset([("x/one", Level.ERROR)]),
        ruleset(Override(PathMatcher(["a/"], tmp_path), None, frozenset(), {})),
        ruleset(Override(PathMatcher(["b/"], tmp_path), None, frozenset(), {})),
    }
    assert len(names) == 17
    assert all(len(name) == 32 for name in names)
    assert ruleset({"a": 1, "b": 2}) == ruleset({"b": 2, "a": 1})


def test_the_name_of_a_rule_set_is_the_same_in_every_process() -> None:
    script = (
        "from pathlib import Path\n"
        "from qa.config import Override\n"
        "from qa.files import PathMatcher\n"
        "from qa.finding import Level, Pass\n"
        "from qa.judge import ruleset\n"
        "from qa.rule import Pack\n"
        "words = frozenset('甲乙丙丁戊己庚辛')\n"
        "print(ruleset(Pack(silence=words), Override(PathMatcher(['a/'], Path('.')), words, words, {Pass.PROOF1: Level.NOTE})))"
    )
    names = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(names) == 1
    assert len(names.pop().strip()) == 32


def test_a_changed_word_list_changes_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("qa", "qa/cli", "qa/training", "rules/x", "rules/precision"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(judging, "__file__", str(tmp_path / "qa" / "judge.py"))
    digest = code_digest.__wrapped__
    names = [digest()]
    for path in (
        "qa/a.py",
        "qa/m.klm",
        "qa/n.npz",
        "qa/judge.json",
        "rules/x/words.tsv",
        "rules/x/more.toml",
        "rules/x/names.txt",
    ):
        (tmp_path / path).write_text("甲", encoding="utf-8")
        names.append(digest())
        (tmp_path / path).write_text("乙", encoding="utf-8")
        names.append(digest())
    assert len(set(names)) == len(names)
    for path in ("qa/cli/a.py", "qa/training/a.py", "rules/precision/x.toml", "rules/x/notes.md"):
        (tmp_path / path).write_text("甲", encoding="utf-8")
        assert digest() == names[-1]


def test_a_crawl_that_was_never_finished_is_not_clean(world: World) -> None:
    run = world.crawl({"/": home()}, "running")
    gap = "抓取没有做完，可用 --resume 接着抓"
    assert world.judge(run).gaps == [gap]
    assert world.judge(run).gaps == [gap]
    world.db.execute("UPDATE run SET gaps = '[\"磁盘空间不足\"]'")
    assert world.judge(run).gaps == ["磁盘空间不足"]


def test_gates(world: World) -> None:
    def leveled(site: Site) -> Iterator[SiteHit]:
        yield SiteHit([site.home], "一")

    run = world.crawl(SITE)
    world.judge(run, site_rules=(over_site(leveled),))
    # An error and a note of the first pass, a warning of the third.
    expected = [
        (Gates(), True),
        (Gates(default=Level.VETO), False),
        (Gates(default=None), False),
        (Gates({Pass.PROOF1: None}), False),
        (Gates({Pass.PROOF1: None}, Level.WARNING), True),
        (Gates({Pass.PROOF1: None, Pass.PROOF3: Level.ERROR}, Level.NOTE), False),
        (Gates({Pass.REVIEW1: Level.NOTE}, None), False),
    ]
    assert [blocks(world.db, run, gates) for gates, _ in expected] == [outcome for _, outcome in expected]


# -- rules of sites that need not run again ----------------------------------------


def counted(calls: list[int], name: str = "site/one", *, steady: bool = True) -> SiteRule:
    """A rule that finds two faults and says when it was run."""

    def told(site: Site) -> Iterator[SiteHit]:
        calls.append(site.run)
        pages = [row[0] for row in site.rows("SELECT url_id FROM live ORDER BY url")]
        target = site.one("SELECT id FROM url WHERE url LIKE '%b.html'")
        first = site.home
        yield SiteHit(
            [first, *pages], "一", "引文", "话", "改法", "前", "后", line=7, target=target, chrome=True
        )
        yield SiteHit(pages[-1:], "二", level=Level.ERROR, clause=EDITING["本站约定"])

    return over_site(told, name, steady=steady)


def test_where_all_answers_are_the_same_rules_of_sites_are_not_run_again(
    world: World, tmp_path: Path
) -> None:
    calls: list[int] = []
    rule = counted(calls)
    for _ in range(3):
        world.night(SITE, site_rules=(rule,))
    assert calls == [1]
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    for _ in range(3):
        other.night(SITE, site_rules=(counted([], steady=False),))
    assert world.dump(3) == other.dump(3)
    assert any(row[2] == "site/one" for row in world.dump(3))
    other.db.close()


def test_other_answers_rules_or_settings_run_them_again(world: World) -> None:
    calls: list[int] = []
    rule = counted(calls)
    rules = (rule,)
    world.night(SITE, site_rules=rules)
    world.night(dict(SITE) | {"/a.html": page("第一篇", "改了")}, site_rules=rules)  # another body
    world.night(SITE, site_rules=rules, rules="s")  # another rule set
    world.night(SITE, site_rules=rules, rules="s", config=SiteConfig(HOME, name="某市"))
    world.night(
        SITE,
        site_rules=rules,
        rules="s",
        config=SiteConfig(HOME, name="某市"),
        levels={"site/one": Level.NOTE},
    )
    assert calls == [1, 2, 3, 4, 5]
    same = {"rules": "s", "config": SiteConfig(HOME, name="某市"), "levels": {"site/one": Level.NOTE}}
    world.night(SITE, site_rules=rules, **same)
    assert calls == [1, 2, 3, 4, 5]
    world.db.execute("UPDATE run SET gaps = '[\"规则 site/two 运行出错：ValueError\"]' WHERE id = 6")
    world.night(SITE, site_rules=rules, **same)
    assert calls[-1] == 7, "what an unfinished judgement found is not taken over"
    world.night(SITE, site_rules=(counted(calls, steady=False),), **same)
    assert calls[-1] == 8
