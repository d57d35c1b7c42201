"""Wrong characters in idioms and four-character phrases."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="成语、四字格错字",
    entries=_ENTRIES,
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>要⟦一如继往⟧、⟦再接再励⟧。</p>", "<p>要一如既往、再接再厉。</p>"),
        Bad("<p>严查⟦循私舞弊⟧。</p>", "<p>严查徇私舞弊。</p>"),
    ),
    good=(
        "<p>一如既往，再接再厉，迫不及待。</p>",
        "<p>办实事求实效。</p>",
    ),
)
def idiom(match: Match) -> Hit | None:
    """成语和四字格的字形是固定的，写错一个字就是错别字。

    词典承认的异写（如“固步自封”）只作提示。
    """
    return match.hit()
