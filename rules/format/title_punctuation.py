"""Marks in and behind titles."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DOCUMENT_FORMAT
from rules.format._outline import outline
from rules.punctuation._article import lines

_KIND = lazy(
    r"关于.{2,80}的(?:通知|报告|意见|决定|公告|通告|函|批复|方案|办法|规定|细则|请示|纪要|通报|公报|议案|命令)(?:（.{1,12}）)?$"
)
_MARKED = lazy(r"《[^》]*》|“[^”]*”|（[^）]*）|〈[^〉]*〉")
_INNER = lazy(r"[，。；：！？]")


@rule(
    title="标题中的标点",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=DOCUMENT_FORMAT["7.3.1"],
    needs=tuple("，。；：、！？"),
    bad=(
        Bad("<h1>关于做好政务公开工作的通知⟦。⟧</h1>", "<h1>关于做好政务公开工作的通知</h1>"),
        Bad("<h1>关于加强管理⟦，⟧规范公开的意见</h1><h2>一、总体情况⟦：⟧</h2>"),
        Bad("<p>一、总体情况</p><p>很好。</p><p>二、主要做法⟦。⟧</p><p>很多。</p><p>三、打算</p>"),
    ),
    good=(
        "<h1>关于印发《办法》的通知</h1><h2>一、总体情况</h2>",
        "<h1>打造“一网、一门、一次”，让群众满意</h1><h2>准备好了吗？</h2>",
        "<p>一、总体情况。</p><p>二、主要做法。</p>",
        "<p>一、总体情况</p><p>二、主要做法很多。一是推进公开；二是推进服务。</p>",
        "<h2>一、推进公开。认真落实《条例》规定。</h2>",
    ),
)
def title_punctuation(document: Document) -> Iterator[Hit]:
    """公文标题中除书名号、引号和法规、规范性文件的括号外，一般不用标点；标题末尾不用点号。

    小标题独占一段时末尾也不用句号；全文小标题都带句号的，视为作者体例，不报。
    """
    for block, body in lines(document):
        if block.role not in (Role.HEADING, Role.TITLE):
            continue
        if body[-1] in "。，；：、" and not _INNER.search(body[:-1]) and len(body) > 1:
            end = block.end
            yield Hit(Span(end - 1, end), "标题末尾不用标点", fix="")
        elif _KIND.match(body):
            bare = _MARKED.sub(lambda match: "　" * len(match[0]), body)
            for mark in _INNER.finditer(bare):
                at = block.start + mark.start()
                yield Hit(Span(at, at + 1), "公文标题中一般不用标点", level=Level.NOTE)
    heads = [item for item in outline(document) if item.level == 1 and item.block.role is not Role.HEADING]
    text = document.text
    short = [item for item in heads if item.block.end - item.end <= 30]
    ended = [item for item in short if text[item.block.end - 1] in "。；，："]
    if ended and len(ended) * 2 <= len(short):
        for item in ended:
            if not _INNER.search(text, item.end, item.block.end - 1):
                end = item.block.end
                yield Hit(
                    Span(end - 1, end),
                    "小标题独占一段时末尾不用标点，与其他小标题不一致",
                    fix="",
                    level=Level.NOTE,
                )
