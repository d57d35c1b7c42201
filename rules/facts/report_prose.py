"""Numbers in the prose of the annual report against its tables."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import ANNUAL_REPORT
from rules.facts._report import NEEDS, mentions, report_of
from rules.facts._samples import sample

_START = "（二）依申请公开情况。2023年，"


@rule(
    title="年报正文数字与表格不一致",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=ANNUAL_REPORT["附件表三"],
    needs=NEEDS,
    bad=(
        Bad(
            sample(
                texts={
                    "requests": _START + "共收到政府信息公开申请⟦58⟧件，依法办结⟦48⟧件，结转下年度办理⟦4⟧件。"
                }
            )
        ),
        Bad(
            sample(
                texts={"requests": _START + "上年结转⟦1⟧件；发生政府信息公开行政复议⟦3⟧件、行政诉讼⟦4⟧件。"}
            )
        ),
    ),
    good=(
        sample(),
        sample(texts={"requests": _START + "受理信息公开申请52件，其中网上申请30件；2022年受理申请61件。"}),
        sample(texts={"requests": _START + "全市收到申请500件。本机关收到政府信息公开申请50件，答复及时。"}),
        sample(texts={"requests": _START + "政府信息公开行政复议4件，行政诉讼2件。"}),
        "<p>本机关新收政府信息公开申请3件。</p>",
    ),
)
def report_prose(document: Document) -> Iterator[Hit]:
    """正文写的新收、受理、办结、结转、复议、诉讼件数，应与表三、表四一致。

    “受理”可以等于本年新收，也可以等于本年新收加上年结转，两种写法都不算错；
    “其中”之后的分项、往年的数字、其他层级的数字不比。
    """
    report = report_of(document)
    if report is None:
        return
    found = mentions(document, report)
    agreed = {mention.kind for mention in found if mention.number in mention.allowed}
    for mention in found:
        if mention.kind not in agreed:
            yield Hit(mention.span, f"正文写“{mention.number}”，与表格不一致：{mention.said}")
