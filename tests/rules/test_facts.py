"""The annual report in three formats, its repair, totals of tables, dates and citations."""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rules
from qa.document import Cell, Table
from qa.engine import Engine
from qa.finding import Finding
from qa.readers import read
from qa.rule import Settings
from qa.source import Source, Span
from rules.facts import _totals
from rules.facts._citations import core
from rules.facts._dates import chinese_number, dates_of
from rules.facts._repair import search
from rules.facts._report import (
    ORDER,
    PARTS,
    REVIEW_SUMS,
    TOTAL,
    Report,
    Value,
    equations,
    report_in,
    report_of,
    value_of,
)
from rules.facts._samples import COUNTS, Part, html, parts, sample

ENGINE = Engine([one for one in rules.load() if one.family == "facts"])
SUMS = ("facts/report_row_sum", "facts/report_column_sum", "facts/report_balance")
PLAIN = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def spread(rows: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """A table's rows with empty cells where spans reach, as copying from a word processor leaves them."""
    taken: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for text, tall, wide in row:
            while (y, x) in taken:
                x += 1
            for dy in range(tall):
                for dx in range(wide):
                    taken[y + dy, x + dx] = "" if dx or dy else text
    width = max(x for _, x in taken) + 1
    return [[taken.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def text(items: list[Part], *, lossy: bool = False) -> str:
    """The parts as tab-separated text; ``lossy`` loses leading tabs."""
    lines = []
    for item in items:
        if isinstance(item, str):
            lines.append(item.removeprefix("# ") + "\n")
        else:
            made = ("\t".join(row) for row in spread(item))
            lines += [line.lstrip("\t") if lossy else line for line in made]
            lines.append("")
    return "\n".join(lines)


def markdown(items: list[Part]) -> str:
    """The parts as Markdown."""
    lines = []
    for item in items:
        if isinstance(item, str):
            lines.append(item + "\n")
            continue
        head, *body = (f"| {' | '.join(row)} |" for row in spread(item))
        lines += [head, "|" + " --- |" * (head.count("|") - 1), *body, ""]
    return "\n".join(lines)


FORMATS = {
    "html": lambda items: Source("report.html", html(items), "html"),
    "markdown": lambda items: Source("report.md", markdown(items), "markdown"),
    "text": lambda items: Source("report.txt", text(items), "text"),
    "lossy": lambda items: Source("report.txt", text(items, lossy=True), "text"),
}


def findings(source: Source) -> list[Finding]:
    outcome = ENGINE.check(read(source))
    assert outcome.unchecked == []
    return outcome.findings


@st.composite
def counts(draw: st.DrawFn) -> dict[str, tuple[int, ...]]:
    """Table 三 of a correct report."""
    small = st.integers(0, 40)
    rows = {key: [draw(small) for _ in range(6)] for key in (*PARTS, "next")}
    rows["sum"] = [sum(rows[key][c] for key in PARTS) for c in range(6)]
    inflow = [rows["sum"][c] + rows["next"][c] for c in range(6)]
    rows["carried"] = [draw(st.integers(0, min(9, total))) for total in inflow]
    rows["new"] = [total - old for total, old in zip(inflow, rows["carried"], strict=True)]
    return {key: (*row, sum(row)) for key, row in rows.items()}


def prose(rows: dict[str, tuple[int, ...]]) -> dict[str, str]:
    new, done, left = rows["new"][TOTAL], rows["sum"][TOTAL], rows["next"][TOTAL]
    words = (
        f"（二）依申请公开情况。2023年，共收到政府信息公开申请{new}件，办结{done}件，结转下年度办理{left}件。"
    )
    return {"requests": words}


@pytest.mark.parametrize("kind", FORMATS)
@PLAIN
@given(rows=counts())
def test_correct_report_is_clean(kind: str, rows: dict[str, tuple[int, ...]]) -> None:
    items = parts(counts=rows, texts=prose(rows))
    assert [f.message for f in findings(FORMATS[kind](items))] == []


@pytest.mark.parametrize("kind", FORMATS)
@PLAIN
@given(data=st.data(), rows=counts())
def test_planted_error_breaks_its_equations_and_is_found(
    kind: str, data: st.DataObject, rows: dict[str, tuple[int, ...]]
) -> None:
    key, column = data.draw(st.sampled_from(ORDER)), data.draw(st.integers(0, TOTAL))
    right = rows[key][column]
    wrong = right + data.draw(st.integers(1, 500))
    items = parts(
        {(key, column): str(wrong)}, counts=rows, texts={"requests": "（二）依申请公开情况。按期办理。"}
    )
    found = findings(FORMATS[kind](items))
    report = report_of(read(FORMATS[kind](items)))
    assert report is not None
    broken = [e for e in equations(report) if any(cell == (key, column) for cell, _ in e.cells)]
    assert len(broken) >= 2
    assert sum(f.rule in SUMS for f in found) == len(broken)
    assert all(f"差 {wrong - right}" in f.message for f in found if f.rule in SUMS)
    [repair] = [f for f in found if f.rule == "facts/report_repair"]
    assert repair.quote == str(wrong)
    assert f"（{wrong}→{right}）" in repair.message
    assert "只有一种" in repair.message


def test_real_report(shared: Path) -> None:
    source = Source(
        "jinjiang-2023.txt", (shared / "real" / "jinjiang-2023.txt").read_text(encoding="utf-8"), "text"
    )
    found = findings(source)
    sums = [(f.start.line, f.quote, f.message.partition("应为 ")[2]) for f in found if f.rule in SUMS]
    assert sums == [
        (90, "18", "22，总计印为 18，差 4"),
        (102, "0", "1，总计印为 0，差 1"),
        (110, "227", "228，（七）总计印为 227，差 1"),
        (110, "15", "18，（七）总计印为 15，差 3"),
        (110, "1", "2，（七）总计印为 1，差 1"),
    ]
    [repair] = [f for f in found if f.rule == "facts/report_repair"]
    assert (repair.start.line, repair.quote) == (90, "3")
    assert [(r.start.line, r.quote) for r in repair.related] == [(90, "1"), (102, "1")]
    for words in (
        "（二）部分公开·商业企业误填（3→0）",
        "（二）部分公开·法律服务机构误填（1→0）",
        "（五）1.信访举报投诉类申请·自然人误填（1→0）",
        "只有一种",
        "疑似",
        "和正文数字均不冲突",
    ):
        assert words in repair.message
    others = {f.rule: f.message for f in found if f.rule not in SUMS}
    assert others.keys() == {
        "facts/report_repair",
        "facts/report_supervision",
        "facts/report_fee_wording",
        "facts/listing_sum",
    }
    assert "社会评议、责任追究结果" in others["facts/report_supervision"]
    assert "工作考核、社会" not in others["facts/report_supervision"].partition("，")[0]
    assert "未说明余 2336" in others["facts/listing_sum"]


def test_real_repair_is_the_only_one_and_quick(shared: Path) -> None:
    source = Source("r.txt", (shared / "real" / "jinjiang-2023.txt").read_text(encoding="utf-8"), "text")
    report = report_in(source)
    assert report is not None
    assert report_in(source) is report
    start = time.perf_counter()
    found = search(report, equations(report))
    assert time.perf_counter() - start < 0.3
    assert found.repairs == [{("2", 1): 0, ("2", 4): 0, ("5.1", 0): 0}]
    assert not found.capped


def planted(cells: dict[tuple[str, int], str]) -> Report:
    report = report_of(read(Source("a.html", sample(cells))))
    assert report is not None
    return report


@pytest.mark.parametrize(
    "cells",
    [
        {("1", 0): "21", ("2", 1): "2"},
        {("new", 0): "41", ("next", 0): "3"},
        {("sum", 6): "50", ("3.1", 0): "2"},
        {("1", 0): "21", ("4.1", 0): "7"},
        {("new", TOTAL): "51"},
    ],
)
def test_search_agrees_with_trying_everything(cells: dict[tuple[str, int], str]) -> None:
    report = planted(cells)
    held = equations(report)
    found = search(report, held)
    assert found.repairs == brute(report, found.size)
    assert all(not brute(report, size) for size in range(1, found.size))


def brute(report: Report, size: int) -> list[dict[tuple[str, int], int]]:
    """All repairs of one or two cells, by trying every set of cells."""
    values = {(key, c): int(v.number) for key, row in report.requests.items() for c, v in enumerate(row)}
    held = [dict(e.cells) for e in equations(report)]
    off = [sum(sign * values[cell] for cell, sign in cells.items()) for cells in held]
    steps = {abs(amount) for amount in off if amount}
    deltas = sorted(
        {sign * (a + b) for a in steps for b in (0, *steps) for sign in (1, -1)} | {-s for s in steps} | steps
    )
    touching = {cell for cells, amount in zip(held, off, strict=True) if amount for cell in cells}
    results = []
    for chosen in combinations(values, size):
        if touching.isdisjoint(chosen):
            continue
        for changes in [(d,) for d in deltas] if size == 1 else [(a, b) for a in deltas for b in deltas]:
            change = dict(zip(chosen, changes, strict=True))
            if all(
                amount + sum(cells[cell] * d for cell, d in change.items() if cell in cells) == 0
                for cells, amount in zip(held, off, strict=True)
            ) and all(values[cell] + d >= 0 and d for cell, d in change.items()):
                results.append({cell: values[cell] + d for cell, d in sorted(change.items())})
                break
    return results


def repair_message(cells: dict[tuple[str, int], str], **texts: str) -> str:
    found = findings(Source("a.html", sample(cells, texts=texts)))
    return next(f.message for f in found if f.rule == "facts/report_repair")


def test_repair_says_when_there_are_several() -> None:
    two = repair_message({("1", 0): "21", ("2", 1): "2"})
    assert "改法有 2 种" in two
    assert "无法断定是哪一种" in two
    six = repair_message({("1", 0): "19", ("2", 1): "0", ("4.1", 2): "0"})
    assert "改法有 6 种" in six
    assert "其5" in six
    assert "其6" not in six


def test_search_goes_on_where_a_cell_would_fall_below_nought() -> None:
    report = planted({("3.2", 1): "1", ("1", 1): "2", ("1", 0): "21"})
    found = search(report, equations(report))
    assert found.size == 3
    assert {("3.2", 1): 0, ("1", 1): 3, ("1", 0): 20} in found.repairs


def test_repair_says_when_there_is_none() -> None:
    message = repair_message({(f"3.{i}", i % 6): str(20 + i) for i in range(1, 8)})
    assert "3 格以内找不到" in message


def test_repair_says_when_the_search_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rules.facts.report_repair.search", lambda report, held: search(report, held, limit=2)
    )
    assert "穷举到上限" in repair_message({("2", 1): "4"})


def test_repair_keeps_to_what_the_prose_confirms() -> None:
    message = repair_message({("sum", TOTAL): "50"})
    assert "（七）总计·总计误填（50→49）" in message
    assert "和正文数字" in message


@pytest.mark.parametrize("cells", [{("1", 0): "20.5"}, {("1", 0): "-20"}])
def test_no_repair_without_whole_numbers(cells: dict[tuple[str, int], str]) -> None:
    rules_hit = {f.rule for f in findings(Source("a.html", sample(cells)))}
    assert "facts/report_blank_cell" in rules_hit
    assert "facts/report_repair" not in rules_hit


def test_blanks_count_as_nought_wherever_the_row_can_be_read() -> None:
    cells = {("3.2", 2): "", ("6.2", 0): "/", ("4.2", 6): "—"}
    for kind in ("html", "markdown"):
        found = findings(FORMATS[kind](parts(cells)))
        assert [f.rule for f in found] == ["facts/report_blank_cell"] * 3
    unread = findings(FORMATS["lossy"](parts({("3.2", 3): "", ("3.2", 2): ""})))
    assert {f.rule for f in unread} == {"facts/report_blank_cell"}
    blank_edge = findings(FORMATS["lossy"](parts({("3.2", 0): ""})))
    assert [f.rule for f in blank_edge] == ["facts/report_sections"]
    assert "读不出 1 行：（三）2." in blank_edge[0].message


def test_repeated_and_broken_rows() -> None:
    lines = text(parts(), lossy=True).split("\n")
    at = next(i for i, line in enumerate(lines) if "重复申请" in line)
    lines.insert(at, "三、本年度办理结果\t9\t9\t9\t9\t9\t9\t9")
    lines.insert(at, lines[at + 1].replace("0", "5"))
    lines.insert(at + 3, "3.要求提供公开出版物\t\t3\t\t")
    found = findings(Source("a.txt", "\n".join(lines), "text"))
    assert {f.rule for f in found} <= {*SUMS, "facts/report_repair"}


def test_older_layout_adds_up_with_one_row_for_other_outcomes() -> None:
    table = next(item for item in parts() if not isinstance(item, str) and len(item) > 20)
    assert not isinstance(table, str)
    short = []
    for row in table:
        words = str(row)
        if "2.申请人逾期未" in words or "3.其他'" in words:
            continue
        if "1.申请人无正当理由逾期" in words:
            numbers = ("2", "0", "0", "0", "0", "0", "2")
            row = [("（六）其他处理", 1, 2), *((n, 1, 1) for n in numbers)]
        short.append(row)
    items = [
        short if item is table else item
        for item in parts(texts={"title": "# 甲市2020年政府信息公开工作年度报告"})
    ]
    items = [short if not isinstance(item, str) and len(item) > 20 else item for item in items]
    assert findings(FORMATS["html"](items)) == []
    wrong = [[(t.replace("49", "48"), r, c) for t, r, c in row] for row in short]
    items = [wrong if item is short else item for item in items]
    assert {f.rule for f in findings(FORMATS["html"](items))} == set(SUMS)


def test_too_few_rows_are_no_report() -> None:
    page = "<p>处理政府信息公开申请</p><table><tr><td>一、本年新收<td>1<td>0<td>0<td>0<td>0<td>0<td>9</table>"
    assert findings(Source("a.html", page)) == []


def test_layout_table_around_the_report_hides_nothing() -> None:
    page = f"<table><tr><td>{sample(texts={'fees': '全年无信息公开收费。'})}</td></tr></table>"
    assert [f.rule for f in findings(Source("a.html", page))] == ["facts/report_fee_wording"]


def test_titles_with_the_year_behind() -> None:
    for title in ("政府信息公开工作2023年度报告", "政府信息公开工作年度报告（2023年）"):
        report = report_of(read(Source("a.html", sample(texts={"title": f"# 某县{title}"}))))
        assert report is not None
        assert report.year == 2023


def test_prose_without_review_table() -> None:
    items = [item for item in parts() if isinstance(item, str) or "行政复议" not in str(item)]
    items[items.index("# 四、政府信息公开行政复议、行政诉讼情况")] = (
        "# 四、政府信息公开行政复议、行政诉讼情况"
    )
    items.append("政府信息公开行政复议9件。")
    assert findings(FORMATS["html"](items)) == []


@pytest.mark.parametrize(
    ("text_", "number", "blank"),
    [("1,234 件", 1234, False), ("　", 0, True), ("/", 0, True), ("１２", 12, False), ("-3", -3, False)],
)
def test_value_of(text_: str, number: int, blank: bool) -> None:
    assert value_of(Cell(0, 0, Span(0, 1), text_)) == Value(
        number, text_ if not blank else text_.strip(), Span(0, 1), blank
    )
    assert value_of(Cell(0, 0, Span(0, 1), "甲")) is None


def test_review_sums_cover_the_table() -> None:
    assert [start for _, start in REVIEW_SUMS] == [0, 5, 10]
    assert set(COUNTS) <= set(ORDER)


def without(*words: str, **texts: str) -> list[Part]:
    """A report without some rows of its tables."""
    made: list[Part] = []
    for item in parts(texts=texts):
        kept = (
            item
            if isinstance(item, str)
            else [row for row in item if not any(word in str(row) for word in words)]
        )
        made.append(kept)
    return made


def test_report_without_its_totals_has_rows_only() -> None:
    items = without("（七）总计", "结转下年度继续办理", third="", first="")
    report = report_of(read(FORMATS["html"](items)))
    assert report is not None
    assert {e.kind for e in equations(report)} == {"row"}
    [found] = findings(FORMATS["html"](items))
    assert "缺少“一、总体情况”“三、收到和处理政府信息公开申请情况”部分" in found.message
    unread = text(items).replace("\n规章\t0\t0\t0", "\n规章\t0\t0")
    unread = unread.replace("2.重复申请\t0\t0", "2.重复申请\t0").replace(
        "3.要求提供", "2.重复申请\t\t1\n\t\t1\t2\t3\t4\t5\t6\t7\n3.要求提供"
    )
    assert {f.rule for f in findings(Source("a.txt", unread, "text"))} == {"facts/report_sections"}


def test_numbers_of_other_years_are_not_compared() -> None:
    texts = {
        "requests": "（二）依申请公开情况。2022年收到政府信息公开申请9件。去年收到政府信息公开申请9件。上一年情况从略，按期答复申请人。"
    }
    assert findings(Source("a.html", sample(texts=texts))) == []


def test_a_numbered_sentence_is_no_heading() -> None:
    texts = {
        "open": "（一）主动公开。\n",
        "requests": "依申请公开及其他需要报告的情况见后文" + "与上年相比有所改进" * 8,
    }
    assert findings(Source("a.html", sample(texts=texts))) == []


def test_previous_year_compares_what_both_have() -> None:
    last = Source(
        "2022.html",
        html(
            without("上年结转", "结转下年度", "行政规范性文件", title="# 甲市2022年政府信息公开工作年度报告")
        ),
    )
    engine = Engine([one for one in rules.load() if one.family == "facts"], Settings(previous=last))
    assert engine.check(read(Source("a.html", sample()))).findings == []


def test_far_enumeration_is_not_summed() -> None:
    page = "共8件，其中" + "甲4件、乙5件、" * 60
    assert not [f for f in findings(Source("a.html", f"<p>{page}</p>")) if f.rule == "facts/listing_sum"]


# -- tables of any kind -------------------------------------------------------


def grid(rows: list[list[str]], *, ragged: bool = False, caption: str = "") -> Table:
    cells = [[Cell(y, x, Span(0, 0), word) for x, word in enumerate(row)] for y, row in enumerate(rows)]
    return Table(cells, Span(0, 0), caption, ragged)


def slips(rows: list[list[str]], **options: object) -> list[tuple[str, str]]:
    found = _totals.slips(grid(rows, **options))  # type: ignore[arg-type]
    return [(str(slip.printed), str(slip.expected)) for slip in found]


HEAD = ["项目", "甲类", "乙类", "丙类"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([HEAD, ["合计", "6", "9", "13"], ["a", "1", "2", "3"], ["b", "5", "7", "9"]], [("13", "12")]),
        ([HEAD, ["a", "1", "2", "3"], ["b", "5", "7", "9"], ["小计", "6", "9", "12"], ["c", "1", "1", "1"], ["d", "2", "2", "2"],
          ["小计", "3", "4", "3"], ["总计", "9", "12", "15"]], [("4", "3")]),
        ([HEAD, ["a", "1", "2", "3"], ["b", "5", "7", "9"], ["小计", "6", "9", "12"], ["c", "1", "1", "1"], ["d", "2", "2", "2"],
          ["小计", "3", "3", "3"], ["总计", "9", "12", "16"]], [("16", "15")]),
        ([HEAD, ["a", "1.24", "2", "3"], ["b", "1.24", "7", "9"], ["合计", "2.5", "9", "12"]], []),
        ([["项目", "产值（亿元）", "乙", "丙"], ["a", "1", "2", "3"], ["b", "5", "7", "9"], ["合计", "7", "9", "12"]], []),
        ([HEAD, ["a", "1", "若干", "3"], ["b", "5", "7", "9"], ["合计", "6", "9", "12"]], []),
        ([HEAD, ["其中：a", "1", "2", "3"], ["b", "5", "7", "9"], ["合计", "7", "9", "12"]], []),
        ([["2021", "2022"], ["1", "2"], ["合计", "9"]], []),
        ([["项目", "2021", "2022"], ["a", "1", "2"], ["b", "5", "7"], ["合计", "6", "10"]], [("10", "9")]),
        ([["序号", "单位", "户数"], ["1", "a", "10"], ["2", "b", "12"], ["", "合计", "23"]], [("23", "22")]),
        ([["序号", "单位", "户数"], ["1", "a", "10"], ["2", "b", "12"], ["", "合计", "99"]], []),
        ([["单位", "户数"], ["一、甲", "10"], ["（一）乙", "10"], ["合计", "12"]], []),
        ([["单位", "户数"], ["甲", "10"], ["乙", ""], ["丙", "5"], ["合计", "16"]], []),
        ([["单位", "户数"], ["甲", "10"], ["合计", "11"], ["乙", "5"]], []),
        ([["单位", "户数", "人数"], ["甲", "10", "11"], ["乙", "3", "4"], ["合计", "14", "16"]], []),
        ([["甲", "合计"], ["a", "b"], ["c", "d"]], []),
        ([["1", "合计"], ["2", "3"], ["2", "3"]], []),
        ([["合计"], ["a"], ["3"]], []),
        ([["合计", "3"], ["a", "3"]], []),
    ],
)  # fmt: skip
def test_total_rows(rows: list[list[str]], wrong: list[tuple[str, str]]) -> None:
    assert slips(rows) == wrong


def test_total_columns() -> None:
    head = ["单位", "合计", "甲", "乙", "占比"]
    rows = [["a", "3", "1", "2", "5%"], ["b", "9", "4", "5", "5%"], ["c", "8", "2", "6", "5%"]]
    assert slips([head, *rows, ["d", "8", "3", "4", "9%"]]) == [("8", "7")]
    assert slips([head, *rows[:2], ["d", "8", "3", "4", "9%"]]) == []
    assert slips([head, *rows, ["e", "", "3", "4", "9%"], ["f", "3", "", "3", "9%"]]) == []
    wide = [["单位", "甲组", "甲组", "甲组", "乙组"], ["", "男", "女", "小计", "人数"]]
    body = [
        ["a", "1", "2", "3", "9"],
        ["b", "4", "5", "9", "9"],
        ["c", "2", "6", "8", "9"],
        ["d", "1", "1", "3", "9"],
    ]
    assert slips([*wide, *body]) == [("3", "2")]


def test_tables_left_alone() -> None:
    rows = [HEAD, ["a", "1", "2", "3"], ["b", "5", "7", "9"], ["合计", "6", "9", "13"]]
    assert slips(rows, ragged=True) == [("13", "12")]
    assert slips([*rows, ["注"]], ragged=True) == []
    assert slips([[*row, *["1"] * 6000] for row in rows]) == []
    assert slips([[*row[:3], "甲"] for row in rows]) == []
    assert slips(rows, caption="单位：万元") == []
    assert slips([HEAD, ["a", "1", "2", "3"], ["b", "5", "7", "9"]]) == []


def test_merged_number_cells_are_not_added_twice() -> None:
    body = "<tr><td>a<td rowspan=2>5<td>1<tr><td>b<td>2<tr><td>合计<td>6<td>3"
    assert findings(Source("a.html", f"<table><tr><td>项目<td>甲<td>乙{body}</table>")) == []
    wide = "<tr><td>a<td colspan=2>5<tr><td>b<td>2<td>3<tr><td>c<td>1<td>1<tr><td colspan=2>合计<td>5"
    assert findings(Source("a.html", f"<table><tr><td>项目<td>甲<td>乙{wide}</table>")) == []


# -- dates and citations ------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("一二", 0)]
)
def test_chinese_number(words: str, number: int) -> None:
    assert chinese_number(words) == number


def test_dates_of_is_shared() -> None:
    document = read(Source("a.html", "<p>2023年5月1日、一九三五年十月、十月、2023-05-01、2023.5.1</p>"))
    found = dates_of(document)
    assert [(d.year, d.month, d.day, d.form) for d in found] == [
        (2023, 5, 1, "words"),
        (1935, 10, None, "chinese"),
        (2023, 5, 1, "iso"),
    ]
    assert dates_of(document) is found


@pytest.mark.parametrize(
    "title",
    [
        "国务院办公厅关于印发政府网站发展指引的通知",
        "政府网站发展指引",
        "关于印发《政府网站发展指引》的通知",
        "国务院办公厅关于印发〈政府网站发展指引〉的通知",
    ],
)
def test_core_of_a_title(title: str) -> None:
    assert core(title) == "政府网站发展指引"


def test_shipped_documents_agree_with_themselves() -> None:
    path = Path(rules.__file__).parent / "facts" / "document_number.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[2:]]
    assert len(rows) >= 120
    assert len({row[0] for row in rows}) == len(rows)
    assert all(row[2][:4] in row[0] or "令" in row[0] for row in rows)
    for number, title, _, _ in rows:
        assert (
            findings(
                Source("a.html", f"<p>《{title.replace('《', '〈').replace('》', '〉')}》（{number}）</p>")
            )
            == []
        )


def test_site_documents_extend_the_table() -> None:
    from qa.rule import Pack

    pack = Pack(documents=({"number": "国发〔2031〕7号", "title": "全国某某事业发展纲要"},))
    engine = Engine([one for one in rules.load() if one.id == "facts/document_number"], Settings(pack=pack))
    page = "<p>《全国某某事业发展纲要》（国发〔2031〕8号）和《全国某某事业发展纲要》（国发〔2031〕7号）</p>"
    for _ in range(2):
        [found] = engine.check(read(Source("a.html", page))).findings
        assert found.suggestion == "国发〔2031〕7号"


def test_large_input_stays_linear() -> None:
    page = (
        "<p>2023年5月1日（星期一），共8件，其中甲3件、乙5件。《政府网站发展指引》（国办发〔2017〕47号）：</p>"
        * 4000
    )
    document = read(Source("a.html", page))
    start = time.perf_counter()
    assert ENGINE.check(document).findings == []
    assert time.perf_counter() - start < 8
