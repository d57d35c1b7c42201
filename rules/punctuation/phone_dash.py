"""The hyphen in telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import PUNCTUATION
from rules.punctuation._article import block_of, dashes

_AREA = lazy(r"(?<![\d.])0(?:10|2\d|[3-9]\d{2})[)）]?[ ]?$")
_LOCAL = lazy(r"[ ]?[1-9]\d{6,7}(?!\d)")
_FREE = lazy(r"(?<!\d)[48]00$")
_FREE_TAIL = lazy(r"\d{3,4}(?:-\d{3,4})?(?!\d)")


@rule(
    title="电话号码中的连接号",
    level=Level.ERROR,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["4.13.3"],
    needs=("—", "–", "―", "─", "－", "～", "~", "--", "−", "‐", "‑"),
    bad=(
        Bad("<p>电话：0595⟦—⟧85662126</p>", "<p>电话：0595-85662126</p>"),
        Bad(
            "<p>传真：010⟦——⟧66051234，热线400⟦－⟧810-1234</p>", "<p>传真：010-66051234，热线400-810-1234</p>"
        ),
    ),
    good=("<p>电话：0595-85662126</p>", "<p>2016—2020年</p>", "<p>0301—03020100</p><p>100—200</p>"),
)
def phone_dash(document: Document) -> Iterator[Hit]:
    """电话号码的区号与号码之间用短横线“-”。用了一字线、破折号等，复制拨号和检索都会出错。"""
    text = document.text
    for low, high, run in dashes(document):
        if run == "-" or not text[high : high + 2].strip().isdigit() or block_of(document, low) is None:
            continue
        before = text[max(0, low - 7) : low]
        if (_AREA.search(before) and _LOCAL.match(text, high)) or (
            _FREE.search(before) and _FREE_TAIL.match(text, high)
        ):
            yield Hit(Span(low, high), f"电话号码中应用短横线“-”，不用“{run}”", fix="-", safe=True)
