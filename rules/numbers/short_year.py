"""Years cut to two figures."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import NUMBERS
from rules.punctuation._article import block_of, occurrences

_AFTER = lazy(r"年(?:[度底初末](?!级)|(?:1[0-2]|[1-9])月(?!内)|[上下]半年)")
_BEFORE = frozenset(".第近约过长达满前这了期年万—～~-")
_SPAN = lazy(
    r"(?:刑|徒刑|期限|年限|任期|服役|时隔|历时|历经|累计|缴费|工龄|满|仅|每|共|超过|不足|至少|以上|有效期|保质期)$"
)


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
    good=(
        "<p>2023年5月，2005年底</p>",
        "<p>判处有期徒刑10年6个月，累计缴费15年10月</p>",
        "<p>近20年，10年间</p>",
    ),
)
def short_year(document: Document) -> Iterator[Hit]:
    """公历年份用四位阿拉伯数字写全，不简写为“23年”“’05年”：简写在归档和检索时无法分辨世纪。"""
    text = document.text
    for at, _ in occurrences(text, ("年",)):
        year, before = text[at - 2 : at] if at > 1 else "", text[at - 3 : at - 2] if at > 2 else ""
        if (
            not (year.isascii() and year.isdigit())
            or "30" <= year < "80"
            or (before.isascii() and before.isalnum())
        ):
            continue
        if (before in _BEFORE and before) or not _AFTER.match(text, at) or block_of(document, at) is None:
            continue
        start = at - 3 if before in "’'" and before else at - 2
        if not _SPAN.search(text[max(0, start - 6) : start]):
            yield Hit(Span(start, at), "年份应写全四位", fix=("19" if year >= "5" else "20") + year)
