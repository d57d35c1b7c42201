"""The annual disclosure report: its tables read from any format, its equations, its prose.

The tables have a fixed layout, but what arrives is an HTML table, a Markdown table or text in
which leading tabs are lost and merged cells have left empty ones.  So labels are matched by their
words and numbers are counted from the right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from weakref import WeakKeyDictionary

from qa.document import Block, Cell, Document
from qa.source import Source, Span

NEEDS = ("新收政府信息公开申请", "处理政府信息公开申请", "信息公开工作年度报告", "信息公开年度报告")
"""One of these stands in every annual report: the guard of all rules over it."""

COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
TOTAL = 6

ROWS: tuple[tuple[str, str, str], ...] = (
    ("new", "一、本年新收", r"新收"),
    ("carried", "二、上年结转", r"上年结转|上年度结转"),
    ("3.1", "（三）1.属于国家秘密", r"国家秘密"),
    ("3.2", "（三）2.其他法律行政法规禁止公开", r"禁止公开"),
    ("3.3", "（三）3.危及“三安全一稳定”", r"三安全一稳定"),
    ("3.4", "（三）4.保护第三方合法权益", r"第三方"),
    ("3.5", "（三）5.属于三类内部事务信息", r"内部事务"),
    ("3.6", "（三）6.属于四类过程性信息", r"过程性"),
    ("3.7", "（三）7.属于行政执法案卷", r"执法案卷"),
    ("3.8", "（三）8.属于行政查询事项", r"行政查询|查询事项"),
    ("4.1", "（四）1.本机关不掌握相关政府信息", r"不掌握"),
    ("4.2", "（四）2.没有现成信息需要另行制作", r"没有现成|另行制作"),
    ("4.3", "（四）3.补正后申请内容仍不明确", r"补正后|仍不明确"),
    ("5.1", "（五）1.信访举报投诉类申请", r"信访"),
    ("5.4", "（五）4.无正当理由大量反复申请", r"反复申请"),
    ("5.2", "（五）2.重复申请", r"重复申请"),
    ("5.3", "（五）3.要求提供公开出版物", r"出版物"),
    ("5.5", "（五）5.要求行政机关确认或重新出具已获取信息", r"重新出具"),
    ("6.1", "（六）1.申请人无正当理由逾期不补正", r"逾期不补正"),
    ("6.2", "（六）2.申请人逾期未按收费通知要求缴纳费用", r"缴纳费用|收费通知"),
    ("6.3", "（六）3.其他", r"(?:^|[^自])其他$"),
    ("6", "（六）其他处理", r"其他处理$"),
    ("1", "（一）予以公开", r"予以公开"),
    ("2", "（二）部分公开", r"部分公开"),
    ("sum", "（七）总计", r"总计"),
    ("next", "四、结转下年度继续办理", r"结转下|下年度继续"),
)
"""Key, name and words of each data row; the first whose words fit is the row's key."""

NAMES = {key: name for key, name, _ in ROWS}
GROUPS = (
    ("（一）", ("1",)),
    ("（二）", ("2",)),
    ("（三）", tuple(f"3.{i}" for i in range(1, 9))),
    ("（四）", tuple(f"4.{i}" for i in range(1, 4))),
    ("（五）", tuple(f"5.{i}" for i in range(1, 6))),
    ("（六）", tuple(f"6.{i}" for i in range(1, 4))),
)
PARTS = tuple(key for _, keys in GROUPS for key in keys)
"""The 21 rows that add up to row （七）."""

ORDER = ("new", "carried", *PARTS, "sum", "next")
"""The 25 data rows in the order of the form."""

REVIEW_SUMS = (("行政复议", 0), ("未经复议直接起诉", 5), ("复议后起诉", 10))
REVIEW_COLUMNS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")

SECTIONS = (
    ("一、总体情况", r"总体情况"),
    ("二、主动公开政府信息情况", r"二、主动公开|主动公开政府信息(?:的)?情况"),
    ("三、收到和处理政府信息公开申请情况", r"收到和处理"),
    ("四、政府信息公开行政复议、行政诉讼情况", r"复议.{0,6}诉讼.{0,4}情况"),
    ("五、存在的主要问题及改进情况", r"存在的?(?:主要)?问题|主要问题[及和与]改进"),
    ("六、其他需要报告的事项", r"其他需要报告"),
)
SUBSECTIONS = (
    ("主动公开", r"主动公开"),
    ("依申请公开", r"依申请"),
    ("政府信息管理", r"信息(?:的)?管理|信息资源"),
    ("平台建设", r"平台"),
    ("监督保障", r"监督保障|监督|保障"),
)

_TITLE = re.compile(r"(20\d\d)\s*年?(?:度)?(?:政府)?信息公开(?:工作)?(?:年度)?(?:情况)?(?:的)?(?:年度)?报告")
_TITLE_LATE = re.compile(
    r"政府信息公开(?:工作)?(20\d\d)\s*年(?:度)?报告|政府信息公开(?:工作)?年度报告\s*[（(](20\d\d)"
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UNITS = "件条份个宗项次"
_DASHES = frozenset({"/", "\\", "-", "--", "—", "——", "–", "―", "无"})
_HEAD = 40


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a cell: ``blank`` for nothing or a stroke, which counts as nought."""

    number: int | Decimal
    text: str
    span: Span
    blank: bool = False


@dataclass(eq=False)
class Report:
    """One annual report.

    Attributes:
        year: the year reported on.
        title: the block of the report's title.
        requests: row key to the seven values of table 三.
        reviews: the fifteen values of table 四.
        made: 规章 and 行政规范性文件 to made, repealed and in force of table 二.
        body: where the prose of 总体情况 stands.
        sections: the block that opens each of the six sections.
        unread: rows of table 三 whose numbers could not be told apart.
    """

    year: int | None = None
    title: Block | None = None
    title_text: str = ""
    """The title without blanks, at most 80 characters of it."""
    requests: dict[str, list[Value]] = field(default_factory=dict)
    reviews: list[Value] = field(default_factory=list)
    made: dict[str, list[Value]] = field(default_factory=dict)
    sections: dict[int, Block] = field(default_factory=dict)
    prose: list[Block] = field(default_factory=list)
    fees: list[Value] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    old: Span | None = None

    @property
    def complete(self) -> bool:
        """All 25 rows were read."""
        return all(key in self.requests for key in ORDER)


@dataclass(frozen=True, slots=True)
class Equation:
    """Signed cells that must add up to nought; ``at`` is the cell it is reported at."""

    kind: str
    key: str
    cells: tuple[tuple[tuple[str, int], int], ...]
    at: tuple[str, int]


def squeeze(text: str) -> str:
    """Half width, without blanks: what labels are compared by."""
    return re.sub(r"[\s\u3000\xa0]+", "", unicodedata.normalize("NFKC", text))


def value_of(cell: Cell) -> Value | None:
    """The number, blank or stroke of a cell; ``None`` for words."""
    text = squeeze(cell.text)
    if not text:
        return Value(0, "", cell.span, blank=True)
    if text in _DASHES:
        return Value(0, text, cell.span, blank=True)
    body = text.rstrip(_UNITS).replace(",", "")
    if not _NUMBER.fullmatch(body):
        return None
    number = Decimal(body)
    return Value(int(number) if number == int(number) else number, cell.text, cell.span)


def _values(cells: list[Cell], ragged: bool, count: int) -> tuple[str, list[Value] | None]:
    """Label of a row and its last ``count`` values; no values where it has no numbers at all."""
    read = [value_of(cell) for cell in cells]
    last = max((i for i, value in enumerate(read) if value is None), default=-1)
    label = "".join(squeeze(cells[i].text) for i in range(last + 1) if read[i] is None)
    tail = [value for value in read[last + 1 :] if value is not None]
    marked = [value for value in tail if value.text]
    if len(marked) >= count:
        return label, marked[-count:]
    if not any(not value.blank for value in marked):
        return label, None
    if ragged:
        while tail and not tail[-1].text:
            tail.pop()
        while tail and not tail[0].text:
            tail.pop(0)
        return label, tail if len(tail) == count else []
    return label, tail[-count:] if len(tail) >= count else []


def _row_key(label: str) -> str | None:
    return next((key for key, _, words in ROWS if re.search(words, label)), None)


def _read_tables(document: Document, report: Report) -> None:
    for table in document.tables:
        reviewed, ragged = False, table.ragged
        for cells in table.rows:
            label, values = _values(cells, ragged, 7)
            reviewed = reviewed or "复议" in label
            if label.startswith("政府集中采购") and report.old is None:
                report.old = cells[0].span
            if values is None:
                continue
            if not label:
                if reviewed and not report.reviews:
                    report.reviews = _values(cells, ragged, 15)[1] or []
                continue
            if label in ("规章", "规范性文件", "行政规范性文件"):
                made = _values(cells, ragged, 3)[1]
                if made:
                    report.made.setdefault("规章" if label == "规章" else "行政规范性文件", made)
                continue
            key = _row_key(label)
            if key is None or key in report.requests:
                continue
            if values:
                report.requests[key] = values
            elif key not in report.unread:
                report.unread.append(key)
    if len(report.requests) < 8:
        report.requests.clear()
        report.unread.clear()


def _read_blocks(document: Document, report: Report) -> None:
    held = sorted(table.span for table in document.tables if max(map(len, table.rows)) > 2)
    at = 0
    for block in document.paragraphs():
        while at < len(held) and held[at].end <= block.start:
            at += 1
        if at < len(held) and held[at].start <= block.start:
            continue
        head = document.text[block.start : min(block.end, block.start + 2 * _HEAD)]
        if report.title is None and "信息公开" in head:
            found = _TITLE.search(head) or _TITLE_LATE.search(head)
            if found:
                report.title, report.title_text = block, squeeze(document.slice(block)[:80])
                report.year = int(next(group for group in found.groups() if group))
        start = squeeze(head)[:_HEAD]
        for number, (name, words) in enumerate(SECTIONS):
            if number not in report.sections and re.search(words, start):
                numbered = start.startswith(name[:2])
                if numbered or len(squeeze(document.slice(block))) <= _HEAD:
                    report.sections[number] = block
        report.prose.append(block)


def _parse(document: Document) -> Report | None:
    report = Report()
    _read_blocks(document, report)
    if "申请" in document.text:
        _read_tables(document, report)
    known = bool(report.requests) or (report.title is not None and len(report.sections) >= 3)
    return report if known else None


_reports: WeakKeyDictionary[Document, Report | None] = WeakKeyDictionary()
_previous: WeakKeyDictionary[Source, Report | None] = WeakKeyDictionary()


def report_of(document: Document) -> Report | None:
    """The annual report a document is, or ``None``; read once, shared by all rules."""
    if document not in _reports:
        _reports[document] = _parse(document)
    return _reports[document]


def report_in(source: Source) -> Report | None:
    """The annual report in a source of its own: last year's."""
    if source not in _previous:
        from qa.readers import read

        _previous[source] = _parse(read(source))
    return _previous[source]


# -- equations --------------------------------------------------------------


def equations(report: Report) -> list[Equation]:
    """Every equation of table 三 whose cells were read: 25 rows, 7 columns, 7 balances."""
    rows = report.requests
    found = []
    for key in (*ORDER, "6"):
        if key in rows:
            cells = (*(((key, c), 1) for c in range(TOTAL)), ((key, TOTAL), -1))
            found.append(Equation("row", NAMES[key], cells, (key, TOTAL)))
    parts = PARTS if "6.1" in rows else (*PARTS[:-3], "6")
    if "sum" in rows and all(key in rows for key in parts):
        for c, name in enumerate(COLUMNS):
            cells = (*(((key, c), 1) for key in parts), (("sum", c), -1))
            found.append(Equation("column", name, cells, ("sum", c)))
    if all(key in rows for key in ("new", "carried", "sum", "next")):
        for c, name in enumerate(COLUMNS):
            cells = ((("new", c), 1), (("carried", c), 1), (("sum", c), -1), (("next", c), -1))
            found.append(Equation("balance", name, cells, ("next", c)))
    return found


def residual(report: Report, equation: Equation) -> int | Decimal:
    """What an equation is off by; nought where it holds."""
    rows = report.requests
    return sum((sign * rows[key][c].number for (key, c), sign in equation.cells), start=0)


def broken(report: Report, kind: str) -> Iterator[tuple[Equation, int | Decimal]]:
    """The equations of a kind that do not hold, with what they are off by."""
    for equation in equations(report):
        if equation.kind == kind:
            off = residual(report, equation)
            if off:
                yield equation, off


# -- prose ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in prose and what the tables say it may be."""

    kind: str
    number: int
    span: Span
    allowed: tuple[int | Decimal, ...]
    said: str


_N = r"\s*(?P<n>\d[\d,]*)\s*(?:件|条|宗|份|个|例|起)"
_GAP = r"[^，。；：！？\n（）()\d]"
_PROSE = (
    ("received", rf"(?:新收|收到|接收|受理){_GAP}{{0,30}}?申请{_GAP}{{0,10}}?{_N}"),
    ("received", rf"(?:新收|收到|接收|受理){_GAP}{{0,12}}?{_N}{_GAP}{{0,12}}?申请"),
    ("done", rf"(?:办结|办理完毕|答复){_GAP}{{0,16}}?{_N}"),
    ("next", rf"结转(?:至|到)?(?:下一?年度?|次年|明年){_GAP}{{0,14}}?{_N}"),
    ("carried", rf"上一?年度?结转{_GAP}{{0,14}}?{_N}"),
    ("review", rf"行政复议{_GAP}{{0,14}}?{_N}"),
    ("lawsuit", rf"行政诉讼{_GAP}{{0,14}}?{_N}"),
)
_OTHER_SCOPE = re.compile(r"其中|本级|同比|较上|比上|去年|上年(?!度?结转)|累计|月|季度|超期|逾期|补正")


def _allowed(report: Report, kind: str) -> tuple[tuple[int | Decimal, ...], str]:
    rows, reviews = report.requests, report.reviews
    if kind == "received" and "new" in rows and "carried" in rows:
        new, carried = rows["new"][TOTAL].number, rows["carried"][TOTAL].number
        return (new, new + carried), f"表三新收 {new} 件、上年结转 {carried} 件"
    key, name = {
        "done": ("sum", "表三本年度办理结果总计"),
        "next": ("next", "表三结转下年度继续办理"),
        "carried": ("carried", "表三上年结转"),
    }.get(kind, ("", ""))
    if key in rows:
        number = rows[key][TOTAL].number
        return (number,), f"{name} {number} 件"
    if reviews and kind == "review":
        return (reviews[4].number,), f"表四行政复议总计 {reviews[4].number} 件"
    if reviews and kind == "lawsuit":
        direct, after = reviews[9].number, reviews[14].number
        return (direct + after, direct, after), f"表四行政诉讼 {direct}+{after} 件"
    return (), ""


def mentions(document: Document, report: Report) -> list[Mention]:
    """Numbers of requests and cases in the prose, each with what the tables allow."""
    found: list[Mention] = []
    taken: set[Span] = set()
    for block in report.prose:
        text = document.slice(block)
        if "申请" not in text and "复议" not in text and "诉讼" not in text:
            continue
        for kind, pattern in _PROSE:
            for match in re.finditer(pattern, text):
                span = Span(block.start + match.start("n"), block.start + match.end("n"))
                clause = max(text.rfind(mark, 0, match.start()) for mark in "。；\n")
                said = text[clause + 1 : match.end()]
                if span in taken or _OTHER_SCOPE.search(said) or "公开" not in text:
                    continue
                if report.year and any(int(y) != report.year for y in re.findall(r"20\d\d(?=\s*年)", said)):
                    continue
                allowed, words = _allowed(report, kind)
                if allowed:
                    taken.add(span)
                    number = int(match["n"].replace(",", ""))
                    found.append(Mention(kind, number, span, allowed, words))
    return found


def plus(numbers: Iterable[int | Decimal]) -> str:
    """``1+2+3``."""
    return "+".join(str(number) for number in numbers)


def group_sums(report: Report, column: int) -> list[int | Decimal]:
    """Sums of （一） to （六） in a column."""
    rows = report.requests
    sums: list[int | Decimal] = []
    for name, keys in GROUPS:
        used: Sequence[str] = keys if name != "（六）" or "6.1" in rows else ("6",)
        sums.append(sum((rows[key][column].number for key in used), start=0))
    return sums
