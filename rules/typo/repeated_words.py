"""A word or phrase typed twice in a row."""

from __future__ import annotations

from collections.abc import Iterator

from qa import nlp
from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.lexicon import in_marks
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from qa.source import Span
from rules._standards import DICTIONARY

_TWICE = lazy(r"([一-鿿]{2,12}?)\1(?!\1)")

# Verbs that people do double (研究研究), nouns that meet their own verb (代表代表, 工作工作),
# and words of song and advertising: never reported.
_ALLOWED = frozenset(
    """
    研究 学习 讨论 考虑 商量 打听 了解 总结 休息 锻炼 活动 准备 收拾 打扫
    体验 交流 感受 认识 检查 琢磨 思考 参观 介绍 宣传 调查 整理 照顾 关心
    帮助 支持 表扬 批评 教育 比较 观察 分析 反思 改进 落实 实干 务实 担当
    仔细 精准 努力 加油 反复 具体 深入 实践 干部 群众 政府 代表 组织 规定
    领导 工作 设计 决定 计划 规划 报告 通知 指示 执法 管理 服务 保管 出版
    出租 年度 博士 产业 集团 城市 市场 企业 业创 创业 部门 网络 电子 信息
    医院 学校 社区 人民 人员 会员 谢谢 宝宝 妈妈 爸爸 爷爷 奶奶 哥哥 姐姐
    弟弟 妹妹 欢迎 你好 再见 很多 许多 非常 十分 特别 永远 中国 完成 集中
    联动 环境 青冈 明水 长征 蒙古 南亚 谋划 建国 新区 区分
    """.split()  # noqa: SIM905
)
_NUMERALS = frozenset("一二三四五六七八九十百千万亿两几每某各〇零")


@rule(
    title="词语重复",
    level=Level.WARNING,
    passes=Pass.PROOF1,
    basis=DICTIONARY[""],
    confidence=Confidence.MEDIUM,
    bad=(
        Bad("<p>对外贸易⟦进行进行⟧规范。</p>", "<p>对外贸易进行规范。</p>"),
        Bad("<p>⟦强化园区建设强化园区建设⟧，提高效益。</p>", "<p>强化园区建设，提高效益。</p>"),
    ),
    good=(
        "<p>一件一件抓落实，一个问题一个问题解决。</p>",
        "<p>研究研究再说。小微企业创业创新。纪委监委监督。</p>",
        "<p>加强经济监测预测预警。</p>",
        "<p>最好最好的办法，讨论了又讨论再讨论；安排安排再动手。</p>",
        "<p>我国中国中小企业协会</p>",
        "<p>活动名为“阳光行动阳光行动”。</p>",
    ),
)
def repeated_words(document: Document) -> Iterator[Hit]:
    """复制、改稿时容易把一个词或一句话留下两遍。

    “一件一件”“研究研究”一类正常的重叠，以及前后字能另外成词的（“监测预测预警”），都不算。
    """
    text = document.text
    for match in _TWICE.finditer(text):
        unit = match.group(1)
        if unit in _ALLOWED or not _NUMERALS.isdisjoint(unit):
            continue
        span = Span(*match.span())
        if unit[0] in "很最太再" or text.startswith("再", span.end):
            continue
        if len(unit) < 4 and not nlp.known(unit):
            continue
        if len(unit) < 6 and not nlp.is_word(text, span, document.sentence(span)):
            continue
        if in_marks(text, span, max(0, span.start - 30), min(len(text), span.end + 30)):
            continue
        yield Hit(span, f"“{unit}”重复", fix=unit)
