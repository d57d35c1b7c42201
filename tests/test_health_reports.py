"""The health report over one realistic run store, and what hostile pages must not do to it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

import rules
from qa.finding import Level, Pass
from qa.passes import Gates, Verdict
from qa.site.model import SiteConfig
from qa.site.store import LINK_INDEXES, open_store
from reports.health import FILES, HealthRun, _charts, _html, _ledger, _links, _score, unchecked, write_all
from reports.health import _json as health_json
from reports.health import _sarif as health_sarif
from reports.health._data import Facts, Night, column_type, unchecked_parts

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import health_fixture as fixture  # noqa: E402


@pytest.fixture(scope="module")
def store() -> Iterator[sqlite3.Connection]:
    db = fixture.build(":memory:")
    yield db
    db.close()


@pytest.fixture(scope="module")
def run(store: sqlite3.Connection) -> HealthRun:
    return HealthRun(store, 3, fixture.CONFIG, fixture.TIME, "9.9", rules.load()[:5])


@pytest.fixture(scope="module")
def out(run: HealthRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("health")
    assert write_all(run, folder) == [folder / name for name in FILES]
    return folder


@pytest.fixture(scope="module")
def facts(run: HealthRun) -> Facts:
    found = Facts(run)
    _links.prepare(found)
    return found


@pytest.fixture(scope="module")
def log(out: Path) -> dict[str, Any]:
    return json.loads((out / "findings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book(out: Path) -> Iterator[openpyxl.Workbook]:
    loaded = openpyxl.load_workbook(out / "ledger.xlsx")
    yield loaded
    loaded.close()


def rows(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    head, *body = book[name].values
    return [dict(zip(head, row, strict=True)) for row in body]


def changed(sql: str, *more: str) -> sqlite3.Connection:
    db = fixture.build(":memory:")
    for one in (sql, *more):
        db.execute(one)
    return db


# --- Figures


def test_figures(facts: Facts) -> None:
    assert (facts.count(), facts.count(state="new"), facts.count(state="still")) == (46, 14, 32)
    assert (facts.suppressed, facts.gone_count, facts.pages) == (1, 7, 72)
    assert facts.count(level=Level.VETO) == facts.count(pass_=Pass.REVIEW2) == 6
    assert facts.previous == fixture.NIGHTS[1]
    assert facts.trend == [
        Night(1, fixture.NIGHTS[0], 30, 0, 0),
        Night(2, fixture.NIGHTS[1], 6, 24, 8),
        Night(3, fixture.NIGHTS[2], 14, 32, 7),
    ]
    assert facts.verdict is Verdict.BLOCKED
    assert facts.exit_code == 3
    assert facts.blocking == sum(facts.count(level=level) for level in (Level.ERROR, Level.VETO))


def test_what_went_unchecked(run: HealthRun, facts: Facts) -> None:
    # Four failed pages, one not judged, one in part; the missing page is a dead link, no gap.
    assert facts.unchecked == 6
    assert unchecked(run) == 7
    assert facts.absent == 1
    gaps = list(facts.gaps())
    assert [one.kind for one in gaps] == [
        "run", "server-error", "timeout", "timeout", "tls-expired", "unjudged", "part",
    ]  # fmt: skip
    assert gaps[-1][2:] == ("表格过大，没有核对合计", "facts/table_sums", "proof3")


def test_a_clean_run_passes() -> None:
    db = changed(
        "DELETE FROM issue", "DELETE FROM gone", "DELETE FROM fetch WHERE failure IS NOT NULL",
        "UPDATE run SET gaps = '[]'", "UPDATE page SET unchecked = '[]'",
        "DELETE FROM fetch WHERE url_id = (SELECT id FROM url WHERE url LIKE '%late.html')",
    )  # fmt: skip
    facts = Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME))
    assert (facts.verdict, facts.exit_code, facts.incomplete) == (Verdict.PASSED, 0, False)


def test_gates_decide_what_blocks(store: sqlite3.Connection) -> None:
    gates = Gates(dict.fromkeys(Pass, None))
    facts = Facts(HealthRun(store, 3, fixture.CONFIG, fixture.TIME, gates=gates))
    assert facts.blocking == 0
    assert facts.verdicts[Pass.PROOF1] is Verdict.UNCHECKED  # gaps outweigh what needs attention


def test_times_are_told_in_the_zone_of_the_report(facts: Facts) -> None:
    assert facts.local("2026-11-22T18:00:00Z") == "2026-11-23 02:00"
    assert facts.local("gestern") == "gestern"
    assert f"{facts.today}" == "2026-11-23"


def test_today_without_a_time(store: sqlite3.Connection) -> None:
    assert f"{Facts(HealthRun(store, 3, fixture.CONFIG, '')).today}" == "2026-11-22"


def test_an_unknown_run_is_refused(store: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="没有第 9 次检查"):
        Facts(HealthRun(store, 9, fixture.CONFIG, fixture.TIME))


def test_columns(facts: Facts) -> None:
    found = {one.name: one for one in facts.columns}
    assert set(found) == {"新闻资讯", "通知公告", "政策解读", "领导活动"}
    assert facts.columns[0] is found["领导活动"]  # nothing to tell it by
    news = found["新闻资讯"]
    assert (news.newest, news.idle(facts.today), news.days) == ("2026-11-21", 2, 14)
    assert found["政策解读"].days == 183
    assert sum(facts.by_day.values()) == 60
    assert column_type(news) == "动态要闻"
    assert column_type(replace(news, told=False)) == "动态要闻（按名称推断）"
    assert column_type(found["领导活动"]) == ""


def test_a_column_past_its_time(tmp_path: Path) -> None:
    db = changed(
        "UPDATE page SET published = NULL", "UPDATE page SET latest = '2026-09-01' WHERE title = '新闻资讯'",
        "INSERT INTO fetch (run_id, url_id, purpose, at, elapsed, status, failure)"
        " SELECT 3, id, 'page', '', 0, 0, 'robots' FROM url WHERE url LIKE '%unasked.html'",
    )  # fmt: skip
    write_all(HealthRun(db, 3, fixture.CONFIG, fixture.TIME), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "83（超期）" in text
    assert "另有 1 个网址因 robots.txt 不允许访问而没有抓取。" in text
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["summary"]["unchecked"] == 6
    loaded = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    assert [one["是否超期"] for one in rows(loaded, "栏目更新") if one["栏目名称"] == "新闻资讯"] == ["超期"]
    loaded.close()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[]", ()),
        ('[["原因", "a/b", "proof1"]]', (("原因", "a/b", "proof1"),)),
        ('[["原因"], "另一个", ["三", null, null]]', (("原因", "", ""), ("另一个", "", ""), ("三", "", ""))),
    ],
)
def test_parts_of_pages_not_checked(text: str, parts: tuple[tuple[str, str, str], ...]) -> None:
    assert unchecked_parts(text) == parts


# --- Links


def test_links(facts: Facts) -> None:
    found = {one.url: one for one in _links.targets(facts)}
    assert _links.total(facts) == len(found) == 73
    dead = found[fixture.DEAD]
    assert (dead.state, dead.status, dead.pages, dead.resource, dead.scope) == (
        "dead",
        404,
        4,
        "附件",
        "站外",
    )
    assert dead.text == "+附件：工作报告"
    moved = found[fixture.MOVED]
    assert (moved.state, moved.final, moved.pages) == ("moved", fixture.NEW_PLACE, 65)
    assert found[fixture.UNSURE].state == "unsure"
    assert (found[fixture.SOFT].state, found[fixture.SOFT].failure) == ("dead", "soft404")
    assert found[fixture.HOME + "unasked.html"].state == "unsure"
    assert found[fixture.HOME].state == "alive"
    assert found[fixture.HOME + "images/a.png"].resource == "图片"
    assert {one.url for one in _links.targets(facts, suspects=True)} == {
        url for url, one in found.items() if one.state != "alive"
    }
    assert len(list(_links.carriers(facts, dead.id))) == 4
    assert len(list(_links.carriers(facts, dead.id, limit=2))) == 2


def test_reasons_of_dead_links() -> None:
    target = _links.Target(1, "u", "", 404, "client-error", "", "a", "", 1, True, "dead")
    assert _links.reason_label(_links.reason_of(target)) == "返回码 404"
    gone = target._replace(status=0, failure="dns")
    assert (gone.cause, _links.reason_label(_links.reason_of(gone))) == ("域名不存在", "域名不存在")
    assert _links.reason_of(target._replace(state="alive")) == ""


def test_states_of_links_are_those_of_the_rules() -> None:
    from rules.site import _links as judged

    assert _links._DEAD_KINDS - {"soft404"} == judged.DEAD
    assert _links._DEAD_STATUS == judged.DEAD_STATUS


def test_a_redirect_into_a_page_that_is_none() -> None:
    db = fixture.build(":memory:")
    (soft,) = db.execute("SELECT id FROM url WHERE url = ?", (fixture.SOFT,)).fetchone()
    db.execute("UPDATE fetch SET next_id = ? WHERE next_id IS NOT NULL", (soft,))
    facts = Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME))
    _links.prepare(facts)
    (moved,) = [one for one in _links.targets(facts) if one.url == fixture.MOVED]
    assert (moved.state, moved.failure, moved.final) == ("dead", "soft404", fixture.SOFT)


# --- Score


def test_the_table_is_the_national_one() -> None:
    items = _score.table()["item"]
    caps: dict[str, float] = {}
    for one in items:
        caps[one["group"]] = caps.get(one["group"], 0) + one["cap"]
    assert caps == {"发布解读": 31, "办事服务": 25, "互动交流": 23, "功能设计": 21}
    assert len(items) == 9 + 6 + 4 + 10
    for line in [line for one in items for line in one["line"]] + _score.table()["veto"]:
        assert line["check"] in _score.CHECKS
        assert (line["check"] == "yes") != bool(line.get("why")), line
        if line["check"] != "no":
            assert line["ids"], line


def test_score(facts: Facts) -> None:
    sheet = _score.score(facts)
    taken = {(one.item, one.rule[:6]): one.taken for one in sheet.lines if one.taken}
    assert taken == {
        ("其他栏目", "应更新而未更"): 1.0,
        ("网站标识", "全站页面底部"): 0.5,
        ("可用性", "首页上的链接"): 0.2,
        ("可用性", "其他页面上的"): 0.4,  # three more pages, and an image on another
        ("页面标签", "抽查5个内容"): 0.04,  # five of sixty, for a sample of five
    }
    assert sheet.taken == 2.14
    assert sheet.unplaced == (("ODD-1", 1),)
    vetoes = {one.id: (one.count, one.state) for one in sheet.vetoes}
    assert vetoes["VETO-SEC-1"] == (6, "suspected")
    assert vetoes["VETO-COL-1"] == (0, "clear")
    assert vetoes["VETO-SEC-6"] == (0, "manual")
    assert vetoes["VETO-HOME"] == (0, "clear")
    assert [one.id for one in sheet.raised] == ["VETO-SEC-1"]
    manual = [one for one in sheet.lines if one.check == "no"]
    assert all(one.taken == 0 and one.statistics == "需人工检查" and one.why for one in manual)
    assert "不是网站的总得分" in _score.remark(sheet)


@pytest.mark.parametrize(
    ("change", "identifier", "state"),
    [
        ("UPDATE issue SET confidence = 'high' WHERE level = 4", "VETO-SEC-1", "triggered"),
        ("UPDATE issue SET score_item = 'VETO-COL-1' WHERE id < 9", "VETO-COL-1", "suspected"),
        ("UPDATE issue SET score_item = 'VETO-COL-1' WHERE id < 3", "VETO-COL-1", "hint"),
        ("UPDATE issue SET score_item = 'VETO-SEC-5', level = 1 WHERE id = 9", "VETO-SEC-5", "hint"),
        ("UPDATE issue SET score_item = 'VETO-SVC-2' WHERE id = 2", "VETO-SVC-1", "suspected"),
    ],
)
def test_grounds_of_veto(change: str, identifier: str, state: str) -> None:
    sheet = _score.score(Facts(HealthRun(changed(change), 3, fixture.CONFIG, fixture.TIME)))
    assert {one.id: one.state for one in sheet.vetoes}[identifier] == state


def test_caps_hold_over_the_lines_of_an_item() -> None:
    db = changed("UPDATE issue SET score_item = 'LINK-O' WHERE run_id = 3 AND suppressed IS NULL")
    sheet = _score.score(Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME)))
    home, others = (one for one in sheet.lines if one.item == "可用性")
    assert (home.count, home.taken) == (2, 0.4)
    assert others.count > 60
    assert others.taken == 0.6
    assert sheet.taken == 1.0


@pytest.mark.parametrize(
    ("item", "name", "taken"),
    [("ERR-1", "找错入口", 1.0), ("IPV6", "IPv6改造", 1.0)],
)
def test_points_of_other_lines(item: str, name: str, taken: float) -> None:
    db = changed(f"UPDATE issue SET score_item = '{item}' WHERE run_id = 3 AND id IN (1, 8)")
    sheet = _score.score(Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME)))
    assert sum(one.taken for one in sheet.lines if one.item == name) == taken


def test_notes_take_no_points() -> None:
    sheet = _score.score(
        Facts(HealthRun(changed("UPDATE issue SET level = 1"), 3, fixture.CONFIG, fixture.TIME))
    )
    assert (sheet.taken, sheet.raised) == (0.0, [])


def test_a_stale_column_counts_once() -> None:
    """Where every column of a type with its own item is stale, that item takes its points, and no other."""
    where = "(SELECT id FROM url WHERE url = 'https://www.example.gov.cn/xwzx/')"
    db = changed(f"UPDATE issue SET url_id = {where} WHERE score_item = 'COL-OLD'")
    sheet = _score.score(Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME)))
    taken = {one.item: one.taken for one in sheet.lines if one.count and one.item in {"动态要闻", "其他栏目"}}
    assert taken == {"动态要闻": 5.0}


def test_score_json(out: Path, facts: Facts) -> None:
    found = json.loads((out / "score.json").read_text(encoding="utf-8"))
    assert found["document"] == "国办秘函〔2019〕19号"
    assert (found["machine_taken"], found["home"], found["time"]) == (2.14, fixture.HOME, fixture.TIME)
    assert len(found["lines"]) == len(_score.score(facts).lines)
    assert "total" not in found
    assert "score" not in found


# --- JSON


def test_json_obeys_its_schema(log: dict[str, Any]) -> None:
    schema = health_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(log)


def test_json_holds_everything(log: dict[str, Any]) -> None:
    assert len(log["findings"]) == 47
    assert log["summary"]["counts"] == {
        "veto": 6, "error": 24, "warning": 11, "note": 5, "total": 46, "suppressed": 1, "gone": 7,
    }  # fmt: skip
    footer = log["findings"][0]
    assert (footer["page_count"], len(footer["pages"]), footer["chrome"]) == (65, 65, True)
    assert log["findings"][4]["quote"] == fixture.EVIL
    assert len(log["gone"]) == 7
    assert len(log["pages"]) == log["summary"]["pages"] == 72
    pages = {one["url"]: one for one in log["pages"]}
    assert pages[fixture.HOME]["findings"] == 2
    assert pages[fixture.HOME + "late.html"]["unchecked"][0]["reason"] == "网页已抓取，尚未审校"
    assert pages[fixture.HOME + "bad/timeout0.html"]["failure"] == "timeout"
    assert pages[fixture.HOME + "bad/client-error0.html"]["unchecked"] == []
    assert pages[fixture.SOFT]["failure"] == "soft404"
    assert sum(bool(one["unchecked"]) for one in log["pages"]) == log["summary"]["unchecked"]
    links = {one["url"]: one for one in log["links"]}
    assert len(links[fixture.DEAD]["pages"]) == links[fixture.DEAD]["page_count"] == 4
    assert links[fixture.MOVED]["pages"] == []
    assert links[fixture.MOVED]["final_url"] == fixture.NEW_PLACE


def test_json_hides_nothing(out: Path) -> None:
    text = (out / "findings.json").read_text(encoding="utf-8")
    assert "\u202e" not in text
    assert "\\u202e" in text


# --- CSV


def test_csv(out: Path) -> None:
    data = (out / "findings.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    states = [one["状态"] for one in table]
    assert {name: states.count(name) for name in set(states)} == {
        "未查完": 7, "新增": 14, "仍存在": 32, "已忽略": 1, "已整改": 7,
    }  # fmt: skip
    assert not any(value.startswith(("=", "+", "-", "@")) for one in table for value in one.values())
    (evil,) = [one for one in table if one["序号"] == "5"]
    assert evil["标题"].startswith("'=HYPERLINK")
    assert "⟨U+202E⟩" in evil["标题"]


# --- SARIF


def test_sarif(out: Path, facts: Facts) -> None:
    log = json.loads((out / "findings.sarif").read_text(encoding="utf-8"))
    schema = json.loads((HERE / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(log)
    (one,) = log["runs"]
    assert one["columnKind"] == "unicodeCodePoints"
    assert one["invocations"][0]["exitCode"] == 3
    assert one["invocations"][0]["endTimeUtc"] == "2026-11-22T23:00:00Z"
    results = one["results"]
    states = [result["baselineState"] for result in results]
    assert {name: states.count(name) for name in set(states)} == {"new": 15, "unchanged": 32, "absent": 7}
    # Suppressions stand on all results or on none.
    assert [len(result["suppressions"]) for result in results].count(1) == 1
    driver = one["tool"]["driver"]["rules"]
    for result in results:
        assert driver[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["partialFingerprints"]["shenjiao/v1"]) == 32
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(fixture.HOME)
    footer = results[0]
    assert (len(footer["relatedLocations"]), footer["properties"]["pages"]) == (50, 65)
    assert footer["properties"]["scoreItem"] == "FOOT-4"


def test_sarif_counts_what_it_leaves_out(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_sarif, "NOTIFICATION_LIMIT", 2)
    words = [one["message"]["text"] for one in health_sarif._notifications(facts)]
    assert words[2:] == ["另有 5 处未查完，见 findings.json", "已按要求不遵守 robots.txt（本单位网站）"]


def test_sarif_without_suppressions_or_lines(tmp_path: Path) -> None:
    db = changed("DELETE FROM issue WHERE suppressed IS NOT NULL", "UPDATE issue SET line = 0, col = 0")
    write_all(HealthRun(db, 3, fixture.CONFIG, "kein Datum"), tmp_path)
    (one,) = json.loads((tmp_path / "findings.sarif").read_text(encoding="utf-8"))["runs"]
    assert not any("suppressions" in result for result in one["results"])
    assert not any("region" in result["locations"][0]["physicalLocation"] for result in one["results"])
    assert "endTimeUtc" not in one["invocations"][0]


# --- Ledger


def test_ledger(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["台账", "页面", "断链", "栏目更新", "扣分", "已整改", "未检查"]
    table = rows(book, "台账")
    assert len(table) == 47
    assert list(table[0])[:13] == [
        "序号", "单位", "栏目", "标题", "网址", "错误", "建议", "依据", "级别", "上下文", "快照", "发现时间", "状态",
    ]  # fmt: skip
    footer = table[0]
    assert (footer["错误"], footer["页面数"], footer["级别"]) == (
        "全站页面底部没有公安机关备案标识", 65, "错误",
    )  # fmt: skip
    assert table[1]["快照"] == "crawl-00001.warc.gz @0"
    assert table[1]["发现时间"] == "2026-11-23 02:00"
    assert table[5]["状态"] == "已忽略"
    sheet = book["台账"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Q48"
    (choice,) = sheet.data_validations.dataValidation
    assert str(choice.sqref) == "M2:M48"
    assert sheet["E2"].hyperlink.target == fixture.HOME
    assert sheet["I2"].fill.fgColor.rgb == "FFFBDAD6"


def test_ledger_sheets(book: openpyxl.Workbook) -> None:
    assert len(rows(book, "页面")) == 65 + 4
    dead = {one["不可用链接"]: one for one in rows(book, "断链")}
    assert dead[fixture.DEAD]["上一级地址"].count("\n") == 3
    assert dead[fixture.DEAD]["返回码"] == 404
    assert fixture.MOVED not in dead
    assert {one["栏目名称"] for one in rows(book, "栏目更新")} == {
        "新闻资讯",
        "通知公告",
        "政策解读",
        "领导活动",
    }
    assert rows(book, "扣分")[-1]["扣分"] == 2.14
    assert len(rows(book, "已整改")) == 7
    assert len(rows(book, "未检查")) == 7


def test_nothing_in_the_ledger_is_a_formula(out: Path, book: openpyxl.Workbook) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    evil = rows(book, "台账")[4]
    assert evil["标题"].startswith("=HYPERLINK")
    assert "⟨U+0007⟩" in evil["标题"]
    with zipfile.ZipFile(out / "ledger.xlsx") as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 7
        assert not any(b"<f>" in archive.read(name) for name in sheets)


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>x</t></r>",
        "<r></c></row></r>",
        " 空格 ",
        "a&b<c>\"d'",
        "=1+1",
        "a\nb",
        "\t",
        "",
        "<b>",
    ],
)
def test_whatever_a_cell_holds_the_workbook_opens(text: str, tmp_path: Path) -> None:
    db = fixture.build(":memory:")
    db.execute("UPDATE issue SET page_title = ?, section = ? WHERE id = 3", (text, text))
    write_all(HealthRun(db, 3, fixture.CONFIG, fixture.TIME), tmp_path)
    loaded = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    value = rows(loaded, "台账")[2]["标题"] or ""
    loaded.close()
    assert value.split() == text.split()


def test_what_looks_like_an_escape_of_excel_is_escaped(tmp_path: Path) -> None:
    db = changed("UPDATE issue SET page_title = '_x0041_' WHERE id = 3")
    write_all(HealthRun(db, 3, fixture.CONFIG, fixture.TIME), tmp_path)
    with zipfile.ZipFile(tmp_path / "ledger.xlsx") as archive:
        assert b"<t>_x005F_x0041_</t>" in archive.read("xl/worksheets/sheet1.xml")


def test_long_text_is_cut_with_a_remark(book: openpyxl.Workbook) -> None:
    assert _ledger.cell("字" * 32_767) == "字" * 32_767
    cut = _ledger.cell("\U00020000" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= _ledger.CELL
    assert cut.endswith("（过长，已截断）")
    assert _ledger.cell("字" * 40_000).endswith("（过长，已截断）")
    assert rows(book, "台账")[6]["上下文"].endswith("】，切实抓好安全生产各项工作。")


def test_rows_beyond_a_sheet_are_told_of(
    run: HealthRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ledger, "ROWS", 20)
    write_all(run, tmp_path)
    loaded = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    assert list(loaded["台账"].values)[-1][0] == "另有 29 条超出工作表容量，见 findings.csv"
    assert list(loaded["页面"].values)[-1][0] == "另有 51 行超出工作表容量，见 findings.json"
    loaded.close()


# --- HTML


class _Outline(HTMLParser):
    """Tags, attributes, headings and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def page(out: Path) -> _Outline:
    outline = _Outline()
    outline.feed((out / "report.html").read_text(encoding="utf-8"))
    return outline


def test_html_needs_nothing_from_outside(page: _Outline, out: Path) -> None:
    text = (out / "report.html").read_text(encoding="utf-8")
    for tag, attrs in page.tags:
        assert "src" not in attrs, tag
        assert "style" not in attrs, tag
        assert not any(name.startswith("on") for name in attrs), tag
        assert tag not in {"link", "img", "iframe", "object"}
        if tag == "a":
            href = attrs["href"] or ""
            assert href.startswith(("#", "http://", "https://"))
            if not href.startswith("#"):
                assert "noopener" in (attrs["rel"] or "")
    assert [tag for tag, _ in page.tags].count("script") == 1
    (policy,) = [attrs["content"] or "" for _, attrs in page.tags if attrs.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "url(" not in text


def test_html_says_the_morning_s_news_first(page: _Outline) -> None:
    words = "".join(page.text)
    top = words[words.index("结论：") :][:400]
    assert (
        "与上次（2026-11-22 02:00）相比，新增 14 处，仍存在 32 处，已整改 7 处。其中 30 处必须改正。" in top
    )
    assert "另有 6 个网页未查完，结论不完整。" in top
    assert "2.14" in top
    for phrase in (
        "可能构成单项否决", "疑似，须人工核实", "已达到抓取页数上限，尚有 12 个网址没有抓取", "等待超时，服务器没有回应：2 个",
        "共 65 个网页有此问题", "crawl-00001.warc.gz @0", "忽略理由：引用原文，不作改动", "需人工检查的", "机器可查部分共扣 2.14 分",
        "按抽查 5 个折算",
    ):  # fmt: skip
        assert phrase in words, phrase


def test_html_is_well_made(page: _Outline) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    identifiers = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(identifiers) == len(set(identifiers))
    known = set(identifiers)
    for tag, attrs in page.tags:
        if tag == "th":
            assert attrs.get("scope") in {"col", "row"}
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or attrs.get("aria-label")
        if (attrs.get("href") or "").startswith("#"):
            assert (attrs["href"] or "")[1:] in known
        if "aria-labelledby" in attrs:
            assert attrs["aria-labelledby"] in known
    assert [tag for tag, _ in page.tags].count("li") > 100


def test_html_cuts_long_lists_and_says_so(
    run: HealthRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("ISSUE_BUDGET", 10), ("PAGE_LIMIT", 3), ("PAGE_BUDGET", 4), ("GONE_LIMIT", 2), ("GAP_LIMIT", 3),
        ("COLUMN_LIMIT", 2), ("DEAD_LIMIT", 1), ("SUPPRESSED_LIMIT", 0),
    ):  # fmt: skip
        monkeypatch.setattr(_html, name, value)
    facts = Facts(run)
    _links.prepare(facts)
    path = tmp_path / "report.html"
    _html.write(facts, _score.score(facts), path)
    text = path.read_text(encoding="utf-8")
    # Six vetoes, then four of the eight new errors.
    assert text.count('<li class="f veto"') == 6
    assert text.count('<li class="f ') == 10
    for phrase in (
        "另有 4 处没有列出，见台账（ledger.xlsx）", "另有 1 个网页没有列出", "另有 5 处没有列出，见台账“已整改”表",
        "其余的见台账“未检查”表", "另有 3 个没有列出", "其余的见台账。",
    ):  # fmt: skip
        assert phrase in text, phrase


def test_html_of_a_first_and_clean_run(tmp_path: Path) -> None:
    db = open_store(":memory:")
    for statement in LINK_INDEXES:
        db.execute(statement)
    db.execute(
        "INSERT INTO run (id, started, finished, state, home, config, judged) VALUES"
        " (1, '2026-11-22T18:00:00Z', '2026-11-22T18:01:00Z', 'done', ?, '{}', '2026-11-22T18:02:00Z')",
        (fixture.HOME,),
    )
    write_all(HealthRun(db, 1, SiteConfig(fixture.HOME), fixture.TIME), tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "首次检查，共发现问题 0 处。" in text
    assert "首次检查，没有可比的记录。" in text
    assert "结论：通过" in text
    found = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(health_json.schema()).validate(found)
    assert found["findings"] == found["pages"] == found["links"] == []


def test_html_of_a_run_with_gaps_alone() -> None:
    db = changed(
        "DELETE FROM fetch WHERE failure IS NOT NULL", "UPDATE page SET unchecked = '[]'",
        "DELETE FROM fetch WHERE url_id = (SELECT id FROM url WHERE url LIKE '%late.html')",
    )  # fmt: skip
    facts = Facts(HealthRun(db, 3, fixture.CONFIG, fixture.TIME))
    assert "本次检查没有覆盖全站，结论不完整。" in _html._conclusion(facts)


def test_chart_figures() -> None:
    assert _charts.trend([]) == []
    assert _charts.stack([("a", 1), ("b", 0), ("c", 3)], 4) == [
        {"css": "a", "x": "0.0", "width": "250.0"},
        {"css": "c", "x": "250.0", "width": "750.0"},
    ]
    assert [_charts._shade(number, 8) for number in (0, 1, 3, 5, 8)] == [0, 1, 2, 3, 4]


def test_calendar_ends_today(facts: Facts) -> None:
    calendar = _charts.calendar(facts.by_day, facts.today)
    assert calendar["squares"][-1]["title"] == "11月23日 0 篇"
    assert calendar["days"] == len(calendar["squares"]) == 52 * 7 + 1
    assert calendar["total"] == sum(number for _, number in calendar["table"]) == 60


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_script_is_valid_javascript(tmp_path: Path) -> None:
    path = tmp_path / "health.js"
    path.write_text(_html._read("health.js"), encoding="utf-8")
    subprocess.run(["node", "--check", str(path)], check=True)


# --- All together


def test_same_run_same_bytes(run: HealthRun, out: Path, tmp_path: Path) -> None:
    write_all(run, tmp_path / "new" / "folder")
    for name in FILES:
        first, second = ((folder / name).read_bytes() for folder in (out, tmp_path / "new" / "folder"))
        assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest(), name


def test_nothing_else_is_left(out: Path) -> None:
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)


def test_a_failure_leaves_the_old_report(
    run: HealthRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(run, tmp_path)
    before = (tmp_path / "ledger.xlsx").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_ledger, "write", fail)
    with pytest.raises(OSError, match="No space"):
        write_all(run, tmp_path)
    assert (tmp_path / "ledger.xlsx").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_a_store_open_for_reading_will_do(tmp_path: Path) -> None:
    fixture.build(tmp_path / "run.db").close()
    db = open_store(tmp_path / "run.db", create=False, readonly=True)
    write_all(HealthRun(db, 3, fixture.CONFIG, fixture.TIME), tmp_path / "out")
    db.close()
    assert (tmp_path / "out" / "report.html").stat().st_size > 100_000


def test_heavy_imports_wait() -> None:
    code = (
        "import sys, reports, reports.health; "
        "print(*sorted({'xlsxwriter', 'jinja2', 'sqlalchemy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_many_issues_take_no_more_memory(tmp_path: Path) -> None:
    code = (
        "import sys, resource; sys.path.insert(0, sys.argv[1]); import health_fixture as f;"
        "from pathlib import Path; from qa.site.store import open_store; from reports.health import *;"
        "db = open_store(sys.argv[2], create=False, readonly=True);"
        "write_all(HealthRun(db, 3, f.CONFIG, f.TIME), Path(sys.argv[3]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for scale, extra in ((1, 0), (20, 8000)):
        path = tmp_path / f"{scale}.db"
        fixture.build(path, scale=scale, extra_issues=extra).close()
        done = subprocess.run(
            [sys.executable, "-c", code, str(HERE), str(path), str(tmp_path / f"out{scale}")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] * 1.5
