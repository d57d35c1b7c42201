"""A realistic run store for the health report, built straight from the tables of ``qa.site.store``.

Three nights over a small county site: issues of every level, pass and state, one in the footer of
all pages, dead links with several referrers, issues put right, pages that could not be checked and
one that somebody chose to ignore.  ``build(..., scale=n)`` repeats pages and issues for measuring.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

from qa.finding import Level, Pass
from qa.site.model import Column, SiteConfig
from qa.site.store import LINK_INDEXES, open_store

HOME = "https://www.example.gov.cn/"
TIME = "2026-11-23T07:00:00+08:00"
NIGHTS = ("2026-11-20T18:00:00Z", "2026-11-21T18:00:00Z", "2026-11-22T18:00:00Z")
CONFIG = SiteConfig(
    HOME,
    name="示例县人民政府门户网站",
    unit="示例县人民政府办公室",
    code="3600000010",
    columns=(
        Column(HOME + "xwzx/", "新闻资讯", "news"),
        Column(HOME + "tzgg/", "通知公告", "notice"),
        Column(HOME + "zcjd/", "政策解读", "", 183),
    ),
)
EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>\u202e\x07'
"""A title that tries everything at once."""

COLUMNS = (("新闻资讯", "xwzx"), ("通知公告", "tzgg"), ("政策解读", "zcjd"), ("领导活动", "ldhd"))
_TITLES = (
    "县政府召开常务会议研究部署冬季安全生产工作",
    "关于做好今冬明春火灾防控工作的通知",
    "《示例县城乡居民基本医疗保险实施办法》政策解读",
    "县领导到城关镇调研乡村振兴工作",
    "示例县2026年第三季度财政收支情况公示",
)

# rule, title, level, pass, message, quote, before, after, suggestion, basis, score item, confidence
_WORDS = (
    ("typo/confusion", "错别字", Level.ERROR, Pass.PROOF1, "“布署”应为“部署”", "布署",
     "会议要求，要认真贯彻落实上级工作", "，切实抓好安全生产各项工作。", "部署", "《现代汉语词典（第7版）》", "", "high"),
    ("punctuation/halfwidth", "中文里使用半角标点", Level.WARNING, Pass.PROOF2, "", ",", "加强值班值守", "确保信息畅通", "，",
     "GB/T 15834-2011 5.1", "", "high"),
    ("facts/weekday", "星期与日期不符", Level.ERROR, Pass.PROOF3, "2026年11月20日是星期五，不是星期四",
     "11月20日（星期四）", "定于", "上午在县政府一楼会议室召开", "11月20日（星期五）", "算术与历法核对", "", "high"),
    ("names/institutions", "机构已经更名", Level.ERROR, Pass.REVIEW1, "“国土资源局”2018年已并入自然资源部门",
     "国土资源局", "由县", "会同有关部门负责", "自然资源局", "《国务院机构改革方案（2018年）》", "", "medium"),
    ("sensitive/words", "疑似严重表述错误", Level.VETO, Pass.REVIEW2, "此处表述不规范，请对照规范提法核实",
     "示例错误表述", "会上有人提到", "等说法", "", "国办秘函〔2019〕19号 单项否决", "VETO-SEC-1", "medium"),
    ("wording/caution", "慎用词", Level.NOTE, Pass.PROOF1, "一般会议不用“隆重召开”", "隆重召开", "大会在县礼堂", "。", "召开",
     "《新闻信息报道中的禁用词和慎用词（2016年7月修订）》", "", "low"),
    ("tags/missing", "网页缺少规定的标签", Level.WARNING, Pass.REVIEW3, "缺少标签 PubDate", "", "", "", "补上 PubDate 标签",
     "国办秘函〔2019〕19号 页面标签", "META", "high"),
)  # fmt: skip


class _Store:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.urls: dict[str, int] = {}

    def url(self, url: str) -> int:
        if url not in self.urls:
            host = url.split("/")[2]
            self.urls[url] = self.insert("url", url=url, host=host)
        return self.urls[url]

    def insert(self, table: str, **row: object) -> int:
        marks = ", ".join("?" * len(row))
        cursor = self.db.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )
        return cursor.lastrowid or 0

    def fetch(
        self, run: int, url: str, *, status: int = 200, content: int | None = None, **more: object
    ) -> int:
        row: dict[str, object] = {"purpose": "page", "at": NIGHTS[run - 1], "elapsed": 0.05, "failure": None}
        identifier = self.url(url)
        self.insert("fetch", run_id=run, url_id=identifier, status=status, content_id=content, **(row | more))
        return identifier

    def content(self, url: str, title: str, offset: int, **page: object) -> int:
        content = self.insert(
            "content",
            url_id=self.url(url),
            digest=hashlib.sha1(url.encode(), usedforsecurity=False).digest(),
            size=8000,
            media="text/html",
            charset="utf-8",
            warc="crawl-00001.warc.gz",
            offset=offset,
            length=2100,
            run_id=1,
            first_seen=NIGHTS[0],
            title=title,
            page=1,
        )
        facts: dict[str, object] = {
            "content_id": content,
            "ruleset": "r1",
            "title": title,
            "identity": title,
            "chars": 900,
            "text_hash": url,
            "site_name": CONFIG.name,
            "site_domain": "www.example.gov.cn",
            "site_code": CONFIG.code,
        }
        self.insert("page", **(facts | page))
        return content

    def link(
        self, content: int, n: int, target: str, text: str = "", kind: str = "a", place: str = "main"
    ) -> int:
        identifier = self.url(target)
        self.insert(
            "link",
            content_id=content,
            n=n,
            target_id=identifier,
            kind=kind,
            text=text,
            place=place,
            line=10 + n,
        )
        return identifier


def build(
    path: Path | str, *, scale: int = 1, extra_issues: int = 0, footer_pages: bool = True
) -> sqlite3.Connection:
    """The store; the third run is the one to tell of.

    Args:
        path: of ``run.db``, or ``":memory:"``.
        scale: how often the sixty articles are repeated.
        extra_issues: further issues of the third run, one page each.
        footer_pages: whether an issue of the footer is carried by every page.
    """
    db = open_store(path)
    db.execute("BEGIN")
    store = _Store(db)
    _runs(store)
    pages = _pages(store, scale)
    _links(store, pages)
    _issues(store, pages, extra_issues, footer_pages=footer_pages)
    db.execute("COMMIT")
    for statement in LINK_INDEXES:
        db.execute(statement)
    return db


def _runs(store: _Store) -> None:
    for number, started in enumerate(NIGHTS, 1):
        store.insert(
            "run",
            id=number,
            started=started,
            finished=started.replace("18:00", "18:12"),
            state="done",
            home=HOME,
            config="{}",
            notices=json.dumps(["已按要求不遵守 robots.txt（本单位网站）"], ensure_ascii=False),
            gaps=json.dumps(
                ["已达到抓取页数上限，尚有 12 个网址没有抓取"] if number == 3 else [], ensure_ascii=False
            ),
            judged=started,
            ruleset="r1",
        )


def _pages(store: _Store, scale: int) -> list[tuple[str, int, str, str]]:
    """Home page, columns and articles of every night: (address, content, title, column)."""
    pages = [(HOME, store.content(HOME, "示例县人民政府", 0, kind="other"), "示例县人民政府", "")]
    for name, folder in COLUMNS:
        url = f"{HOME}{folder}/"
        content = store.content(
            url, name, 100, kind="column", column_name=name, items=20,
            latest=None if folder == "ldhd" else "2026-11-20", crumbs=json.dumps(["首页", name], ensure_ascii=False),
        )  # fmt: skip
        pages.append((url, content, name, name))
    start = date(2026, 11, 21)
    for number in range(60 * scale):
        name, folder = COLUMNS[number % 3 if number % 7 else 2]
        day = start - timedelta(days=(number * number * 3) % 330)
        url = f"{HOME}{folder}/{day:%Y%m}/t{day:%Y%m%d}_{1000 + number}.html"
        title = EVIL if number == 5 else f"{_TITLES[number % 5]}（{number + 1}）"
        content = store.content(
            url, title, 1000 + number * 2100, kind="article",
            column_name=name if number % 4 else None,
            crumbs=json.dumps(["首页", "政务公开", name], ensure_ascii=False),
            article_title=title,
            pub_date=None if number % 10 == 1 else f"{day} 08:30",
            content_source="县政府办公室",
            published=f"{day}T08:30", published_from="meta", url_date=f"{day}",
            unchecked=json.dumps([["表格过大，没有核对合计", "facts/table_sums", "proof3"]], ensure_ascii=False)
            if number == 9 else "[]",
        )  # fmt: skip
        pages.append((url, content, title, name))
    for run in (1, 2, 3):
        for url, content, _, _ in pages:
            store.fetch(run, url, status=200 if run == 1 else 304, content=content)
    for failure, message, status, number in (
        ("timeout", "等待超时，服务器没有回应", 0, 2),
        ("server-error", "服务器内部出错（500）", 500, 1),
        ("tls-expired", "网站证书已过期", 0, 1),
        ("client-error", "找不到该网页（404）", 404, 1),
    ):
        for at in range(number):
            store.fetch(3, f"{HOME}bad/{failure}{at}.html", status=status, failure=failure, message=message)
    unjudged = store.insert(
        "content", url_id=store.url(HOME + "late.html"), digest=b"late", size=10, media="text/html", run_id=3,
        first_seen=NIGHTS[2], title="尚未审校", page=1,
    )  # fmt: skip
    store.fetch(3, HOME + "late.html", content=unjudged)
    return pages


DEAD = "https://gone.example.com/report.docx"
MOVED = "http://old.example.com/"
NEW_PLACE = "https://new.example.com/"
UNSURE = "https://walled.example.com/"
SOFT = HOME + "soft.html"


def _links(store: _Store, pages: list[tuple[str, int, str, str]]) -> None:
    for at, (_, content, _, _) in enumerate(pages):
        store.link(content, 0, HOME, "首页", place="chrome")
        for n in range(1, 38) if at != 4 else ():
            store.link(content, n, pages[(at + n) % len(pages)][0], "相关稿件")
        store.link(content, 38, MOVED, "友情链接", place="chrome")
        if at in (0, 3, 8, 9):
            store.link(content, 39, DEAD, "+附件：工作报告")
        if at == 4:
            store.link(content, 39, UNSURE, "省级平台")
            store.link(content, 40, HOME + "images/a.png", "会议现场", kind="image")
            store.link(content, 41, SOFT, "旧网页")
            store.link(content, 42, HOME + "bad/timeout0.html", "超时")
            store.link(content, 43, HOME + "unasked.html", "没有问过")
            store.link(content, 44, HOME + "bad/client-error0.html", "旧通知")
    soft = store.insert(
        "content", url_id=store.url(SOFT), digest=b"soft", size=10, media="text/html", run_id=3,
        first_seen=NIGHTS[2], title="页面不存在", page=1,
    )  # fmt: skip
    store.insert(
        "page",
        content_id=soft,
        ruleset="r1",
        kind="other",
        title="页面不存在",
        identity="x",
        chars=5,
        text_hash="",
    )
    store.fetch(3, SOFT, content=soft)
    store.insert("mark", run_id=3, url_id=store.url(SOFT), name="soft404")
    check = {"purpose": "check"}
    store.fetch(3, DEAD, status=404, failure="client-error", message="找不到该网页（404）", **check)
    store.fetch(3, NEW_PLACE, **check)
    store.fetch(3, MOVED, status=301, next_id=store.url(NEW_PLACE), **check)
    store.fetch(3, UNSURE, status=403, failure="client-error", message="服务器拒绝访问（403）", **check)
    store.fetch(
        3, HOME + "images/a.png", status=404, failure="client-error", message="找不到该网页（404）", **check
    )


def _issues(store: _Store, pages: list[tuple[str, int, str, str]], extra: int, *, footer_pages: bool) -> None:
    number = 0

    def issue(at: int, words: tuple[object, ...], *, state: str, run: int = 3, **more: object) -> int:
        nonlocal number
        number += 1
        rule, title, level, pass_, message, quote, before, after, suggestion, basis, item, confidence = words
        url, content, page_title, section = pages[at]
        assert isinstance(level, Level)
        assert isinstance(pass_, Pass)
        row: dict[str, object] = {
            "run_id": run, "id": number, "fingerprint": hashlib.sha256(f"{number}".encode()).hexdigest()[:32],
            "rule": rule, "title": title, "level": int(level), "pass": pass_.key, "confidence": confidence,
            "message": message, "quote": quote, "before": before, "after": after, "suggestion": suggestion,
            "basis": basis, "basis_url": "", "score_item": item, "chrome": 0, "suppressed": None, "pages": 1,
            "url_id": store.url(url), "content_id": content, "line": 42, "col": 7, "section": section,
            "page_title": page_title, "first_seen": NIGHTS[2] if state == "new" else NIGHTS[0], "state": state,
        }  # fmt: skip
        row |= more
        store.insert("issue", **row)
        store.insert("issue_page", run_id=run, issue_id=number, url_id=row["url_id"], line=row["line"], col=7)
        return number

    def carry(identifier: int, carriers: list[int], first: int) -> None:
        for at in carriers:
            if at != first:
                store.insert(
                    "issue_page",
                    run_id=3,
                    issue_id=identifier,
                    url_id=store.url(pages[at][0]),
                    line=300,
                    col=1,
                )

    for run, (new, still, gone) in {1: (30, 0, 0), 2: (6, 24, 8)}.items():
        number = 0
        for at in range(new + still):
            issue(5 + at, _WORDS[at % 7], state="new" if at < new else "still", run=run)
        for at in range(gone):
            _gone(store, run, at)
    number = 0
    footer = ("site/footer_marks", "页脚缺少规定的标识", Level.ERROR, Pass.REVIEW3, "全站页面底部没有公安机关备案标识", "",
              "", "", "在页面底部补上公安机关备案标识", "国办秘函〔2019〕19号 网站标识", "FOOT-4", "high")  # fmt: skip
    everywhere = list(range(len(pages))) if footer_pages else [0, 1]
    carry(issue(0, footer, state="still", chrome=1, pages=len(everywhere)), everywhere, 0)
    dead = ("site/dead_link", "链接打不开", Level.ERROR, Pass.PROOF3, "找不到该网页（404）", DEAD, "", "", "改正或者删去链接",
            "国办秘函〔2019〕19号 可用性", "LINK-O", "high")  # fmt: skip
    carry(issue(0, dead, state="new", pages=4, target_id=store.url(DEAD)), [0, 3, 8, 9], 0)
    image = HOME + "images/a.png"
    issue(4, (*dead[:5], image, *dead[6:]), state="new", target_id=store.url(image))
    stale = ("site/stale_column", "栏目长期未更新", Level.ERROR, Pass.REVIEW3, "“领导活动”栏目没有更新", "领导活动", "", "",
            "及时更新或者撤并栏目", "国办秘函〔2019〕19号 栏目更新", "COL-OLD", "medium")  # fmt: skip
    issue(4, stale, state="still")
    issue(10, _WORDS[0], state="new", page_title=EVIL, quote=EVIL, message=EVIL, section=EVIL)
    issue(11, _WORDS[0], state="new", suppressed="引用原文，不作改动")
    issue(12, (*_WORDS[0][:10], "ODD-1", "high"), state="new", content_id=None, before="长" * 40_000)
    for at in range(40):
        issue(13 + at, _WORDS[at % 7], state="new" if at % 4 == 0 else "still")
    for at in range(extra):
        issue(5 + at % (len(pages) - 5), _WORDS[at % 7], state="new" if at % 5 == 0 else "still")
    for at in range(7):
        _gone(store, 3, at)


def _gone(store: _Store, run: int, at: int) -> None:
    words = _WORDS[at % 7]
    store.insert(
        "gone",
        run_id=run,
        fingerprint=hashlib.sha256(f"gone {run} {at}".encode()).hexdigest()[:32],
        rule=words[0],
        title=words[1],
        level=int(words[2]),
        quote=words[5] or "PubDate",
        url=f"{HOME}xwzx/202610/t202610{at + 10}_{at}.html",
        page_title=_TITLES[at % 5],
        first_seen=NIGHTS[0],
    )
