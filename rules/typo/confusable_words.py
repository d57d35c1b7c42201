"""Near-synonyms confused, judged only in telling collocations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qa.finding import Level, Pass
from qa.lexicon import Match, read_tsv, terms
from qa.rule import Bad, Hit
from rules._standards import DICTIONARY
from rules.names._dates import out_of_force

_SINCE = {"法制国家": date(1997, 9, 12), "签定了": date(2002, 3, 31)}
"""Texts older than this wrote the word so."""

_ENTRIES = read_tsv(Path(__file__).with_suffix(".tsv"))


@terms(
    title="近义词、近音词误用",
    entries=_ENTRIES,
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    bad=(
        Bad("<p>⟦截止⟧2023年12月，共受理12件。</p>", "<p>截至2023年12月，共受理12件。</p>"),
        Bad("<p>及时⟦反应情况⟧，规范⟦权利运行⟧。</p>", "<p>及时反映情况，规范权力运行。</p>"),
    ),
    good=(
        "<p>报名截止时间：2024年5月1日。报名于5月1日截止。</p>",
        "<p>应急反应能力，依法行使权利。</p>",
        "<p>“截止日期”为年底。</p>",
        "<p>依法治国，建设社会主义法制国家。</p><p>1996年3月17日</p>",
    ),
)
def confusable_words(match: Match) -> Hit | None:
    """“截止”与“截至”、“反应”与“反映”、“权利”与“权力”各有各的用处，单看一个词分不出对错。

    因此表里写的是搭配，或者写明左右必须出现什么；搭配不明确的一概不报。
    """
    return None if out_of_force(match.document, _SINCE.get(match.entry.term)) else match.hit()
