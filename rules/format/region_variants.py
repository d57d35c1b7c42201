"""One administrative term written in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING
from rules.punctuation._article import find

_FAMILIES = (
    re.compile(r"(?<![一-龥])村社区|(?<=[、，在各级乡镇和与及所个市道])(?<!农村)村社区|村[（(]社区[）)]|村[（(]居[）)]|(?<![乡农])村居(?!民|住)|村、社区"),
    re.compile(r"(?<!乡)镇[（(]街道[）)]|乡镇[（(]街道[）)]|(?<=[、，在各级市县区直和与及个])镇街(?!道|区|巷)|(?<=[各级市个])镇街道|乡镇街道|镇、街道"),
    re.compile(r"县[（(]市、区[）)]|县[（(]区、市[）)]|县市区|县、市、区|市县区(?!域)|区县[（(]市[）)]|市[（(]县、区[）)]"),
)


@rule(
    title="同一行政区划合称写法不统一",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("村社区", "村居", "镇街", "县市区", "县（市、区", "村（", "镇（", "市县区"),
    bad=(
        Bad("<p>在各级政务服务大厅、⟦村社区⟧、各大医院建设，实现“市、镇（街道）、村（社区）”联动，覆盖村（社区）</p>"),
        Bad("<p>各镇（街道）、各⟦镇街⟧落实，镇（街道）报送</p>"),
        Bad("<p>各⟦县市区⟧落实，各县（市、区）报送，县（市、区）</p>"),
    ),
    good=("<p>建设农村社区服务中心，村（社区）工作</p>", "<p>各镇（街道）落实</p>", "<p>古镇街区，镇（街道）</p>"),
)
def region_variants(document: Document) -> Iterator[Hit]:
    """“村（社区）”“镇（街道）”“县（市、区）”一类合称，同一篇文稿应当只有一种写法。报告各有几处，标出较少的写法。"""
    for family in _FAMILIES:
        forms: dict[str, list[Span]] = {}
        for match in find(document, family):
            forms.setdefault(match[0], []).append(Span(*match.span()))
        if len(forms) < 2:
            continue
        ranked = sorted(forms, key=lambda form: (len(forms[form]), "（" in form))
        counts = "、".join(f"“{form}”{len(forms[form])}处" for form in reversed(ranked))
        best = ranked[-1]
        others = tuple((forms[form][0], f"“{form}”") for form in ranked[1:])
        yield Hit(forms[ranked[0]][0], f"写法不统一：{counts}", alternatives=(best,), related=others)
