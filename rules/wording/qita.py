"""其它 where 其他 is the usual form."""

from __future__ import annotations

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, terms
from qa.rule import Bad, Hit
from rules._standards import EDITING

_ENTRIES = (Entry("其它", ("其他",), boundary=True, note="法律、法规和公文统一用“其他”"),)


@terms(
    title="“其它”宜为“其他”",
    entries=_ENTRIES,
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    bad=(Bad("<p>法律、法规规定的⟦其它⟧情形。</p>", "<p>法律、法规规定的其他情形。</p>"),),
    good=("<p>其他情形。</p>", "<p>尤其它的规模。</p>"),
)
def qita(match: Match) -> Hit | None:
    """“其他”既指人也指物，现行法律、法规和公文都用“其他”，同一文件应当统一。"""
    return match.hit()
