"""A small correct annual report to plant faults in: for the examples of the rules and their tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.facts._report import ORDER

Part = str | list[list[tuple[str, int, int]]]
"""A heading (with ``#`` in front), a paragraph, or a table of ``(text, rowspan, colspan)``."""

COUNTS: Mapping[str, tuple[int, ...]] = {
    "new": (40, 6, 1, 1, 2, 0, 50),
    "carried": (2, 0, 0, 0, 0, 0, 2),
    "1": (20, 3, 0, 1, 1, 0, 25),
    "2": (5, 1, 0, 0, 0, 0, 6),
    "3.1": (1, 0, 0, 0, 0, 0, 1),
    "3.4": (2, 0, 0, 0, 0, 0, 2),
    "4.1": (8, 1, 1, 0, 1, 0, 11),
    "5.1": (2, 0, 0, 0, 0, 0, 2),
    "6.1": (1, 0, 0, 0, 0, 0, 1),
    "6.3": (1, 0, 0, 0, 0, 0, 1),
    "sum": (40, 5, 1, 1, 2, 0, 49),
    "next": (2, 1, 0, 0, 0, 0, 3),
}
REVIEWS = (1, 0, 2, 1, 4, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1)
TEXTS: Mapping[str, str] = {
    "title": "# 甲市人民政府2023年政府信息公开工作年度报告",
    "first": "# 一、总体情况",
    "open": "（一）主动公开情况。及时公开各类政府信息。",
    "requests": "（二）依申请公开情况。2023年，共收到政府信息公开申请50件，办结49件，结转下年度办理3件。",
    "management": "（三）政府信息管理情况。完善制度，动态调整。",
    "platform": "（四）平台建设情况。优化栏目设置。",
    "supervision": "（五）监督保障情况。将政务公开纳入工作考核，开展社会评议，全年无责任追究情况。",
    "second": "# 二、主动公开政府信息情况",
    "third": "# 三、收到和处理政府信息公开申请情况",
    "fourth": "# 四、政府信息公开行政复议、行政诉讼情况",
    "fifth": "# 五、存在的主要问题及改进情况",
    "problems": "解读形式还不够丰富，下一步将予以改进。",
    "sixth": "# 六、其他需要报告的事项",
    "fees": "本年度未收取信息处理费。",
}
_GROUP_NAMES = ("（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")  # fmt: skip
_ITEMS = {
    "3.1": "1.属于国家秘密", "3.2": "2.其他法律行政法规禁止公开", "3.3": "3.危及“三安全一稳定”",
    "3.4": "4.保护第三方合法权益", "3.5": "5.属于三类内部事务信息", "3.6": "6.属于四类过程性信息",
    "3.7": "7.属于行政执法案卷", "3.8": "8.属于行政查询事项", "4.1": "1.本机关不掌握相关政府信息",
    "4.2": "2.没有现成信息需要另行制作", "4.3": "3.补正后申请内容仍不明确", "5.1": "1.信访举报投诉类申请",
    "5.2": "2.重复申请", "5.3": "3.要求提供公开出版物", "5.4": "4.无正当理由大量反复申请",
    "5.5": "5.要求行政机关确认或重新出具已获取信息", "6.1": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "6.2": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "6.3": "3.其他",
}  # fmt: skip
_SIZES = {"3.1": 8, "4.1": 3, "5.1": 5, "6.1": 3}
_COLUMNS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def _requests(cells: Mapping[tuple[str, int], str], counts: Mapping[str, Sequence[int]]) -> Part:
    rows = [
        [
            ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            ("申请人情况", 1, 7),
        ],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(name, 1, 1) for name in _COLUMNS],
    ]
    for key in ORDER:
        group = _GROUP_NAMES[int(key[0]) - 1] if key[0].isdigit() else ""
        row: list[tuple[str, int, int]] = []
        if key == "1":
            row.append(("三、本年度办理结果", 22, 1))
        if key in ("1", "2"):
            row.append((group, 1, 2))
        elif group:
            if key in _SIZES:
                row.append((group, _SIZES[key], 1))
            row.append((_ITEMS[key], 1, 1))
        elif key == "sum":
            row.append(("（七）总计", 1, 2))
        else:
            name = {
                "new": "一、本年新收政府信息公开申请数量",
                "carried": "二、上年结转政府信息公开申请数量",
                "next": "四、结转下年度继续办理",
            }[key]
            row.append((name, 1, 3))
        numbers = counts.get(key, (0,) * 7)
        row += [(cells.get((key, c), str(number)), 1, 1) for c, number in enumerate(numbers)]
        rows.append(row)
    return rows


def _made(cells: Mapping[tuple[str, int], str]) -> Part:
    rows = [
        [("第二十条第（一）项", 1, 4)],
        [(t, 1, 1) for t in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
    ]
    for label, numbers in (("规章", (0, 0, 0)), ("行政规范性文件", (6, 2, 30))):
        rows.append([(label, 1, 1), *((cells.get((label, c), str(n)), 1, 1) for c, n in enumerate(numbers))])
    rows += [
        [("第二十条第（八）项", 1, 4)],
        [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
        [("行政事业性收费", 1, 1), ("694.8841", 1, 3)],
    ]
    return rows


def _reviews(cells: Mapping[int, str]) -> Part:
    heads = [(t, 1, 1) for t in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    return [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((t, 2, 1) for t, _, _ in heads), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        heads + heads,
        [(cells.get(i, str(n)), 1, 1) for i, n in enumerate(REVIEWS)],
    ]


def parts(
    cells: Mapping[tuple[str, int], str] | None = None,
    *,
    reviews: Mapping[int, str] | None = None,
    made: Mapping[tuple[str, int], str] | None = None,
    texts: Mapping[str, str] | None = None,
    counts: Mapping[str, Sequence[int]] = COUNTS,
) -> list[Part]:
    """The report's parts in order; an empty text drops its part."""
    words = {**TEXTS, **(texts or {})}
    found: list[Part] = []
    for key, text in words.items():
        if text:
            found.append(text)
        if key == "second":
            found.append(_made(made or {}))
        elif key == "third":
            found.append(_requests(cells or {}, counts))
        elif key == "fourth":
            found.append(_reviews(reviews or {}))
    return found


def html(items: list[Part]) -> str:
    """The parts as HTML with real spans."""
    lines = []
    for item in items:
        if isinstance(item, str):
            tag = "h2" if item.startswith("#") else "p"
            lines.append(f"<{tag}>{item.removeprefix('# ')}</{tag}>")
            continue
        lines.append("<table>")
        for row in item:
            cells = (
                f"<td{f' rowspan={r}' if r > 1 else ''}{f' colspan={c}' if c > 1 else ''}>{text}</td>"
                for text, r, c in row
            )
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
    return "\n".join(lines)


def sample(
    cells: Mapping[tuple[str, int], str] | None = None,
    *,
    reviews: Mapping[int, str] | None = None,
    made: Mapping[tuple[str, int], str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> str:
    """An HTML report with changes; see :func:`parts`."""
    return html(parts(cells, reviews=reviews, made=made, texts=texts))
