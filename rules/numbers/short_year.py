"""Years cut to two figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import NUMBERS
from rules.punctuation._article import find, span_of

_YEAR = re.compile(
    r"(?<![\dA-Za-z.第近约过长达满前这了期年万—～~-])(?:[’']?([0289]\d|1\d))(?=年(?:[度底初末](?!级)|(?:1[0-2]|[1-9])月(?!内)|[上下]半年))"
)
_SPAN = re.compile(r"(?:刑|徒刑|期限|年限|任期|服役|时隔|历时|历经|累计|缴费|工龄|满|仅|每|共|超过|不足|至少|以上|有效期|保质期)$")


@rule(
    title="公历年份只写两位",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=NUMBERS["4.2.1"],
    needs=("年底", "年初", "年末", "年度", "月", "半年"),
    bad=(
        Bad("<p>到⟦05⟧年底，比⟦98⟧年初增长</p>", "<p>到2005年底，比1998年初增长</p>"),
        Bad("<p>自⟦23⟧年5月起施行</p>", "<p>自2023年5月起施行</p>"),
    ),
    good=("<p>2023年5月，2005年底</p>", "<p>判处有期徒刑10年6个月，累计缴费15年10月</p>", "<p>近20年，10年间</p>"),
)
def short_year(document: Document) -> Iterator[Hit]:
    """公历年份用四位阿拉伯数字写全，不简写为“23年”“’05年”：简写在归档和检索时无法分辨世纪。"""
    text = document.text
    for match in find(document, _YEAR):
        if _SPAN.search(text[max(0, match.start() - 6) : match.start()]) or text.startswith("个", match.end() + 3):
            continue
        year = match[1]
        yield Hit(span_of(match), "年份应写全四位", fix=("19" if year >= "5" else "20") + year)
