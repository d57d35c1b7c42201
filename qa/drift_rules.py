"""The rules of ``shenjiao recheck``; they hold no code, :mod:`qa.drift` finds what they name."""

from __future__ import annotations

from collections.abc import Iterable

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Good, Hit, Rule
from qa.standard import Standard, Trust

FAMILY = "recheck"
_GUIDE = Standard("shenjiao", "审校使用约定", trust=Trust.COMPUTED)


def _nothing(_document: Document) -> Iterable[Hit]:
    return ()


def _rule(name: str, title: str, level: Level, pass_: Pass, why: str, bad: str, good: str) -> Rule:
    made = Rule(_nothing, title, level, pass_, _GUIDE["读网复查"], (Bad(bad),), (Good(good),), why)
    made.id = f"{FAMILY}/{name}"
    return made


OFFLINE = _rule(
    "offline",
    "批准的稿件不在线上",
    Level.ERROR,
    Pass.REVIEW3,
    "稿件已经批准，网址却打不开、转到首页、显示出错页面，或者是另一篇稿件，等于没有发布或已被撤下。"
    "服务器暂时没有回应不算，记为未查完。",
    "（批准的网址返回 404）",
    "（批准的网址打开后是这篇稿件）",
)
CHANGED = _rule(
    "changed",
    "批准之后文字有改动",
    Level.WARNING,
    Pass.REVIEW3,
    "先审后发，发的应当就是审的。批准之后改动文字，须重新送审。改动涉及数字、日期、人名、机构名、文件名称，"
    "或者增删“不”“未”一类的词，级别为错误；只有标点不同，级别为提示；空白和引号形状不同不报。",
    "批准：投资12亿元 → 线上：投资21亿元",
    "批准：投资 12亿元 → 线上：投资12亿元",
)
TRUNCATED = _rule(
    "truncated",
    "线上稿件缺少结尾",
    Level.ERROR,
    Pass.REVIEW3,
    "线上正文提前结束，批准的后半部分没有发出来，多因复制不全、字数超限或上传中断。",
    "（批准的最后一段在网页上没有）",
    "（网页登到批准稿的最后一句）",
)
MISSING_ATTACHMENT = _rule(
    "missing_attachment",
    "批准的附件或图片不在线上",
    Level.ERROR,
    Pass.PROOF3,
    "批准稿列有附件或图片，网页上没有相应的链接或图片，或者链接已经失效，公众取不到完整内容。",
    "（批准稿有“任务分解表.xlsx”，网页上没有链接）",
    "（附件换了文件名，但链接文字仍是附件名称，且能打开）",
)
INJECTED = _rule(
    "injected",
    "线上正文多出未经批准的内容",
    Level.ERROR,
    Pass.REVIEW2,
    "正文里出现批准稿没有的段落、站外链接、外站脚本或隐藏链接，可能是误粘贴，也可能是网页被篡改、被植入暗链。"
    "系统自动添加的标题、时间、来源、打印、分享、上下篇、二维码说明不算。",
    "（正文两段之间多出一段推广文字）",
    "（正文之后有“上一篇”“下一篇”）",
)
TITLE = _rule(
    "title",
    "线上标题与批准的不同",
    Level.ERROR,
    Pass.REVIEW3,
    "标题是稿件的一部分，批准之后不应改动；需要改的应重新送审。",
    "批准：关于甲的通知 → 线上：关于乙的通知",
    "（网页标题栏在标题之后加了网站名称）",
)
PUBLICATION = _rule(
    "publication",
    "线上没有显示发布时间或来源",
    Level.WARNING,
    Pass.REVIEW3,
    "批准稿写明了发布时间或来源，网页上却没有，多因录入时漏填。",
    "（批准稿有来源，网页上没有）",
    "（网页写明“来源：市政府办公室”）",
)
RULES = (OFFLINE, CHANGED, TRUNCATED, MISSING_ATTACHMENT, INJECTED, TITLE, PUBLICATION)
