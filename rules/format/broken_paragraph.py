"""A paragraph broken in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qa.document import Block, Document, Role
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import EDITING
from rules.punctuation._article import is_han, lines

_ITEM = lazy(
    r"[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、]|第[一二三四五六七八九十]+[章节条]|[①-⑳●○◆■★▲·—\-*]"
)
_TAIL = frozenset("，。；、：）”》")
_NAME_LIKE = lazy(r"(?:附件?|注|图|表|来源|责任编辑|编辑|记者|联系|电话|地址|主题词|抄送|发布)")
_SIGN = lazy(r"(?:[年月日]|政府|办公室|委员会|[局厅委部])$")


@rule(
    title="段落在句子中间断开",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=EDITING[""],
    needs=("\n",),
    bad=(
        Bad(
            "<p>严格按照依申请公开制度，规范开展答复办理工作，优化当面申请笔录补充流程，大力提升办理效能，建立申请办理工作台账，做到⟦依</p>"
            "<p>法⟧依规、及时准确答复申请人。</p>"
        ),
        Bad(
            "<p>1.完成升级。圆满完成政府网站“适老化模块”“九大场景模块”“智能化、融合⟦化</p>"
            "<p>‘晋⟧快搜’模块”“展示模块”建设，为群众提供便捷的体验。</p>"
        ),
        Bad("<p>全市制发文件三千份。主动公开文件信息两千⟦份</p><p>，依⟧申请公开一千份。</p>"),
        Bad("<p>全市制发文件三千份。主动公开文件，其⟦中，</p><p>依申⟧请公开一千份。</p>"),
    ),
    good=(
        "<p>全市工作取得成效。</p><p>下一步，继续推进。</p>",
        "<p>一、坚持稳中求进，奋力拼搏，推动高质量发展取得新成就</p><p>一年来，全市上下共同努力。</p>",
        "<p>现将情况报告如下。晋江市人民政府</p><p>2023年8月1日</p>",
        "<p>主要做法有三。一是加强领导</p><p>二是落实责任。</p>",
        "<p>共有三项。详见附件</p><p>附件：表。</p>",
        "<ul><li>共有三项。甲</li><li>乙组织实施。</li></ul>",
    ),
)
def broken_paragraph(document: Document) -> Iterator[Hit]:
    """一句话没有说完就另起一段，多为分页、复制或识别时留下的断行，应当接回。

    判断依据：前一段是叙述文字而末尾没有句末标点，后一段又不像标题、条目或落款。
    全文多处如此的，视为按行换段的排版，不报。
    """
    found: list[tuple[Block, Block]] = []
    rows = lines(document)
    for (block, body), (after, following) in pairwise(rows):
        if block.role is Role.PARAGRAPH and after.role is Role.PARAGRAPH and _broken(body, following):
            found.append((block, after))
    if len(found) > max(4, len(rows) // 8):
        return
    for block, after in found:
        low, high = max(block.start, block.end - 1), min(after.end, after.start + 1)
        if document.text[high - 1] in "‘“《（，、。；”’》）" or not is_han(document.text[low]):
            low, high = (low if is_han(document.text[low]) else low - 1), min(after.end, high + 1)
        yield Hit(Span(low, high), "段落在句子中间断开，应与下一段接上")


def _broken(body: str, following: str) -> bool:
    end = body[-1]
    if not (is_han(end) or end in "，、（“《‘"):
        return False
    told = "。" in body or "；" in body
    if not told and (len(body) < 50 or body.count("，") < 3 or _ITEM.match(body)):
        return False
    first = following[0]
    if first in "，。；、：）》”’":
        return True
    if (
        not (is_han(first) or first in "“‘《（0123456789")
        or _ITEM.match(following)
        or _NAME_LIKE.match(following)
    ):
        return False
    if following[-1] not in "。；！？：”）" or len(following) < 8:
        return False
    if end in "，、（“《‘":
        return True
    return not (told and _SIGN.search(body)) or first == "‘"
