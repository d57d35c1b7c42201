"""作出 and 做出 before abstract objects."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import EDITING

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="“做出”宜为“作出”",
    entries=_ENTRIES,
    level=Level.NOTE,
    passes=Pass.PROOF1,
    basis=EDITING[""],
    bad=(Bad("<p>依法⟦做出决定⟧，为发展⟦做出贡献⟧。</p>", "<p>依法作出决定，为发展作出贡献。</p>"),),
    good=("<p>作出决定，做出样品。</p>",),
)
def zuochu(match: Match) -> Hit | None:
    """决定、贡献、部署、处罚等抽象宾语之前，公文习惯写“作出”，法律条文也写“作出决定”。

    这是惯例而不是对错，因此只提示；“做出产品”等具体宾语不在此列。
    """
    return match.hit()
