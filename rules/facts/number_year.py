"""The year in a document's number against the year it was signed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Block, Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.facts._dates import dates_of

_NUMBER = re.compile(
    r"[\u4e00-\u9fff（）]{2,16}[〔\[（(［](?P<y>(?:19|20)\d\d)[〕\]）)］]\s*(?:第)?\d{1,5}\s*号"
)
_AGENCY = re.compile(
    r"[\u4e00-\u9fff、（）()\s]{2,40}(?:政府|办公室|办公厅|局|委员会|厅|部|院|办|会|中心|委|署|总站|大队|支队)$"
)
_SHORT = 60


@rule(
    title="发文字号年份与成文日期年份不符",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=DOCUMENT_FORMAT["7.2.5"],
    needs=("〕", "]", "）", ")", "］"),
    bad=(
        Bad(
            "<p>甲政〔⟦2022⟧〕15号</p><p>各镇人民政府：</p><p>现印发给你们。</p><p>甲县人民政府</p><p>2023年5月1日</p>"
        ),
        Bad(
            "<p>甲政办〔⟦2024⟧〕3号</p><p>通知如下。</p><p>甲市人民政府办公室</p><p>二〇二三年十二月三十一日</p>"
        ),
    ),
    good=(
        "<p>甲政〔2023〕15号</p><p>各镇人民政府：</p><p>甲县人民政府</p><p>2023年5月1日</p>",
        "<p>甲政〔2022〕15号</p><p>2023年5月1日</p><p>正文（见2023年材料）。</p>",
        "<p>甲政〔2022〕15号</p><p>甲县人民政府</p><p>2022年5月1日</p><p>附件</p><p>甲县人民政府</p><p>2023年6月1日</p>",
        "<p>（2022）</p><p>正文</p><p>甲县财政局</p><p>2023年5月1日</p>",
    ),
)
def number_year(document: Document) -> Iterator[Hit]:
    """发文字号的年份就是成文的年份。两者不同，多半是套用旧文时有一处忘了改。

    只看单独成行的发文字号，和它之后第一个落款（署名下一行的日期）。
    """
    number: Block | None = None
    year = Span(0, 0)
    previous: Block | None = None
    dates = {dated.span.start: dated for dated in dates_of(document)} if "月" in document.text else {}
    if not dates:
        return
    for block in document.paragraphs():
        if block.end - block.start > _SHORT:
            previous = block
            continue
        dated = dates.get(block.start)
        if dated is not None and dated.span.end == block.end and dated.day and number is not None:
            if (
                previous is not None
                and previous is not number
                and _AGENCY.fullmatch(document.slice(previous))
            ):
                if dated.year and dated.year != int(document.slice(year)):
                    words = document.slice(block)
                    yield Hit(
                        year,
                        f"发文字号的年份是{document.slice(year)}，落款日期是{words}，两者年份应当一致",
                        related=((dated.span, "落款日期"),),
                    )
                number = None
        elif dated is None:
            match = _NUMBER.fullmatch(document.text, block.start, block.end)
            if match:
                number, year = block, Span(*match.span("y"))
        previous = block
