"""Generated pages for benchmarks: invented government prose, about 1,650 characters a page.

Nothing is copied: sentences are put together from word lists by a seeded generator, so the
same seed gives the same pages everywhere.  One page in five carries planted slips.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_WHO = ("市政府办公室", "市发展和改革局", "市教育局", "市民政局", "市财政局", "市自然资源局", "市住房和城乡建设局",
        "市交通运输局", "市农业农村局", "市文化和旅游局", "市卫生健康局", "市市场监督管理局", "各镇（街道）")  # fmt: skip
_DO = ("扎实推进", "统筹做好", "持续优化", "全面落实", "深入开展", "加快完善", "认真组织", "稳步实施", "大力支持",
       "积极引导", "严格规范", "有序推动")  # fmt: skip
_WHAT = ("政务公开标准化规范化建设", "老旧小区改造项目", "乡村振兴重点任务", "营商环境提升行动", "义务教育优质均衡发展",
         "安全生产专项整治", "生态环境保护工作", "基层医疗卫生服务", "养老服务体系建设", "数字政府建设", "农村公路养护",
         "防汛抗旱各项准备", "就业创业服务", "社会救助政策", "文化惠民活动", "知识产权保护")  # fmt: skip
_HOW = ("明确责任分工", "细化工作举措", "健全长效机制", "加强督促检查", "强化部门协同", "完善应急预案", "畅通群众反映渠道",
        "及时回应社会关切", "加大宣传力度", "做好要素保障", "建立工作台账", "严把质量关口")  # fmt: skip
_END = ("取得阶段性成效", "受到群众普遍好评", "为高质量发展提供有力支撑", "确保各项任务落到实处", "切实增强人民群众获得感",
        "推动工作再上新台阶")  # fmt: skip
_SLIPS = (("截至", "截止"), ("部署", "布署"), ("安排", "按排"), ("。", "。。"), ("（", "("), ("账户", "帐户"))
_TOPICS = ("主动公开", "依申请公开", "平台建设", "监督保障", "存在问题", "下一步工作")
_NUMERALS = "一二三四五六"


@dataclass(frozen=True)
class Page:
    """One generated article; ``paragraphs`` alternate headings and body."""

    number: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Plain text form."""
        return "\n\n".join((self.title, *self.paragraphs)) + "\n"

    @property
    def html(self) -> str:
        """A whole page with head, navigation, article, table and footer."""
        body = "\n".join(f"<p>　　{p}</p>" for p in self.paragraphs)
        items = "".join(
            f'<li><a href="https://www.example.com/col/{i}/">栏目{i}</a></li>' for i in range(1, 9)
        )
        more = "".join(
            f'<li><a href="https://www.example.com/art/{self.number + i}.html" title="相关文章{i}">相关文章{i}</a></li>'
            for i in range(6)
        )
        return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{self.title}_某市人民政府</title>
<meta name="SiteName" content="某市人民政府"><meta name="SiteDomain" content="www.example.com">
<meta name="SiteIDCode" content="3505820001"><meta name="ArticleTitle" content="{self.title}">
<meta name="PubDate" content="2025-03-0{self.number % 9 + 1} 09:30"><meta name="ContentSource" content="某市人民政府办公室">
</head><body><nav class="nav"><ul>{items}</ul></nav>
<div class="article"><h1>{self.title}</h1><div class="TRS_Editor">
{body}
</div></div><div class="related"><ul>{more}</ul></div>
<div class="footer"><p>主办单位：某市人民政府办公室</p><p>网站标识码：3505820001</p><p>联系电话：0595-00000000</p></div>
</body></html>
"""


def page(number: int, length: int = 1650) -> Page:
    """The page of that number; about ``length`` characters of text."""
    rng = random.Random(number)
    topic = rng.choice(_WHAT)
    title = f"某市关于{rng.choice(_DO)}{topic}情况的通报"
    paragraphs: list[str] = []
    size, section = 0, 0
    while size < length - 60:
        if len(paragraphs) % 4 == 0 and section < len(_NUMERALS):
            paragraphs.append(f"{_NUMERALS[section]}、{_TOPICS[section]}")
            section += 1
        else:
            paragraphs.append("".join(_sentence(rng) for _ in range(rng.randint(2, 3))))
        size += len(paragraphs[-1])
    if number % 5 == 0:
        right, wrong = rng.choice(_SLIPS)
        paragraphs = [p.replace(right, wrong, 1) if i % 3 == 1 else p for i, p in enumerate(paragraphs)]
    return Page(number, title, tuple(paragraphs))


def _sentence(rng: random.Random) -> str:
    kind = rng.randrange(5)
    who, do, what = rng.choice(_WHO), rng.choice(_DO), rng.choice(_WHAT)
    how, how2 = rng.sample(_HOW, 2)
    end = rng.choice(_END)
    if kind == 0:
        day = f"2024年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        return f"截至{day}，{who}{do}{what}，共办理各类事项{rng.randint(20, 9000)}件，{end}。"
    if kind == 1:
        return f"{who}按照工作部署，{do}{what}，{how}，{how2}，{end}。"
    if kind == 2:
        return f"围绕“{what}”主题，{do}{rng.choice(_WHAT)}，累计投入资金{rng.randint(1, 99)}.{rng.randint(0, 9)}万元，同比增长{rng.randint(1, 30)}.{rng.randint(0, 9)}%。"
    if kind == 3:
        return f"根据《某市{what}实施方案》（以下简称《方案》）要求，{who}{how}，并按《方案》{do}{rng.choice(_WHAT)}，{end}。"
    return f"下一步，{who}将{do}{what}，{how}、{how2}，{end}。"


def pages(count: int, length: int = 1650) -> Iterator[Page]:
    """The first ``count`` pages."""
    return (page(number, length) for number in range(count))
