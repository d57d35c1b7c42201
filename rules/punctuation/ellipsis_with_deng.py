"""An ellipsis together with 等."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import PUNCTUATION
from rules.punctuation._article import find, span_of

_BOTH = lazy(r"(等等?)(?:…+|\.{3,})|(?:…+|\.{3,})(等等?)(?![级待候到同次式于高号])")


@rule(
    title="省略号与“等”同用",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=PUNCTUATION["A.9.2"],
    needs=("等…", "…等", "等..", ".等"),
    bad=(
        Bad("<p>苹果、梨、桃⟦等……⟧</p>", "<p>苹果、梨、桃等</p>"),
        Bad("<p>苹果、梨⟦……等等⟧。</p>", "<p>苹果、梨等等。</p>"),
    ),
    good=("<p>苹果、梨……</p><p>苹果、梨等。</p>", "<p>他说……等到明年再看</p>"),
)
def ellipsis_with_deng(document: Document) -> Iterator[Hit]:
    """省略号与“等”都表示列举未尽，同用即重复，留其一即可。"""
    for match in find(document, _BOTH):
        word = match[1] or match[2]
        yield Hit(span_of(match), f"“{word}”与省略号重复，保留一个", fix=word, alternatives=("……",))
