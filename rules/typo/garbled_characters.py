"""Mojibake, replacement characters and private-use characters."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import COMMON_CHARACTERS

_GARBLED = lazy(
    "\ufffd+|(?<=[一-鿿])[\ue000-\uf8ff]+(?=[一-鿿])|(?:锟斤拷)+|(?:烫烫烫)+|(?:屯屯屯)+|(?:â€[™œ¦“”]?)+|(?:ï¼.)+|(?:ã€.)+"
)


@rule(
    title="乱码字符",
    level=Level.ERROR,
    passes=Pass.PROOF1,
    basis=COMMON_CHARACTERS[""],
    bad=(
        Bad("<p>联系人：王⟦\ufffd\ufffd⟧</p>"),
        Bad("<p>⟦锟斤拷锟斤拷⟧县人民政府</p>"),
    ),
    good=("<p>联系人：王某</p>", "<p>斤拷贝。</p>"),
)
def garbled_characters(document: Document) -> Iterator[Hit]:
    """编码转换出错留下的“�”“锟斤拷”，或者只在某台电脑上能显示的自造字，读者看到的是乱码或空框。"""
    text = document.text
    for match in _GARBLED.finditer(text):
        block = document.block_at(match.start())
        if block is None or block.role is not Role.CODE:
            yield Hit(Span(*match.span()), "此处是乱码或自造字符，请对照原稿补正")
