"""``shenjiao crawl``, ``judge`` and ``health`` against a small server of its own."""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import rules
from crawler import crawl as crawling
from qa import cli
from qa.cli import _site, main
from qa.cli import health as health_command
from qa.cli import rules as rules_command
from qa.cli._base import all_names
from qa.finding import Level
from qa.judge import Verdicts
from qa.site import store
from qa.site.model import Reply, SiteExample

PAGE = "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>"
LINK = "<p>{0}<a href='{1}'>{0}</a></p>"


def page(title: str, body: str = "<p>本页内容完整。</p>") -> str:
    return PAGE.format(title, body)


class Site:
    """A server on loopback; ``pages`` maps paths to HTML or a status."""

    def __init__(self) -> None:
        self.pages: dict[str, str | int] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                answer = site.pages.get(self.path, 404)
                body = answer.encode() if isinstance(answer, str) else b""
                self.send_response(200 if isinstance(answer, str) else answer)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the name is http.server's

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.home = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.pages = {
        "/": page("首页", LINK.format("通知", "/a.html") + LINK.format("公示", "/b.html")),
        "/a.html": page("通知"),
        "/b.html": page("公示", LINK.format("附件", "/gone.html")),
    }
    yield made
    made.close()


class Result(NamedTuple):
    code: int
    out: str
    err: str


Shell = Callable[..., Result]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Shell]:
    """``shenjiao`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("SHENJIAO_LEDGER", raising=False)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capsysbinary.readouterr()
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    yield run
    gc.unfreeze()


QUICK = ("--rate", "0", "--timeout", "3", "--retries", "0", "--no-probe")
DEAD = ("--select", "site/dead_link")


def put(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def issues(folder: str, run: int = 1) -> list[tuple[str, int, str]]:
    with closing(sqlite3.connect(Path(folder) / "run.db")) as db:
        return db.execute(
            "SELECT rule, level, state FROM issue WHERE run_id = ? ORDER BY id", (run,)
        ).fetchall()


# -- crawl ------------------------------------------------------------------------


def test_crawl(shell: Shell, site: Site) -> None:
    result = shell("crawl", site.home, "--out", "out", *QUICK)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("抓取完成：网页 4 个")
    assert gc.isenabled()
    with closing(store.open_store("out/run.db", readonly=True)) as db:
        assert db.execute("SELECT state, judged FROM run").fetchall() == [("done", None)]
    again = shell("crawl", site.home, "--out", "out", *QUICK, "-q")
    assert again == (0, "", "")


def test_crawl_misses_a_page(shell: Shell, site: Site) -> None:
    site.pages["/b.html"] = 500
    result = shell("crawl", site.home, "-o", "out", *QUICK)
    assert result.code == 3
    assert "有 1 个网页没有读到，没有查全" in result.out


def test_crawl_within_limits(shell: Shell, site: Site) -> None:
    result = shell("crawl", site.home, "-o", "out", *QUICK, "--max-pages", "2")
    assert result.code == 3
    assert "没有查全" in result.err


def test_crawl_of_small_pages(shell: Shell, site: Site) -> None:
    site.pages["/b.html"] = page("公示", "<p>字</p>" * 1000)
    result = shell("crawl", site.home, "-o", "out", *QUICK, "--max-body", "0.002")
    assert result.code == 3
    with closing(store.open_store("out/run.db", readonly=True)) as db:
        assert db.execute("SELECT json_extract(config, '$.max_bytes') FROM run").fetchone() == (2000,)
        failed = db.execute(
            "SELECT url FROM fetch JOIN url ON id = url_id WHERE purpose = 'page' AND failure NOTNULL"
        )
        assert failed.fetchall() == [(f"{site.home}b.html",)]


def test_a_store_that_is_gone_after_the_crawl(
    shell: Shell, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise store.StoreError("找不到运行记录")

    monkeypatch.setattr(store, "open_store", gone)
    assert shell("crawl", site.home, "-o", "out", *QUICK) == (3, "", "错误：找不到运行记录\n")


def test_crawl_of_a_site_that_is_down(shell: Shell, site: Site) -> None:
    home = site.home
    site.server.server_close()
    result = shell("crawl", home, "-o", "out", *QUICK)
    assert result.code == 3
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["crawl", "health"])
def test_wrong_usage(shell: Shell, command: str) -> None:
    home = "http://127.0.0.1:9/"
    assert shell(command, home) == (2, "", "错误：请用 --out 指定存放结果的文件夹\n")
    result = shell(command, "某市", "--out", "out")
    assert result.code == 2
    assert "某市" in result.err
    assert "没有" in result.err
    assert shell(command, home, "--out", "out", "--rate", "-1").code == 2
    assert shell(command, home, "--out", "out", "--nothing").code == 2
    assert "“http://[”不是网址" in shell(command, "http://[", "--out", "out").err
    assert not Path("out").exists()
    put("file", "")
    result = shell(command, home, "--out", "file")
    assert result.code == 2
    assert "文件夹“file”不能使用：" in result.err
    put("shenjiao.toml", "[[sites]]\nurl = 3\n")
    assert shell(command, home, "--out", "out").code == 2
    assert shell(command, home, "--out", "out", "--no-config", "--config", "x").code == 2


def test_crawl_needs_a_site(shell: Shell) -> None:
    assert shell("crawl").code == 2


def test_a_folder_in_use(shell: Shell, site: Site) -> None:
    Path("out").mkdir()
    with Path("out/.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for command in ("crawl", "health"):
            result = shell(command, site.home, "-o", "out", *QUICK)
            assert result == (3, "", "错误：文件夹“out”正被另一次抓取或判定使用\n")
    assert site.asked == []


def test_a_folder_that_holds_something_else(shell: Shell, site: Site) -> None:
    put("out/run.db", "别的东西" * 1000)
    for command in ("crawl", "health"):
        result = shell(command, site.home, "-o", "out", *QUICK)
        assert result.code in (2, 3)
        assert "run.db”打不开：文件不是数据库，或已损坏" in result.err


# -- judge ------------------------------------------------------------------------


def test_judge(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    mark = len(site.asked)
    result = shell("judge", "out", *DEAD)
    assert (result.code, result.err) == (1, "")
    assert "问题 1 处（错误 1）：新增 1，仍存在 0。判定网页 3 个，沿用上次结果 0 个" in result.out
    assert "报告：out/report.html" in result.out
    assert len(site.asked) == mark
    assert {path.name for path in Path("out").iterdir()} >= {
        "report.html", "ledger.xlsx", "findings.json", "findings.csv", "findings.sarif", "score.json", "warc", "run.db",
    }  # fmt: skip
    assert issues("out") == [("site/dead_link", 3, "new")]
    again = shell("judge", "out/run.db", *DEAD, "--gate", "veto")
    assert again.code == 0
    assert "判定网页 0 个，沿用上次结果 3 个" in again.out
    wider = shell("judge", "out", *DEAD, "--gate", "veto", "--thorough")
    assert "判定网页 3 个，沿用上次结果 0 个" in wider.out
    assert shell("judge", "out", *DEAD, "--gate", "veto", "-q") == (0, "", "")
    none = shell("judge", "out", "--select", "site/mixed_content")
    assert none.code == 0
    assert none.out.startswith("没有发现问题。判定网页")


def test_judge_one_of_several_runs(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    site.pages["/b.html"] = page("公示")
    shell("crawl", site.home, "-o", "out", *QUICK)
    shell("judge", "out", *DEAD, "--number", "1")
    result = shell("judge", "out", *DEAD)
    assert (result.code, "没有发现问题；已消除 1。" in result.out) == (0, True)
    assert (issues("out", 1), issues("out", 2)) == ([("site/dead_link", 3, "new")], [])
    assert shell("judge", "out", "--number", "3") == (2, "", "错误：“out”里没有第 3 次抓取\n")
    assert shell("judge", "out", "--number", "0").code == 2


def test_judge_without_anything_to_judge(shell: Shell) -> None:
    assert shell("judge").code == 2
    assert shell("judge", "none") == (2, "", "错误：找不到运行记录“none/run.db”，请先运行 shenjiao crawl\n")
    assert not Path("none").exists()
    Path("out").mkdir()
    store.open_store("out/run.db").close()
    assert shell("judge", "out") == (2, "", "错误：“out”里还没有抓取记录\n")
    put("other/run.db", "不是" * 3000)
    assert shell("judge", "other").code == 2


def test_judge_of_a_crawl_that_was_killed(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    with closing(sqlite3.connect("out/run.db")) as db, db:
        db.execute("UPDATE run SET state = 'running', finished = NULL")
    result = shell("judge", "out", "--select", "site/mixed_content")
    assert result.code == 3
    assert "没有查全" in result.out


def test_judge_without_its_snapshots(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    for path in Path("out/warc").iterdir():
        path.unlink()
    result = shell("judge", "out", *DEAD)
    assert result.code == 3
    assert "有 3 个网页未查完，没有查全" in result.out


def test_judge_in_a_folder_in_use(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    with Path("out/.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert shell("judge", "out").code == 3


def test_a_store_that_breaks_in_the_middle(shell: Shell, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)

    def full(*_: Any, **__: Any) -> Verdicts:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(health_command, "run_judge", full)
    assert shell("judge", "out") == (3, "", "错误：运行记录“out/run.db”出错，判定没有完成：磁盘空间不足\n")


def test_reports_that_cannot_be_written(shell: Shell, site: Site) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    Path("out/report.html").mkdir()
    result = shell("judge", "out", *DEAD)
    assert result.code == 3
    assert "报告写不进“out”：" in result.err


def test_the_store_goes_between(shell: Shell, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise store.StoreError("找不到运行记录")

    shell("crawl", site.home, "-o", "out", *QUICK)
    monkeypatch.setattr(store, "open_store", gone)
    assert shell("judge", "out") == (2, "", "错误：找不到运行记录\n")
    with pytest.raises(cli.CliError) as caught:
        health_command.examine(None, _Anywhere(), 1, "", jobs=1, quiet=True, ledger="")  # type: ignore[arg-type]
    assert caught.value.code == 3


class _Anywhere:
    out = Path()


# -- health -----------------------------------------------------------------------


def test_health(shell: Shell, site: Site) -> None:
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD)
    assert result.code == 1
    assert "抓取完成：网页 4 个" in result.out
    assert "新增 1" in result.out
    site.pages["/b.html"] = page("公示")
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--time", "2026-07-01T08:00:00+08:00")
    assert result.code == 0
    assert "没有发现问题；已消除 1。判定网页 1 个，沿用上次结果 2 个" in result.out
    assert shell("health", site.home, "-o", "out", *QUICK, *DEAD, "-q") == (0, "", "")


def test_health_that_cannot_see_all(shell: Shell, site: Site) -> None:
    site.pages["/a.html"] = 503
    result = shell("health", site.home, "-o", "out", *QUICK, "--select", "site/mixed_content")
    assert result.code == 3
    assert "有 1 个网页未查完，没有查全" in result.out


SITES = """
[[sites]]
url = "{home}"
key = "shi"
name = "某市人民政府"
out = "one"
rate = 0
[[sites]]
url = "{home}b.html"
key = "xian"
name = "某县人民政府"
out = "two"
rate = 0
"""


def test_sites_of_a_configuration(shell: Shell, site: Site) -> None:
    put("shenjiao.toml", SITES.format(home=site.home) + '[ledger]\nurl = "sqlite:///台账.db"\n')
    result = shell("health", *DEAD, "--no-probe")
    assert result.code == 1, result.err
    assert "—— 某市人民政府" in result.out
    assert "—— 某县人民政府" in result.out
    assert Path("one/report.html").is_file()
    assert Path("two/report.html").is_file()
    assert Path("台账.db").is_file()
    one = shell("health", "某市人民政府", *DEAD, "--no-probe")
    assert "——" not in one.out
    assert (one.code, len(issues("one", 2)), Path("one/run.db").is_file()) == (1, 1, True)
    assert shell("health", "--out", "x", *DEAD).err == (
        "错误：--out 只能用于一个网站，多个网站的文件夹请写在配置文件里\n"
    )
    unknown = shell("health", "某省人民政府")
    assert (unknown.code, "某省人民政府" in unknown.err) == (2, True)
    assert shell("crawl", "某县人民政府", "--no-probe").code in (0, 3)
    # A crawl judged by itself is the configured site's too.
    assert shell("judge", "one", *DEAD).code == 1


def test_no_site_at_all(shell: Shell) -> None:
    put("shenjiao.toml", "[shenjiao]\n")
    assert shell("health").code == 2


def test_an_unknown_key_of_a_site(shell: Shell, site: Site) -> None:
    put("shenjiao.toml", f'[[sites]]\nurl = "{site.home}"\nout = "one"\nconcurency = 3\n')
    result = shell("health")
    assert result.code == 2
    assert "concurency" in result.err
    assert "concurrency" in result.err
    assert site.asked == []


def test_ledgers(shell: Shell, site: Site) -> None:
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--ledger", "sqlite:///book.db")
    assert (result.code, Path("book.db").is_file()) == (1, True)
    put("bad.db", "不是数据库" * 1000)
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--ledger", "sqlite:///bad.db")
    assert result.code == 3
    assert "报告已写好，但没有记入台账：" in result.err
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--ledger", "nosuch://x")
    assert result.code in (2, 3)
    assert result.err.startswith("错误：")


# -- names of site rules ------------------------------------------------------------


@pytest.mark.parametrize("name", ["site/dead_link", "site", "site/*"])
@pytest.mark.parametrize("where", ["config", "option"])
def test_selecting_and_ignoring(shell: Shell, site: Site, name: str, where: str) -> None:
    shell("crawl", site.home, "-o", "out", *QUICK)
    title = next(one.title for one in rules.load_site() if one.id == "site/dead_link")
    for word in (name, title) if name == "site/dead_link" else (name,):
        if where == "config":
            put("shenjiao.toml", f'[shenjiao]\nselect = ["{word}"]\n')
            shell("judge", "out")
            assert "site/dead_link" in {rule for rule, _, _ in issues("out")}
            put("shenjiao.toml", f'[shenjiao]\nignore = ["{word}"]\n')
            shell("judge", "out")
        else:
            shell("judge", "out", "--select", word)
            assert "site/dead_link" in {rule for rule, _, _ in issues("out")}
            shell("judge", "out", "--ignore", word)
        assert "site/dead_link" not in {rule for rule, _, _ in issues("out")}


def test_levels_of_site_rules(shell: Shell, site: Site) -> None:
    put("shenjiao.toml", '[shenjiao]\nselect = ["site/dead_link"]\n[levels]\n"site/dead_link" = "note"\n')
    assert shell("health", site.home, "-o", "out", *QUICK).code == 0
    assert issues("out") == [("site/dead_link", Level.NOTE, "new")]


def test_no_rule_left(shell: Shell, site: Site) -> None:
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--ignore", "site")
    assert (result.code, "一条规则也不剩" in result.err) == (2, True)


def test_check_knows_names_of_site_rules(shell: Shell) -> None:
    title = next(one.title for one in rules.load_site() if one.id == "site/redirect_loop")
    put("a.html", page("通知"))
    put(
        "shenjiao.toml",
        f'[shenjiao]\nignore = ["site/dead_link", "site", "{title}"]\n[levels]\n"{title}" = "note"\n',
    )
    assert shell("check", "a.html").code == 0
    put("shenjiao.toml", '[shenjiao]\nignore = ["site/dead_lnik"]\n')
    result = shell("check", "a.html")
    assert (result.code, "是不是“site/dead_link”" in result.err) == (2, True)
    put("shenjiao.toml", f'[rules."{title}"]\ndays = 3\n')
    assert "没有可设的选项" in shell("check", "a.html").err
    put("shenjiao.toml", '[shenjiao]\nselect = ["site/dead_link"]\n')
    assert "一条规则也不剩" in shell("check", "a.html").err


def test_check_loads_nothing_of_sites(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("通知"), encoding="utf-8")
    (tmp_path / "shenjiao.toml").write_text(
        '[shenjiao]\nignore = ["site/dead_link", "site"]\n', encoding="utf-8"
    )
    script = (
        "import sys; from qa.cli import main; code = main(['check', 'a.html']);"
        "heavy = ('qa.site.model', 'qa.judge', 'sqlalchemy', 'sqlite3', 'pycurl', 'numpy', 'xlsxwriter', 'turbohtml');"
        "print(code, [name for name in heavy if name in sys.modules])"
    )
    root = Path(cli.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0 []"


# -- rules, explain, catalogue --------------------------------------------------------


def test_listing_of_site_rules(shell: Shell) -> None:
    result = shell("rules", "--family", "site", "-f", "json")
    found = json.loads(result.out)
    assert [one["id"] for one in found] == [one.id for one in rules.load_site()]
    assert set(found[0]) == {
        "id", "title", "family", "pass", "level", "confidence", "basis", "trust", "preview", "aliases", "why",
    }  # fmt: skip
    assert "site/dead_link" in shell("rules").out


def test_explaining_site_rules(shell: Shell) -> None:
    for one in all_names(site=True).rules:
        text = rules_command.explanation(one)
        assert f"编号：{one.id}\n" in text or f"编号：{one.id}（曾用" in text
        if one.family == "site":
            assert "✗ 网站：https://" in text
            assert "    应报：“" in text
            assert "⟦⟧" not in text
            assert "审校忽略" not in text
    result = shell("explain", "site/redirect_loop")
    title = next(one.title for one in rules.load_site() if one.id == "site/redirect_loop")
    assert result.out == shell("explain", title).out
    assert 'ignore = ["site/redirect_loop"]' in result.out


def test_a_title_that_several_rules_share() -> None:
    names = all_names(site=True)
    shared = {one.title: one.id for one in names.rules}
    title, last = next((one.title, shared[one.title]) for one in names.rules if shared[one.title] != one.id)
    assert names.rule(title) is None
    assert names.near(title).startswith("（这个名称对应多条规则，请写编号：")
    assert last in names.near(title)


def test_examples_of_sites_in_words() -> None:
    from datetime import date

    example = SiteExample(
        {
            "/": "<html><head><title>首页</title></head><body class=x>\n<p>甲</p>",
            "/a.html": Reply(status=301, to="/b.html"),
            "/b.html": Reply("<p>乙</p>", 404),
            "/c.html": Reply(status=0, failure="timeout"),
            "/d.html": "丙" * 300,
            "/e.html": Reply(status=500, failure="server-error"),
            "/f.html": "",
        },
        (("甲", 2), ("乙", 1)),
        before=(date(2026, 6, 1), {"/": "<p>旧"}),
        probes={"/x/": Reply("<p>无</p>", 200)},
    )
    assert rules_command.site_words(example).splitlines() == [
        "网站：https://www.example.gov.cn/（2026-06-30）",
        "/　《首页》 <p>甲</p>",
        "/a.html　301 转到 /b.html",
        "/b.html　404 <p>乙</p>",
        "/c.html　打不开（timeout）",
        f"/d.html　{'丙' * 120}…",
        "/e.html　500",
        "……共 7 个网址",
        "上次（2026-06-01）：",
        "/　<p>旧",
        "/x/ 下不存在的网址　200 <p>无</p>",
        "应报：“甲”（2 个网页）；“乙”（1 个网页）",
    ]


def test_the_catalogue_holds_site_rules() -> None:
    text = rules_command.catalogue_text(rules.load_site())
    assert f"共 {len(rules.load_site())} 条：" in text
    assert all(f"`{one.id}`" in text for one in rules.load_site())
    assert "```\n网站：https://www.example.gov.cn/" in text


# -- several sites, interruptions, progress ----------------------------------------------


def test_one_site_that_fails_does_not_keep_the_others_waiting(shell: Shell, site: Site) -> None:
    put("shenjiao.toml", SITES.format(home=site.home))
    put("one/run.db", "别的东西" * 1000)
    result = shell("health", *DEAD, "--no-probe")
    assert result.code == 3
    assert "错误：某市人民政府：运行记录“" in result.err
    assert len(issues("two")) == 1
    both = shell("health", *DEAD, "--no-probe", "--parallel", "2", "-q")
    assert (both.code, "某市人民政府" in both.err) == (3, True)
    assert issues("two", 2) == [("site/dead_link", 3, "still")]


def test_a_ledger_of_another_kind(shell: Shell, site: Site) -> None:
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD, "--ledger", "mysql://x")
    assert (result.code, result.err.startswith("错误：--ledger")) == (2, True)


def test_interrupted(shell: Shell, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put("shenjiao.toml", SITES.format(home=site.home))
    real = store.open_store

    def asked(*arguments: Any, **options: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)  # in the middle of the first crawl
        monkeypatch.setattr(crawling, "open_store", real)
        return real(*arguments, **options)

    monkeypatch.setattr(crawling, "open_store", asked)
    before = signal.getsignal(signal.SIGINT)
    result = shell("health", *DEAD, "--no-probe")
    assert result.code == 3
    assert "已中断，还有 1 个网站没有检查" in result.err
    assert "抓取中断" in result.out
    assert not Path("two/run.db").exists()
    assert signal.getsignal(signal.SIGINT) is before
    # It is judged as far as it went, and goes on.
    assert shell("health", "shi", *DEAD, "--no-probe", "--resume").code == 1
    assert len(issues("one", 1)) == 1


def test_a_second_signal_ends_the_program() -> None:
    script = (
        "import os, signal, sys\n"
        "from qa.cli._site import stopper\n"
        "asked = [False]\n"
        "with stopper(asked):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print(asked, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('not reached')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[True]\n", -signal.SIGTERM)
    sent: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch, _site.stopper([True]):
        patch.setattr(os, "kill", lambda *one: sent.append(one))
        signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert sent == [(os.getpid(), signal.SIGTERM)]


def test_progress_on_a_terminal(shell: Shell, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_command, "run_judge", partial(_terminal, health_command.run_judge))
    result = shell("health", site.home, "-o", "out", *QUICK, *DEAD)
    assert "已判定 3/3 页" in result.err
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("rich.progress.Progress.update", lambda _bar, _task, **words: shown.append(words))
    with _site._showing(quiet=False) as show:
        assert show is not None
        show(
            crawling.Progress(
                phase="抓取网页", pages=30, checked=10, failed=2, queued=300, active=4, seconds=2.0
            )
        )
        show(crawling.Progress(phase="准备"))
    assert shown[0] == {
        "description": "抓取网页", "completed": 40, "total": 344, "words": "40 个，20 个/秒 · 排队 300 · 失败 2 · 约剩 15秒",
    }  # fmt: skip
    assert shown[1]["words"] == "0 个，0 个/秒 · 排队 0 · 失败 0"
    with _site._showing(quiet=True) as show:
        assert show is None


def _terminal(real: Callable[..., Verdicts], *arguments: Any, **options: Any) -> Verdicts:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        return real(*arguments, **options)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0秒"), (59.4, "59秒"), (59.5, "1分0秒"), (200, "3分20秒"), (7500, "2小时5分")]
)
def test_durations(seconds: float, words: str) -> None:
    assert _site.duration(seconds) == words


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_know_rules_of_sites_by_title(shell: Shell, site: Site, tmp_path: Path, method: str) -> None:
    site.pages["/"] = page("首页", "".join(LINK.format(f"第{n}篇", f"/{n}.html") for n in range(12)))
    site.pages |= {f"/{n}.html": page(f"第{n}篇", LINK.format("附件", "/gone.html")) for n in range(12)}
    shell("crawl", site.home, "-o", "out", *QUICK)
    title = next(one.title for one in rules.load_site() if one.id == "site/stale_column")
    script = tmp_path / "main.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "from qa import pool\n"
        "from qa.cli import main\n"
        "if __name__ == '__main__':\n"
        f"    pool._context = lambda: multiprocessing.get_context('{method}')\n"
        f"    sys.exit(main(['judge', 'out', '-j', '2', '--select', '{title},site/dead_link']))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=100,
        env=os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert "判定网页 13 个" in done.stdout
    assert "未查完" not in done.stdout
