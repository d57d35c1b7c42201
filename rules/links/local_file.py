"""Addresses on somebody's own disk."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, facts, hit, noun


@rule(
    title="链接或图片指向编辑者自己的电脑",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<p><a href="⟦file:///C:/Users/admin/Desktop/附件1.doc⟧">附件1</a></p>'),
        Bad('<p><img src="⟦C:\\Users\\admin\\clip_image001.jpg⟧" alt="现场"></p>'),
        Bad('<p><a href="⟦\\\\fileserver\\共享\\通知.doc⟧">通知</a></p>'),
        Bad('<p><img src="⟦file:///D:\\图 片\\1.jpg⟧" alt="现场"></p>'),
    ),
    good=(
        '<p><a href="./W020250301.doc">附件1</a></p>',
        "<p>文件在 C:\\Users 下。</p>",
        '<a href="c/index.html">C 栏</a>',
    ),
)
def local_file(document: Document) -> Iterator[Hit]:
    """本机路径只有编辑者自己打得开，读者看到的是打不开的附件或破图，还会露出单位内部的用户名和目录。

    多见于从 Word 直接粘贴，应把文件上传后重新插入。
    """
    for reference, _ in facts(document).of(Kind.LOCAL):
        yield hit(reference, f"{noun(reference)}指向编辑者电脑上的文件，读者打不开；请上传文件后重新插入")
