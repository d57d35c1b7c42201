"""``shenjiao recheck`` against a server on 127.0.0.1."""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.fetch import Fetched, Limits
from crawler.recheck import assess
from crawler.recheck import recheck as run_recheck
from qa.approval import Approval, append, approve, line_of
from qa.cli import main
from qa.cli._base import all_names
from qa.ledger import open_ledger
from qa.readers import read
from qa.rule import Settings
from qa.site.store import open_store
from qa.source import Source

DRAFT = """# 关于做好防汛工作的通知

各单位要落实防汛责任制，主要负责人要靠前指挥，确保各项措施落到实处。

全市安排防汛资金1200万元，6月30日前全部拨付到位。

附件：[任务分解表](rw.xlsx)

特此通知，请认真贯彻执行。
"""
PAGE = (
    "<!DOCTYPE html><meta charset=utf-8><title>关于做好防汛工作的通知_某某市</title><div class=nav><a href=/>首页</a></div>"
    "<h1>关于做好防汛工作的通知</h1><p>发布时间：2024-05-06 来源：某局</p><div class=TRS_Editor>"
    "<p>各单位要落实防汛责任制，主要负责人要靠前指挥，确保各项措施落到实处。</p><p>全市安排防汛资金1200万元，6月30日前全部拨付到位。</p>"
    "<p><a href=/f/rw.xlsx>附件：任务分解表.xlsx</a></p><p>特此通知，请认真贯彻执行。</p></div><p>上一篇：<a href=/x>某通知</a></p>"
)
HTML = "text/html; charset=utf-8"


class Site:
    """Answers by path: status, headers, body; paths not given are 404."""

    def __init__(self) -> None:
        self.routes: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append(f"{self.command} {self.path}")
                status, headers, body = site.routes.get(self.path, (404, {}, b"no"))
                if status == 0:
                    time.sleep(1.5)
                    status = 200
                self.send_response(status)
                for name, value in {
                    "Content-Type": HTML,
                    "Content-Length": str(len(body)),
                    **headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def put(self, path: str, body: str | bytes = PAGE, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.routes[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, data)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    made = Site()
    made.put("/a.html")
    made.put("/", "<h1>首页</h1>" + "<p>欢迎访问某某市人民政府网站，这里是首页。</p>" * 5)
    made.put("/f/rw.xlsx", b"PK", Content_Type="application/octet-stream")
    yield made
    made.close()


def approved(url: str = "", text: str = DRAFT, path: str = "a.md", **more: str) -> Approval:
    return approve(read(Source(path, text, "markdown")), path, url=url, **more)


def write(*approvals: Approval, text: bool = True) -> None:
    append(Path("a.jsonl"), [line_of(one, text=text) for one in approvals])


def recheck(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["recheck", *arguments, "--format", "json", "-q", "--timeout", "1"])
    out = capsys.readouterr().out
    return code, json.loads(out)


def rules(report: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in report["findings"]]


def test_an_unchanged_article(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(approved(f"{site.base}/a.html"))
    assert main(["recheck", "a.jsonl"]) == 0
    assert "未发现问题" in capsys.readouterr().out
    assert site.seen.count("GET /a.html") == 1
    assert "HEAD /f/rw.xlsx" in site.seen
    assert main(["recheck", "a.jsonl", "-q"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["recheck", "a.jsonl", "-f", "json", "-o", "r.json", "--time", "2024-05-07"]) == 0
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["summary"]["time"] == "2024-05-07"


def test_drift_is_told_in_words(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.put("/a.html", PAGE.replace("1200", "2100"))
    write(approved(f"{site.base}/a.html"))
    assert main(["recheck", "a.jsonl", "--no-color"]) == 1
    out = capsys.readouterr().out
    assert "资金1200万元" in out
    assert "资金2100万元" in out
    assert "recheck/changed" in out
    first = recheck(capsys, "a.jsonl")[1]["findings"][0]["fingerprint"]
    assert first == recheck(capsys, "a.jsonl")[1]["findings"][0]["fingerprint"]


@pytest.mark.parametrize(
    ("body", "status", "headers", "code", "rule", "words"),
    [
        ("no", 404, {}, 1, "recheck/offline", "找不到该网页（404）"),
        ("no", 410, {}, 1, "recheck/offline", "已删除"),
        ("", 200, {}, 1, "recheck/offline", "没有内容"),
        ("", 302, {"Location": "/"}, 1, "recheck/offline", "首页"),
        ("", 302, {"Location": "/gone.html"}, 1, "recheck/offline", "跳转到"),
        ("<title>404</title><p>您访问的页面不存在或已被删除，请检查您输入的网址是否正确，或返回首页继续浏览。", 200, {}, 1, "recheck/offline", "出错页面"),
        ("no", 500, {}, 3, "", "服务器内部出错"),
        ("no", 403, {}, 3, "", "拒绝访问"),
        ("slow", 0, {}, 3, "", "超时"),
        ("x", 200, {"Content-Type": "application/pdf"}, 3, "", "不是网页"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 200, {}, 3, "", "不是文本文件"),
        (gzip.compress(b"\0" * (17 << 20)), 200, {"Content-Encoding": "gzip"}, 3, "", "内容过大"),
        (b"\x1f\x8bbroken", 200, {"Content-Encoding": "gzip"}, 3, "", "损坏"),
        ("<div id=app></div><script src=/app.js></script>", 200, {}, 3, "", "脚本"),
    ],
)  # fmt: skip
def test_answers(
    site: Site, capsys: pytest.CaptureFixture[str], body: str | bytes, status: int, headers: dict[str, str],
    code: int, rule: str, words: str,
) -> None:  # fmt: skip
    site.put("/a.html", body, status, **{name.replace("-", "_"): value for name, value in headers.items()})
    write(approved(f"{site.base}/a.html"))
    got, report = recheck(capsys, "a.jsonl")
    assert got == code
    assert rules(report) == ([rule] if rule else [])
    (document,) = report["documents"]
    told = report["findings"][0]["message"] if rule else document["unchecked"][0]["reason"]
    assert words in told


def test_wrong_encodings_are_read(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    data = PAGE.replace("charset=utf-8", "charset=gb2312").encode("gb18030")
    site.put("/a.html", data, Content_Type="text/html")
    write(approved(f"{site.base}/a.html"))
    assert recheck(capsys, "a.jsonl")[0] == 0


def test_attachments_are_asked_for(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(approved(f"{site.base}/a.html"))
    for status, headers, code, rule in (
        (404, {}, 1, ["recheck/missing_attachment"]),
        (200, {}, 1, ["recheck/missing_attachment"]),  # a page where a file should be
        (302, {"Location": "/"}, 1, ["recheck/missing_attachment"]),
        (503, {}, 3, []),
    ):
        site.put("/f/rw.xlsx", "<p>出错", status, **headers)
        got, report = recheck(capsys, "a.jsonl")
        assert (got, rules(report)) == (code, rule)
    assert "没有查到" in report["documents"][0]["unchecked"][0]["reason"]


def test_many_files_are_bounded(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("crawler.recheck.MAX_FILES", 1)
    draft = DRAFT.replace("(rw.xlsx)", "(rw.xlsx) ![甲](a.png)")
    site.put("/a.html", PAGE.replace("</div><p>", "<img src=a.png></div><p>"))
    write(approved(f"{site.base}/a.html", draft))
    got, report = recheck(capsys, "a.jsonl")
    assert got == 3
    assert "只查了前 1 个" in report["documents"][0]["unchecked"][0]["reason"]


def test_where_articles_are(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{site.base}/a.html"
    write(approved())
    code, report = recheck(capsys, "a.jsonl")
    assert code == 3
    assert "没有网址" in report["documents"][0]["unchecked"][0]["reason"]
    Path("map.csv").write_text(f"a.md,{url}\n", encoding="utf-8")
    assert recheck(capsys, "a.jsonl", "--url-map", "map.csv")[0] == 0
    assert recheck(capsys, "a.jsonl", "--url-map", "map.csv", "--site", site.base)[0] == 0
    assert main(["recheck", "a.jsonl", "--url-map", "map.csv", "--site", "https://www.example.com/"]) == 2


def test_pages_of_the_last_crawl(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(approved(), approved(text=DRAFT.replace("防汛", "抗旱"), path="b.md"))
    Path("out").mkdir()
    db = open_store("out/run.db")
    code = main(["recheck", "a.jsonl", "--store", "out"])
    assert (code, "没有抓取过" in capsys.readouterr().err) == (2, True)
    db.execute("INSERT INTO run (id, started, state, home, config) VALUES (1, 'x', 'done', 'x', '{}')")
    for n, path in enumerate(("/copy/of/a.html", "/a.html"), 1):
        db.execute("INSERT INTO url (id, url, host) VALUES (?, ?, 'x')", (n, site.base + path))
        db.execute(
            "INSERT INTO content (id, url_id, digest, size, media, run_id, first_seen) VALUES (?1, ?1, x'00', 1, 'x', 1, 'x')",
            (n,),
        )
        db.execute(
            "INSERT INTO fetch (run_id, url_id, purpose, at, elapsed, status, content_id) VALUES (1, ?1, 'page', 'x', 0, 200, ?1)",
            (n,),
        )
        db.execute(
            "INSERT INTO page (content_id, ruleset, kind, title, identity, chars, text_hash)"
            " VALUES (?, 'x', 'article', '关于做好防汛工作的通知', '关于做好防汛工作的通知', 1, '')",
            (n,),
        )
    db.close()
    got, report = recheck(capsys, "a.jsonl", "--store", "out/run.db")
    assert got == 3
    assert [one["path"] for one in report["documents"]] == [f"{site.base}/a.html", "b.md"]
    assert "上次抓取的网站里没有" in report["documents"][1]["unchecked"][0]["reason"]
    assert "有 2 处" in report["summary"]["notices"][0]
    assert main(["recheck", "a.jsonl", "--store", "out", "-f", "json", "-o", "r.json"]) == 3
    assert "提示：“关于做好防汛工作的通知”在上次抓取的网站里有 2 处" in capsys.readouterr().err
    elsewhere = recheck(capsys, "a.jsonl", "--store", "out", "--site", "https://www.example.com/")
    assert (elsewhere[0], elsewhere[1]["summary"]["notices"]) == (3, [])
    Path("x.db").write_text("x", encoding="utf-8")
    assert main(["recheck", "a.jsonl", "--store", "x.db"]) == 2


def test_the_last_approval_counts(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(approved(f"{site.base}/a.html", DRAFT.replace("1200", "1100")), approved(f"{site.base}/a.html"))
    write(approved(f"{site.base}/a.html", path="c.md"))
    code, report = recheck(capsys, "a.jsonl")
    assert (code, len(report["documents"])) == (0, 1)


def test_progress(site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("/b.html")
    write(approved(f"{site.base}/a.html"), approved(f"{site.base}/b.html", path="b.md"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["recheck", "a.jsonl"]) == 0
    assert "\r已复查 2/2\n" in capsys.readouterr().err


def test_broken_lines(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write(approved(f"{site.base}/a.html"))
    with Path("a.jsonl").open("ab") as stream:
        stream.write(b"{broken\n")
    code, report = recheck(capsys, "a.jsonl")
    assert code == 3
    assert report["documents"][1]["unchecked"][0]["reason"].startswith("a.jsonl 第 2 行")
    Path("b.jsonl").write_bytes(b"\n")
    assert main(["recheck", "b.jsonl"]) == 2


def test_addresses_given_outright(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{site.base}/a.html"
    Path("draft.md").write_text(DRAFT, encoding="utf-8")
    assert recheck(capsys, url, "--approved", "draft.md")[0] == 0
    write(approved())
    assert recheck(capsys, url, "--approved", "a.jsonl")[0] == 0
    write(approved(url, path="b.md"), text=False)
    assert recheck(capsys, f"{url}#top", "--approved", "a.jsonl")[0] == 0
    site.put("/a.html", PAGE.replace("1200", "2100"))
    code, report = recheck(capsys, url, "--approved", "a.jsonl")
    assert (code, rules(report)) == (1, ["recheck/changed"])
    assert "校验值" in report["findings"][0]["message"]


def test_approvals_of_a_ledger(site: Site, ledger_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{site.base}/a.html"
    with open_ledger(ledger_url) as book:
        book.approve([approved(at="2026-01-01T00:00:00Z")])
    code, report = recheck(capsys, ledger_url)
    assert code == 3
    assert "批准记录里没有网址" in report["documents"][0]["unchecked"][0]["reason"]
    assert recheck(capsys, url, "--approved", ledger_url)[0] == 0
    with open_ledger(ledger_url) as book:
        book.approve([approved(url, at="2026-01-02T00:00:00Z")])
        other = DRAFT.replace("防汛", "抗旱")
        book.approve([approved("https://www.example.com/b.html", other, "b.md", at="2026-01-02T00:00:00Z")])
    code, report = recheck(capsys, ledger_url, "--site", site.base)
    assert (code, [one["path"] for one in report["documents"]]) == (0, [url])
    assert recheck(capsys, f"{url}#top", "--approved", ledger_url)[0] == 0
    site.put("/a.html", PAGE.replace("1200", "2100"))
    code, report = recheck(capsys, ledger_url, "--site", site.base)
    assert (code, rules(report)) == (1, ["recheck/changed"])
    assert "资金2100万元" in report["findings"][0]["message"]
    assert main(["recheck", ledger_url, "--site", "https://none.example.com/"]) == 2
    assert "没有网址以 https://none.example.com/ 开头的批准记录" in capsys.readouterr().err


def test_what_was_approved_on_the_way_in_is_found_online(
    site: Site, ledger_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """From ``check --approve`` to ``recheck``, by way of the ledger and without its words."""
    Path("a.md").write_text(DRAFT, encoding="utf-8")
    words = ["check", "a.md", "--select", "suppress", "-q", "--url", f"{site.base}/a.html"]
    assert main([*words, "--approve", ledger_url, "--no-text"]) == 0
    assert recheck(capsys, ledger_url)[0] == 0
    site.put("/a.html", PAGE.replace("1200", "2100"))
    code, report = recheck(capsys, ledger_url)
    assert (code, rules(report)) == (1, ["recheck/changed"])
    assert "校验值" in report["findings"][0]["message"]
    assert main([*words, "--approve", ledger_url]) == 0
    assert "资金2100万元" in recheck(capsys, ledger_url)[1]["findings"][0]["message"]


def test_spoilt_approvals_of_a_ledger(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with open_ledger("sqlite:///ledger.db") as book:
        book.approve([approved(f"{site.base}/a.html", at="2026-01-01T00:00:00Z")])
    with closing(sqlite3.connect("ledger.db", isolation_level=None)) as db:
        db.execute("UPDATE approval SET text_hash = 'x'")
    code, report = recheck(capsys, "sqlite:///ledger.db")
    assert code == 3
    (document,) = report["documents"]
    assert document["path"] == "台账“ledger.db”"
    assert document["unchecked"][0]["reason"].endswith("“text_hash”应为 64 位十六进制数，已略过")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["sqlite:///none.db"], 2, "台账“none.db”还没有建立"),
        (["mysql://u:geheim@h/x"], 2, "批准记录：台账地址应写作"),
        (["https://www.example.com/", "--approved", "mysql://u:geheim@h/x"], 2, "--approved：台账地址应写作"),
        (
            ["https://www.example.com/", "--approved", "sqlite:///empty.db"],
            2,
            "台账“empty.db”：没有批准记录",
        ),
        (["sqlite:///empty.db"], 2, "台账“empty.db”：没有批准记录"),
        (["sqlite:///empty.db", "--site", "https://www.example.com/"], 2, "没有网址以"),
        (["sqlite:///a.md"], 3, "不是 SQLite 数据库"),
        (["postgresql://u:geheim@127.0.0.1:1/x"], 3, "没有应答"),
    ],
)
def test_ledgers_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], code: int, words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(DRAFT * 9, encoding="utf-8")
    open_ledger("sqlite:///empty.db").close()
    assert main(["recheck", *arguments]) == code
    err = capsys.readouterr().err
    assert words in err
    assert "geheim" not in err
    assert not Path("none.db").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["http://x.example.com/"], "--approved"),
        (["a.jsonl", "--approved", "b.md"], "须与网址同用"),
        (["none.jsonl"], "文件不存在"),
        (["http://x.example.com/", "--approved", "a.jsonl"], "没有网址为"),
        (["http://x.example.com/", "http://y.example.com/", "--approved", "b.md"], "只能给一个网址"),
        (["http://x.example.com/", "--approved", "b.pdf"], "批准的稿件|应是批准记录"),
        (["http://x.example.com/", "--approved", "b.md"], "文件不存在"),
        (["http://x.example.com/", "--approved", "bad.md"], "不是文本文件"),
        (["http://x.example.com/", "--approved", "empty.md"], "没有读出正文"),
        (["a.jsonl", "--format", "sarif"], "没有 sarif 格式"),
        (["a.jsonl", "--site", "x"], "不是网址"),
        (["a.jsonl", "--store", "none"], "找不到运行记录"),
        (["a.jsonl", "--timeout", "0"], "--timeout"),
    ],
)
def test_wrong_usage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(approved("https://www.example.com/1"))
    Path("bad.md").write_bytes(b"\0" * 99)
    Path("empty.md").write_bytes(b"\n")
    assert main(["recheck", *arguments]) == 2
    err = capsys.readouterr().err
    assert any(word in err for word in words.split("|"))


def test_public_pages_do_not_lead_into_private_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    one = approved("https://www.example.com/1")
    asked = []

    async def fetch(self: Any, url: str, **_: Any) -> Fetched:
        asked.append((url, self._allow_private))
        if url.endswith(".xlsx"):
            return Fetched(url, url, 200, content_type="application/octet-stream")
        return Fetched(url, url, 200, None, "text/html", PAGE.replace("/f/", "http://192.168.1.1/").encode())

    monkeypatch.setattr("crawler.fetch.Fetcher.fetch", fetch)
    import asyncio

    counted = []
    asyncio.run(
        run_recheck([(one, one.url)], limits=Limits(), spacing=0, progress=lambda *n: counted.append(n))
    )
    assert asked == [(one.url, False), ("http://192.168.1.1/rw.xlsx", False)]
    assert counted == [(1, 1)]
    asked.clear()
    asyncio.run(run_recheck([(one, one.url)], allow_private=True, spacing=0))
    assert asked == [(one.url, True), ("http://192.168.1.1/rw.xlsx", True)]


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_pages_that_break_the_reader(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("crawler.recheck.read", fail)
    found, document = assess(
        approved(), "http://x/", Fetched("http://x/", "http://x/", 200, None, "text/html", b"x")
    )
    assert document is None
    assert "没有核对" in found.gap


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--family", "recheck"]) == 0
    assert "共 7 条" in capsys.readouterr().out
    for one in all_names().rules:
        if one.family == "recheck":
            assert main(["explain", one.id]) == 0
            assert not list(one.check(read(Source("a.md", DRAFT, "markdown")), Settings()))
    assert main(["check", "-", "--select", "recheck"]) == 2
