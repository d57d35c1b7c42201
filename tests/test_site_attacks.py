"""Sites as content management systems really make them, and sites that cannot be read at all."""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import Hostile, reply, serving, to

from qa.cli import _site, health, main
from qa.finding import Level
from qa.site.extract import extract

QUICK = ("--rate", "0", "--timeout", "3", "--retries", "0")
FOOT = (
    '<div class="footer">主办：某县人民政府 网站标识码：3601230001 赣ICP备05001234号 赣公网安备36012302000123号'
    ' 联系电话：0791-81234567 党政机关 <a href="#">我为政府网站找错</a></div>'
)
TAGS = (
    '<meta name="SiteName" content="某县人民政府"><meta name="SiteDomain" content="127.0.0.1">'
    '<meta name="SiteIDCode" content="3601230001">'
)


class Result(NamedTuple):
    code: int
    out: str
    err: str


Shell = Callable[..., Result]


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHENJIAO_LEDGER", raising=False)

    def run(*arguments: str) -> Result:
        capsysbinary.readouterr()
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    yield run
    gc.unfreeze()


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving() as made:
        yield made


def page(body: str, head: str = TAGS, attributes: str = ' lang="zh-CN"') -> str:
    return f"<!DOCTYPE html><html{attributes}><head><title>某县人民政府</title>{head}</head><body>{body}</body></html>"


def rows(sql: str) -> list[tuple]:
    with closing(sqlite3.connect("out/run.db")) as db:
        return db.execute(sql).fetchall()


def pages(server: Hostile) -> list[str]:
    return [url.removeprefix(server.base) for (url,) in rows(
        "SELECT u.url FROM fetch f JOIN url u ON u.id = f.url_id WHERE f.purpose = 'page' AND f.status = 200"
    )]  # fmt: skip


LIST = """<div id="2188"></div><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/dataproxy.jsp?page=2"></a>]]></nextgroup><recordset>
<record><![CDATA[<li><a href="/art/2026/3/1/art_21_1.html" title="防汛">防汛会议</a><span>2026-03-01</span></li>]]></record>
<record><![CDATA[
<li><a href="art_21_2.html"><img alt="防火"></a><a href="mailto:a@example.com">信</a></li>]]></record>
</recordset></datastore></script>"""


def test_lists_held_in_scripts_are_read() -> None:
    found = extract(page(LIST).replace("<body>", "<body>\n"), "http://a.example.com/col/col21/index.html")
    assert [(link.url, link.text, link.kind, link.place, link.line, link.hidden) for link in found.links] == [
        ("http://a.example.com/art/2026/3/1/art_21_1.html", "防汛会议", "a", "main", 4, False),
        ("http://a.example.com/col/col21/art_21_2.html", "防火", "a", "main", 6, False),
    ]


def test_too_many_records_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.site.extract.MAX_LINKS", 1)
    found = extract(page(LIST), "http://a.example.com/col/col21/index.html")
    assert (len(found.links), found.dropped) == (1, 1)


def test_a_site_of_lists_in_scripts_is_crawled(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply(page('<a href="/col/col21/index.html">要闻</a>' + FOOT))
    server.routes["/col/col21/index.html"] = reply(page(LIST + FOOT))
    server.routes["/art/2026/3/1/art_21_1.html"] = reply(page("<h1>防汛会议</h1><p>会议强调。</p>" + FOOT))
    assert shell("crawl", server.base + "/", "--out", "out", *QUICK).code == 0
    assert "/art/2026/3/1/art_21_1.html" in pages(server)


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ({"/": reply("")}, "首页没有内容"),
        ({"/": reply("%PDF-1.4", media="application/pdf")}, "首页不是网页（类型是 application/pdf）"),
        ({"/": reply("没有", status=404)}, "首页打不开（找不到该网页（404））"),
        ({"/": reply("请登录", status=401)}, "首页打不开（需要登录（401））"),
        ({"/": to("/a"), "/a": to("/b"), "/b": to("/a")}, "首页打不开（网页来回跳转，打不开）"),
        ({"/": reply(page("通知")), "/robots.txt": reply("User-agent: *\nDisallow: /", media="text/plain")}, "首页被 robots.txt 禁止抓取"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["crawl", "health"])
def test_a_home_page_that_cannot_be_read_is_no_clean_site(
    shell: Shell, server: Hostile, routes: dict[str, bytes], words: str, command: str
) -> None:
    server.routes |= routes
    result = shell(command, server.base + "/", "--out", "out", *QUICK)
    assert result.code == 3
    assert f"没有查全：{words}" in result.err
    assert "0 个网页未查完" not in result.out
    if command == "health":
        summary = json.loads(Path("out/findings.json").read_text(encoding="utf-8"))["summary"]
        assert summary["incomplete"]
        assert shell("judge", "out").code == 3


def test_a_home_page_that_redirects_is_read(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = to("/index.html", status=301)
    server.routes["/index.html"] = reply(page("<h1>某县</h1>" + FOOT))
    assert shell("crawl", server.base + "/", "--out", "out", *QUICK).code == 0


def test_a_page_filled_in_by_a_script_is_unchecked(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply(
        page('<div id="app"></div><noscript>请启用 JavaScript</noscript><script src="/app.js"></script>', "")
    )
    server.routes["/app.js"] = reply("1", media="text/javascript")
    result = shell("health", server.base + "/", "--out", "out", *QUICK)
    assert result.code == 3
    assert "内容由脚本生成" in rows("SELECT unchecked FROM page")[0][0]
    assert [row for row in rows("SELECT rule FROM issue") if row[0].startswith("site/")] == []


def test_a_splash_that_leads_on_is_no_page_of_its_own(shell: Shell, server: Hostile) -> None:
    """Nothing is owed by a page that leads elsewhere at once; the home page is the one it leads to."""
    head = '<title>某县人民政府</title><meta http-equiv="refresh" content="0;url=index.html">'
    server.routes["/"] = reply(f'<html lang="zh-CN"><head>{head}</head><body></body></html>')
    server.routes["/index.html"] = reply(page("<h1>某县</h1><p>今日要闻。</p>"))
    result = shell("health", server.base + "/", "--out", "out", *QUICK, "--gate", "none")
    assert result.code == 0
    found = rows(
        "SELECT i.rule, u.url, i.pages FROM issue i JOIN url u ON u.id = i.url_id WHERE rule LIKE 'site/%'"
    )
    assert ("site/no_error_entry_home", server.base + "/index.html", 1) in found
    assert [one for one in found if one[1:] != (server.base + "/index.html", 1)] == []


def test_frames_are_no_empty_page(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply('<html lang="zh-CN"><head><title>某县人民政府</title></head><frameset><frame src="a.html"></frameset></html>')  # fmt: skip
    server.routes["/a.html"] = reply(page("<h1>某县</h1>" + FOOT))
    assert shell("health", server.base + "/", "--out", "out", *QUICK, "--gate", "none").code == 0


def test_a_fault_of_the_template_is_told_once(shell: Shell, server: Hostile) -> None:
    links = "".join(f'<a href="/{n}.html">通知{n}</a>' for n in range(5))
    server.routes["/"] = reply(page(f"<p>{links}</p>{FOOT}", attributes=""))
    for n in range(5):
        server.routes[f"/{n}.html"] = reply(page(f"<h1>通知{n}</h1><p>正文{n}。</p>{FOOT}", attributes="").replace("<title>", f"<title>通知{n}_"))  # fmt: skip
    shell("health", server.base + "/", "--out", "out", *QUICK)
    assert rows("SELECT pages, chrome FROM issue WHERE rule = 'access/lang'") == [(6, 1)]


def test_made_up_addresses_are_no_failures(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply(page('<a href="/a/b.html">一</a><a href="/no.html">二</a>' + FOOT))
    server.routes["/a/b.html"] = reply(page("<h1>一</h1>" + FOOT))
    out = shell("crawl", server.base + "/", "--out", "out", *QUICK).out
    assert any("/no-such-page" in one.target for one in server.log)
    assert out.strip() == "抓取完成：网页 3 个，检查链接 0 个，打不开 1 个"


@pytest.mark.parametrize("word", ["www.example.gov.cn", "10.1.2.3:8080", "www.example.gov.cn/index.html"])
def test_an_address_without_its_scheme(shell: Shell, word: str) -> None:
    result = shell("health", word, "--out", "out")
    assert result.code == 2
    assert f"请写全 http://{word} 或 https://{word}" in result.err
    assert "（已有：）" not in result.err


def test_a_file_where_the_folder_should_be(shell: Shell, server: Hostile) -> None:
    Path("out").write_text("", encoding="utf-8")
    result = shell("health", server.base + "/", "--out", "out")
    assert (result.code, result.err) == (2, "错误：文件夹“out”不能使用：已有同名的文件\n")


def score() -> tuple[dict[str, tuple[str, str | None]], dict[str, str], float]:
    sheet = json.loads(Path("out/score.json").read_text(encoding="utf-8"))
    vetoes = {one["id"]: (one["state"], one["why"]) for one in sheet["vetoes"]}
    return vetoes, {one["rule"]: one["statistics"] for one in sheet["lines"]}, sheet["machine_reach"]


def test_the_sheet_of_a_site_nobody_could_read(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply("")
    shell("health", server.base + "/", "--out", "out", *QUICK)
    vetoes, lines, reach = score()
    assert {state for state, _ in vetoes.values()} == {"manual"}
    assert vetoes["VETO-HOME"] == ("manual", "没有读到网页。")
    assert set(lines.values()) == {"没有查成", "需人工检查"}
    assert reach == 0


def test_the_sheet_of_a_site_without_dates_and_columns(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply(page("<h1>某县</h1><p>网站正在建设中。</p>" + FOOT))
    shell("health", server.base + "/", "--out", "out", *QUICK)
    vetoes, lines, reach = score()
    assert vetoes["VETO-HOME"] == ("manual", "网页上没有读到任何日期，看不出更新情况。")
    assert vetoes["VETO-COL-3"] == ("clear", None)
    said = list(lines.values())
    assert said.count("没有认出这类栏目") == 3
    assert {"没有认出内容页", "没有认出栏目页", "未发现"} <= set(said)
    assert reach > 0


def test_progress_leaves_the_screen_to_what_comes_next(
    shell: Shell, server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar is gone before judging begins: both would write to the same line."""
    server.routes["/"] = reply(page("<h1>某县</h1>" + FOOT))
    told: list[str] = []

    @contextmanager
    def showing(quiet: bool) -> Iterator[Callable[[object], None] | None]:
        if not quiet:
            told.append("begin")
        yield None if quiet else lambda _: told.append("show")
        if not quiet:
            told.append("end")

    judge = _site.run_judge
    monkeypatch.setattr(_site, "_showing", showing)
    monkeypatch.setattr(health, "run_judge", lambda *a, **k: told.append("judge") or judge(*a, **k))
    shell("health", server.base + "/", "--out", "out", *QUICK)
    assert told[0] == "begin"
    assert "show" in told
    assert told[-2:] == ["end", "judge"]


def test_passes_that_nobody_looked_at_do_not_pass(shell: Shell, server: Hostile) -> None:
    """A comparison with what was approved says nothing of wording or layout; nor does a part of the rules."""
    server.routes["/a.html"] = reply(page("<h1>通知</h1><p>请各单位认真落实。</p>"))
    Path("a.html").write_text(page("<h1>通知</h1><p>请各单位认真落实。</p>"), encoding="utf-8")
    result = shell("recheck", server.base + "/a.html", "--approved", "a.html")
    assert result.code == 0
    table = {row[0]: row[2] for line in result.out.splitlines() if len(row := line.split()) == 7}
    assert {name for name, said in table.items() if said == "没有查"} == {"一校", "二校", "初审"}
    assert {name for name, said in table.items() if said == "通过"} == {"三校", "复审", "终审"}
    shell("check", "a.html", "--no-config", "--select", "proof1", "--output", "html=r.html")
    assert Path("r.html").read_text(encoding="utf-8").count("没有查") >= 5


def test_health_with_a_part_of_the_rules(shell: Shell, server: Hostile) -> None:
    server.routes["/"] = reply(page("<h1>某县</h1>" + FOOT))
    shell("health", server.base + "/", "--out", "out", *QUICK, "--select", "site/dead_link")
    assert Path("out/report.html").read_text(encoding="utf-8").count(">没有查</td>") == 5


def test_the_name_of_a_department_in_its_own_folder_is_a_hint(shell: Shell, server: Hostile) -> None:
    other = TAGS.replace("某县人民政府", "某县教育局")
    links = "".join(f'<a href="/{n}.html">{n}</a>' for n in range(4))
    server.routes["/"] = reply(page(f'{links}<a href="/jyj/">教育局</a>{FOOT}'))
    for n in range(4):
        server.routes[f"/{n}.html"] = reply(page(f"<h1>通知{n}</h1>{FOOT}"))
    server.routes["/jyj/"] = reply(page(f'<a href="1.html">一</a><a href="2.html">二</a>{FOOT}', other))
    for n in (1, 2):
        server.routes[f"/jyj/{n}.html"] = reply(page(f"<h1>校园通知{n}</h1>{FOOT}", other))
    shell("health", server.base + "/", "--out", "out", *QUICK, "--select", "site/site_name")
    ((level, count, message, suggestion),) = rows("SELECT level, pages, message, suggestion FROM issue")
    assert (level, count, suggestion) == (int(Level.NOTE), 3, "")
    assert "都在 /jyj/ 下，如是部门子站" in message
