"""The colon behind the addressees."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.punctuation._article import lines

_TO = lazy(
    r"(?:各[省市县区镇乡处街部科直有]|市直|县直|省直|区直)[^。；！？]{0,80}"
    r"(?:人民政府|办事处|各部门|各直属机构|各单位|有关单位|管委会|委员会|直属单位)[、，；。,;]?"
)


@rule(
    title="主送机关后的冒号",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.2"],
    needs=("各", "直"),
    bad=(
        Bad(
            "<h1>关于做好工作的通知</h1><p>各镇人民政府、市直各单位⟦⟧</p>",
            "<h1>关于做好工作的通知</h1><p>各镇人民政府、市直各单位：</p>",
        ),
        Bad(
            "<p>各县（市、区）人民政府，市直各部门⟦。⟧</p><p>为做好工作</p>",
            "<p>各县（市、区）人民政府，市直各部门：</p><p>为做好工作</p>",
        ),
    ),
    good=(
        "<h1>通知</h1><p>各镇人民政府、市直各单位：</p>",
        "<p>各镇人民政府负责落实本辖区工作。</p>",
        "<ul><li>各省人民政府</li><li>各部门</li></ul>",
    ),
)
def addressee_colon(document: Document) -> Iterator[Hit]:
    """主送机关居左顶格，最后一个机关名称后标全角冒号。只查正文开头几行里单独成段的机关名称。"""
    for block, body in islice(lines(document), 8):
        if block.name == "li" or not _TO.fullmatch(body):
            continue
        if body[-1] in "、，；。,;":
            yield Hit(Span(block.end - 1, block.end), "主送机关后应标全角冒号", fix="：")
        else:
            yield Hit(Span(block.end, block.end), "主送机关后应标全角冒号", fix="：")
        return
