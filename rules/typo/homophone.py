"""Characters mistaken for others of the same or a similar sound."""

from __future__ import annotations

from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="同音或近音错字",
    entries=_ENTRIES,
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>切实做好工作⟦布署⟧。</p>", "<p>切实做好工作部署。</p>"),
        Bad("<p>禁止露天焚烧⟦秸杆⟧，⟦既使⟧少量也不行。</p>", "<p>禁止露天焚烧秸秆，即使少量也不行。</p>"),
    ),
    good=(
        "<p>公布署名文章，按排名先后办理。</p>",
        "<p>政策既使企业受益，又使职工受益。</p>",
        "<p>完成市级下达的任务，给予警告。</p>",
    ),
)
def homophone(match: Match) -> Hit | None:
    """拼音输入时选错候选词，是政务稿件里最常见的错字。

    表中左边的词形不成词或不能这样用。两边的字与它恰好连成一串时（“公布|署名”“自己|经营”），
    由分词确认词界，不会误报。
    """
    return match.hit()
