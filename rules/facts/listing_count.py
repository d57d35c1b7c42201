"""A count before a colon against the items listed after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import ARITHMETIC

_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_HEAD = re.compile(
    r"(?:^|[^第\d一二两三四五六七八九十百千万几数、和及与］〕\]])(?P<said>(?P<n>[二两三四五六七八九十]|\d\d?)(?P<u>[大个项])"
    r"[^，。；：:、“”（）()\n\d是指]{1,6})$"
)
_LIST = re.compile(r"[^。；：:\n！？]{4,200}(?=[。\n]|$)")
_COLON = re.compile("[：:]")
_REACH = 10
_UNSURE = re.compile(
    r"[等（(《，,\d指是为即]|包括|其中|以及其他|[一二三四五六七八九十][、大个项类要]|[^、“”]{13}"
)
_QUOTED = re.compile(r"“[^“”]{1,30}”")


@rule(
    title="列举的项数与所说的数目不符",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=ARITHMETIC["计数"],
    confidence=Confidence.LOW,
    needs=("：", ":"),
    bad=(
        Bad("<p>打造⟦四大平台⟧：“甲平台”“乙平台”“丙平台”。</p>"),
        Bad("<p>抓好⟦三项工作⟧：农业、林业、水利、气象。</p>"),
    ),
    good=(
        "<p>抓好三项工作：农业、林业和水利。推进四大工程：甲、乙、丙和丁。</p>",
        "<p>有两个特点：一是快，二是好。三大平台：“甲”“乙”和“丙”平台。分为三类：甲（含乙、丙）、丁、戊等。</p>",
        "<p>三个阶段：2020年、2021年，另有说明。第三项：甲、乙。两个地方：城市和乡村。</p>",
        "<p>八大场景和十大工程：甲、乙、丙。两大板块：“东部”新城“西部”新城。</p>",
    ),
)
def listing_count(document: Document) -> Iterator[Hit]:
    """“四大平台”后面只列三个，不是漏了一个，就是数目写错。

    只看冒号之后整句都用顿号或引号并列的情形；“等”“包括”之类列举不尽的不看，“和”“及”可能在一项之内，从宽计数。
    """
    text = document.text
    for colon in _COLON.finditer(text):
        at = colon.start()
        low = max(0, at - _REACH)
        near = text[low:at]
        if "大" not in near and "个" not in near and "项" not in near:
            continue
        head = _HEAD.search(near)
        items = _LIST.match(text, at + 1) if head else None
        counts = _counts(items.group()) if items else None
        if head is None or counts is None:
            continue
        wanted = int(head["n"]) if head["n"].isdigit() else _CHINESE[head["n"]]
        if wanted >= 2 and not counts[0] <= wanted <= counts[1]:
            found = str(counts[0]) if counts[0] == counts[1] else f"{counts[0]}至{counts[1]}"
            said = head["n"] + head["u"]
            span = Span(low + head.start("said"), at)
            yield Hit(span, f"前面说“{said}”，后面列举的是{found}项，请核对是否漏列或数目有误")


def _counts(items: str) -> tuple[int, int] | None:
    """Fewest and most items a list may be read as; ``None`` where it cannot be told."""
    if _UNSURE.search(items):
        return None
    quoted = _QUOTED.findall(items)
    rest = _QUOTED.sub("", items).strip("、和及与 ")
    if quoted and not rest.replace("、", "").replace("和", ""):
        return len(quoted), len(quoted)
    if quoted or "、" not in items:
        return None
    marks = items.count("、")
    joined = len(re.findall(r"[和及与或]|以及", items))
    return marks + 1, marks + 1 + joined
