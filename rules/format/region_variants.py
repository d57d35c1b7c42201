"""One administrative term written in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING
from rules.punctuation._article import block_of, occurrences

_FAMILIES: tuple[dict[str, tuple[str, str]], ...] = (
    {
        "村社区": ("农新乡渔山", ""),
        "村（社区）": ("", ""),
        "村(社区)": ("", ""),
        "村（居）": ("", ""),
        "村(居)": ("", ""),
        "村居": ("乡农新山渔", "民住家环"),
        "村、社区": ("农新乡", ""),
    },
    {
        "镇（街道）": ("", ""),
        "镇(街道)": ("", ""),
        "镇街": ("古小城老集", "道区巷景头角"),
        "镇街道": ("古小城老集", "路"),
        "镇、街道": ("", ""),
    },
    {
        "县（市、区）": ("", ""),
        "县(市、区)": ("", ""),
        "县（区、市）": ("", ""),
        "县市区": ("", "域"),
        "县、市、区": ("", ""),
        "区县（市）": ("", ""),
        "市（县、区）": ("", ""),
    },
)
"""Forms of each term, with the characters that may not stand before and behind it."""


@rule(
    title="同一行政区划合称写法不统一",
    level=Level.NOTE,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("村社区", "村居", "镇街", "县市区", "县（市、区", "村（", "镇（", "市县区"),
    bad=(
        Bad(
            "<p>在各级政务服务大厅、⟦村社区⟧、各大医院建设，实现“市、镇（街道）、村（社区）”联动，覆盖村（社区）</p>"
        ),
        Bad("<p>各镇（街道）、各⟦镇街⟧落实，镇（街道）报送</p>"),
        Bad("<p>各⟦县市区⟧落实，各县（市、区）报送，县（市、区）</p>"),
    ),
    good=(
        "<p>建设农村社区服务中心，村（社区）工作</p>",
        "<p>各镇（街道）落实</p>",
        "<p>古镇街区，镇（街道）</p>",
    ),
)
def region_variants(document: Document) -> Iterator[Hit]:
    """“村（社区）”“镇（街道）”“县（市、区）”一类合称，同一篇文稿应当只有一种写法。报告各有几处，标出较少的写法。"""
    text = document.text
    for family in _FAMILIES:
        present = [form for form in family if form in text]
        if len(present) < 2:
            continue
        forms: dict[str, list[Span]] = {}
        for form in present:
            left, right = family[form]
            for at, end in occurrences(text, (form,)):
                before, after = text[at - 1 : at] if at else "", text[end : end + 1]
                if (
                    (before and before in left)
                    or (after and after in right)
                    or block_of(document, at) is None
                ):
                    continue
                forms.setdefault(form, []).append(Span(at, end))
        if len(forms) < 2:
            continue
        ranked = sorted(forms, key=lambda form: (len(forms[form]), "（" in form))
        counts = "、".join(f"“{form}”{len(forms[form])}处" for form in reversed(ranked))
        best = ranked[-1]
        others = tuple((forms[form][0], f"“{form}”") for form in ranked[1:])
        yield Hit(forms[ranked[0]][0], f"写法不统一：{counts}", alternatives=(best,), related=others)
