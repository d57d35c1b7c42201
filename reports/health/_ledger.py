"""The ledger (台账): an XLSX workbook people work in, written row by row.

Text is written as text: nothing that begins like a formula becomes one, and characters Excel
cannot hold are named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.finding import Level
from reports._common import visible
from reports.health import _links
from reports.health._data import LEVEL_LABELS, PASS_LABELS, STATES, Facts, column_type
from reports.health._score import CHECKS, VETO_STATES, Score, remark

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LEDGER = (
    ("序号", 6), ("单位", 16), ("栏目", 14), ("标题", 32), ("网址", 38), ("错误", 34), ("建议", 24), ("依据", 24),
    ("级别", 9), ("上下文", 44), ("快照", 26), ("发现时间", 16), ("状态", 10),
    ("页面数", 8), ("环节", 10), ("规则", 24), ("指纹", 34),
)  # fmt: skip
"""Columns of the ledger with their widths in characters."""
CHOICES = ("新增", "仍存在", "整改中", "已整改", "暂不整改", "误报", "已忽略")
"""What 状态 may be set to."""
ROWS = 1_048_576
"""Rows of a sheet of Excel, the head included."""
CELL = 32_767
"""Characters a cell holds (UTF-16 units)."""
LINKED = 5_000
"""Rows of the ledger whose address can be clicked; Excel takes no more than 65,530 links a sheet."""
_URL_LENGTH = 2_000
_CUT = "……（过长，已截断）"
_CARRIERS = 50
_Row = tuple[str | int | float | None, ...]
_FILLS = {Level.VETO: "#F0BFC4", Level.ERROR: "#FBDAD6", Level.WARNING: "#FCEDBD", Level.NOTE: "#DDE9F4"}


def cell(text: str) -> str:
    """Text as a cell can hold it: nothing invisible, not too long, and never taken for markup."""
    if text.startswith("<r>"):  # XlsxWriter takes <r>…</r> for rich text of its own and writes it raw
        text = " " + text.strip()
    # visible() may make text longer, so the cut comes after it.
    seen = (
        "\n".join(visible(line) for line in text[: CELL + 1].split("\n")) if "\n" in text else visible(text)
    )
    if len(seen) * 2 <= CELL:
        return seen
    if len(seen.encode("utf-16-le")) // 2 <= CELL:
        return seen
    room = CELL - len(_CUT)
    return seen.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + _CUT


@cache
def _quick_sheet() -> type[Worksheet]:
    """A worksheet that writes plain text cells in one step; all else is left to the library.

    Text is four fifths of the cells, and a nightly ledger of thousands of rows takes half the time.
    """
    from xlsxwriter.worksheet import Worksheet

    class Quick(Worksheet):  # type: ignore[misc]  # the library has no types
        def _write_cell(self, row: int, col: int, cell: Any) -> None:
            number = getattr(cell, "number", None)
            if type(number) is int and cell.format:
                self.fh.write(
                    f'<c r="{_column(col)}{row + 1}" s="{cell.format._get_xf_index()}"><v>{number}</v></c>'
                )
                return
            text = getattr(cell, "string", None)
            if (
                not isinstance(text, str)
                or not cell.format
                or not text.isprintable()
                or "_x" in text
                or text[:1] in ("", " ", "<")
                or text[-1] == " "
            ):
                super()._write_cell(row, col, cell)
                return
            if "&" in text or "<" in text or ">" in text:
                text = escape(text, quote=False)
            self.fh.write(
                f'<c r="{_column(col)}{row + 1}" s="{cell.format._get_xf_index()}" t="inlineStr">'
                f"<is><t>{text}</t></is></c>"
            )

    return Quick


@cache
def _column(col: int) -> str:
    return chr(ord("A") + col)


class _Book:
    """A workbook and the formats its sheets share."""

    def __init__(self, book: Workbook, facts: Facts, sheet: Score) -> None:
        self.book = book
        self.facts = facts
        self.sheet = sheet
        base = {
            "font_name": "微软雅黑",
            "font_size": 10,
            "valign": "top",
            "border": 1,
            "border_color": "#D5DAE1",
        }
        self.head_format = book.add_format(
            base | {"bold": True, "bg_color": "#1D4F7C", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
        )  # fmt: skip
        self.plain = book.add_format(base)
        self.wrapped = book.add_format(base | {"text_wrap": True})
        self.link = book.add_format(base | {"font_color": "#1D4F7C", "underline": 1})
        self.levels = {
            int(level): book.add_format(base | {"bg_color": fill, "align": "center"})
            for level, fill in _FILLS.items()
        }
        self.remark_format = book.add_format({"font_name": "微软雅黑", "font_size": 10, "italic": True})

    def open(self, name: str, head: Sequence[tuple[str, int]], *, landscape: bool = True) -> Worksheet:
        """A sheet with its head frozen, repeated on paper."""
        page: Worksheet = self.book.add_worksheet(name, _quick_sheet())
        for at, (_, width) in enumerate(head):
            page.set_column(at, at, width)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        page.set_paper(9)
        if landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        for at, (title, _) in enumerate(head):
            page.write_string(0, at, title, self.head_format)
        return page

    def fill(self, name: str, head: Sequence[tuple[str, int]], rows: Iterator[_Row]) -> None:
        """A whole sheet of plain rows, with filters; rows Excel has no room for are told of."""
        page = self.open(name, head)
        number = 0
        plain = self.wrapped
        for row in rows:
            number += 1
            if number > ROWS - 2:
                continue
            for at, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, at, cell(value), plain)
                elif value is not None:
                    page.write_number(number, at, value, plain)
        if number > ROWS - 2:
            page.write_string(
                ROWS - 1,
                0,
                f"另有 {number - ROWS + 2} 行超出工作表容量，见 findings.json",
                self.remark_format,
            )
        page.autofilter(0, 0, min(max(number, 1), ROWS - 2), len(head) - 1)

    # --- Sheets

    def ledger(self) -> None:
        """台账: one row an issue."""
        facts = self.facts
        unit = visible(facts.run.config.unit)
        page = self.open("台账", LEDGER)
        number = 0
        wrapped, plain = self.wrapped, self.plain
        for one in facts.issues():
            number += 1
            if number > ROWS - 2:
                continue
            context = f"{one.before[-CELL // 3 :]}【{one.quote}】{one.after[: CELL // 3]}"
            if not (one.before or one.quote or one.after):
                context = ""
            page.write_number(number, 0, one.id, plain)
            for at, text in (
                (1, unit),
                (2, one.section),
                (3, one.page_title),
            ):
                page.write_string(number, at, cell(text), wrapped)
            if (
                number <= LINKED
                and len(one.url) <= _URL_LENGTH
                and one.url.startswith(("http://", "https://"))
            ):
                page.write_url(number, 4, one.url, self.link, cell(one.url))
            else:
                page.write_string(number, 4, cell(one.url), plain)
            for at, text in ((5, one.error), (6, one.suggestion), (7, one.basis)):
                page.write_string(number, at, cell(text), wrapped)
            page.write_string(number, 8, LEVEL_LABELS[one.level], self.levels[one.level])
            page.write_string(number, 9, cell(context), wrapped)
            page.write_string(number, 10, cell(one.snapshot), plain)
            page.write_string(number, 11, facts.local(one.first_seen), plain)
            page.write_string(number, 12, STATES[one.state] if one.suppressed is None else "已忽略", plain)
            page.write_number(number, 13, one.pages, plain)
            page.write_string(number, 14, PASS_LABELS[one.pass_], plain)
            page.write_string(number, 15, cell(one.rule), plain)
            page.write_string(number, 16, one.fingerprint, plain)
        if number > ROWS - 2:
            page.write_string(
                ROWS - 1, 0, f"另有 {number - ROWS + 2} 条超出工作表容量，见 findings.csv", self.remark_format
            )
        last = min(max(number, 1), ROWS - 2)
        page.autofilter(0, 0, last, len(LEDGER) - 1)
        page.data_validation(
            1, 12, last, 12,
            {"validate": "list", "source": list(CHOICES), "error_title": "状态", "error_message": "请从下拉列表中选择"},
        )  # fmt: skip

    def pages(self) -> Iterator[_Row]:
        """页面: pages of issues that more than one page carries."""
        yield from self.facts.db.execute(
            "SELECT i.id, u.url, nullif(o.line, 0) FROM issue i CROSS JOIN issue_page o"
            " ON o.run_id = i.run_id AND o.issue_id = i.id CROSS JOIN url u ON u.id = o.url_id"
            " CROSS JOIN temp.health_rank r ON r.url_id = o.url_id"
            " WHERE i.run_id = ? AND i.pages > 1 ORDER BY i.id, r.rank",
            (self.facts.run.run,),
        )

    def dead(self) -> Iterator[_Row]:
        """断链: links that cannot be opened or judged, with the pages that carry them."""
        for one in _links.targets(self.facts, suspects=True):
            if one.state in {_links.MOVED, _links.ALIVE}:
                continue
            parents = list(_links.carriers(self.facts, one.id, limit=_CARRIERS))
            if one.pages > _CARRIERS:
                parents.append(f"……共 {one.pages} 个网页，见 findings.json")
            status = one.status or "无回应"
            yield (
                one.resource, one.text, one.url, "\n".join(parents), one.pages, status, one.cause, one.scope,
                _links.STATES[one.state],
            )  # fmt: skip

    def columns(self) -> Iterator[_Row]:
        """栏目更新: columns, longest without an update first."""
        today = self.facts.today
        for one in self.facts.columns:
            days = one.idle(today)
            yield (
                one.name,
                one.url,
                column_type(one),
                one.newest or "未找到日期",
                "无法判断" if days is None else days,
                one.days or "未设定",
                "超期" if one.stale(today) else "",
            )

    def score(self) -> Iterator[_Row]:
        """扣分: the sheet in the national form, grounds of veto first."""
        sheet = self.sheet
        for veto in sheet.vetoes:
            words = f"{veto.count} 处" if veto.count else VETO_STATES[veto.state]
            yield (
                "单项否决",
                veto.name,
                "出现即单项否决",
                words,
                "",
                "",
                VETO_STATES[veto.state],
                CHECKS[veto.check],
                veto.why,
            )
        for line in sheet.lines:
            taken = line.taken if line.check != "no" or line.taken else "未计"
            yield (
                line.group, line.item, line.rule, line.statistics, line.points, line.cap, taken,
                CHECKS[line.check], line.why,
            )  # fmt: skip
        yield ("机器可查部分扣分", "", "", remark(sheet), "", sheet.reach, sheet.taken, "", "")

    def gone(self) -> Iterator[_Row]:
        """已整改."""
        unit = self.facts.run.config.unit
        for number, one in enumerate(self.facts.gone(), 1):
            yield (
                number, unit, one.page_title, one.url, one.title, one.quote, LEVEL_LABELS[one.level],
                self.facts.local(one.first_seen), one.rule, one.fingerprint,
            )  # fmt: skip

    def gaps(self) -> Iterator[_Row]:
        """未检查."""
        for number, one in enumerate(self.facts.gaps(), 1):
            scope = PASS_LABELS.get(one.pass_, "全部审次")
            yield (number, one.url or "（整次检查）", one.reason, scope, one.rule)


def write(facts: Facts, sheet: Score, path: Path) -> None:
    """Write the workbook. The same run gives the same bytes."""
    from xlsxwriter import Workbook

    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".ledger-") as scratch:
        options: dict[str, Any] = {
            "constant_memory": True,
            "tmpdir": scratch,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        with Workbook(str(path), options) as book:
            book.use_zip64()
            book.set_properties(
                {
                    "title": f"{facts.run.config.name or facts.home_url} 体检台账",
                    "author": "审校 shenjiao",
                    "created": _created(facts),
                }
            )
            one = _Book(book, facts, sheet)
            one.ledger()
            one.fill("页面", (("台账序号", 10), ("网址", 90), ("行", 8)), one.pages())
            one.fill(
                "断链",
                (
                    ("资源类型", 12), ("链接标题", 24), ("不可用链接", 48), ("上一级地址", 60), ("页面数", 8),
                    ("返回码", 9), ("原因", 24), ("链接范围", 9), ("判定", 11),
                ),
                one.dead(),
            )  # fmt: skip
            one.fill(
                "栏目更新",
                (
                    ("栏目名称", 20), ("栏目地址", 48), ("类别", 20), ("最后更新时间", 14), ("未更新天数", 12),
                    ("规定天数", 10), ("是否超期", 10),
                ),
                one.columns(),
            )  # fmt: skip
            one.fill(
                "扣分",
                (
                    ("一级指标", 12), ("指标", 14), ("评分细则", 48), ("问题统计", 36), ("单项扣分", 9),
                    ("上限", 7), ("扣分", 10), ("检查方式", 13), ("说明", 40),
                ),
                one.score(),
            )  # fmt: skip
            one.fill(
                "已整改",
                (
                    ("序号", 6), ("单位", 16), ("标题", 32), ("网址", 48), ("错误", 28), ("原文", 28),
                    ("级别", 9), ("发现时间", 16), ("规则", 24), ("指纹", 34),
                ),
                one.gone(),
            )  # fmt: skip
            one.fill(
                "未检查",
                (("序号", 6), ("网址", 56), ("原因", 44), ("涉及审次", 12), ("规则", 24)),
                one.gaps(),
            )


def _created(facts: Facts) -> datetime:
    for text in (facts.run.time, facts.started):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    return datetime(2000, 1, 1)  # noqa: DTZ001 - no time is known, and bytes must not depend on the clock
