"""Words that say the same thing twice."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import EDITING

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="语义重复",
    entries=_ENTRIES,
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    bad=(
        Bad("<p>⟦切忌不要⟧随意点击，⟦目前现状⟧不容乐观。</p>", "<p>切忌随意点击，现状不容乐观。</p>"),
        Bad("<p>感谢⟦各位代表们⟧。</p>", "<p>感谢各位代表。</p>"),
    ),
    good=(
        "<p>切忌随意点击，现状不容乐观。</p>",
        "<p>给予以下奖励，针对对方要求，以及和平统一。</p>",
    ),
)
def redundancy(match: Match) -> Hit | None:
    """“切忌不要”“目前现状”“凯旋归来”“付诸于”等说法把同一个意思说了两遍，有的连意思也反了。

    已被广泛接受的说法（如“涉及到”“来自于”）只作提示。
    """
    return match.hit()
