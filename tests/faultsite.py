"""A small portal with one fault of every kind, its changes from the first night to the second, and what must be told.

Everything lives on loopback: the site itself over TLS, "other people's" sites under other loopback
addresses.  Apart from what :attr:`Site.faults` lists, no rule has anything to say about it.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from generate import page as prose
from nginx import Block, available, certificates, free_port, running
from portal import attachment, png

__all__ = ["Fault", "Running", "Site", "available", "build", "serve"]

NAME = "某市人民政府"
CODE = "3505820001"
NEWS, NOTICES, POLICIES, READINGS = "xwzx", "tzgg", "zcwj", "zcjd"
COLUMNS = {
    NEWS: ("要闻动态", 24),
    NOTICES: ("通知公告", 12),
    POLICIES: ("政策文件", 10),
    READINGS: ("政策解读", 8),
    "zwdt": ("部门动态", 6),
    "rsxx": ("人事信息", 0),
}
STALE_DAYS = 40


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    Attributes:
        kind: what it is, in words.
        rules: the rules that may tell of it; one issue of one of them is expected, no more.
        at: what the issue must name, in its page, target, quote or message.
        pages: how many pages carry it; ``None``: every page of the site (shared chrome).
        nights: nights on which it is there.
    """

    kind: str
    rules: tuple[str, ...]
    at: str
    pages: int | None = 1
    nights: tuple[int, ...] = (1, 2)


@dataclass
class Site:
    """A site being built: pages by path, and the faults planted in it."""

    today: date
    others: dict[str, str]
    home: str
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def plant(
        self,
        kind: str,
        rules: str | Sequence[str],
        at: str,
        pages: int | None = 1,
        nights: tuple[int, ...] = (1, 2),
    ) -> None:
        self.faults.append(
            Fault(kind, (rules,) if isinstance(rules, str) else tuple(rules), at, pages, nights)
        )


PROMPT = """<script>
function leave(address) {
  if (confirm("您访问的链接即将离开“某市人民政府”门户网站，是否继续？")) { window.open(address); }
}
</script>
"""


def footer(*, without: str = "", code: str = CODE, entry: bool = True, more: str = "") -> str:
    """The shared footer; ``without`` names a mark to leave out."""
    marks = {
        "police": "<p>闽公网安备35058202000001号</p>\n",
        "icp": "<p>ICP备案编号：闽ICP备05000001号</p>\n",
    }
    held = "".join(html for name, html in marks.items() if name != without)
    error = (
        '<a href="/hdjl/jiucuo.html"><img src="/images/jiucuo.png" alt="我为政府网站找错"></a>'
        if entry
        else ""
    )
    return (
        '<div class="footer">\n<p><img src="/images/dangzheng.png" alt="党政机关网站标识">'
        f"{error}</p>\n<p>主办单位：{NAME}办公室</p>\n<p>联系电话：0595-00000000</p>\n<p>网站标识码：{code}</p>\n"
        f"{held}{more}</div>\n"
    )


CHROME_DEAD = "/ztzl/2019hg/index.html"


def whole(
    title: str,
    body: str,
    *,
    metas: str = "",
    foot: str | None = None,
    code: str = CODE,
    name: str = NAME,
    head: str = "",
    crumbs: Sequence[tuple[str, str]] = (),
) -> str:
    """A page with header, navigation and footer."""
    channels = "".join(
        f'<li><a href="/{path}/index.html">{words}</a></li>' for path, (words, _) in COLUMNS.items()
    )
    trail = "".join(
        f' &gt; <a href="{url}">{words}</a>' if url else f" &gt; {words}" for words, url in crumbs
    )
    where = f'<div class="breadcrumb">您的位置：<a href="/">首页</a>{trail}</div>\n' if crumbs else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="SiteName" content="{name}">
<meta name="SiteDomain" content="127.0.0.1">
<meta name="SiteIDCode" content="{code}">
{metas}<link rel="icon" href="/images/favicon.png">
<link rel="stylesheet" href="/css/site.css">
<script src="/js/site.js"></script>
{head}{PROMPT}</head>
<body>
<div class="header"><a href="/"><img src="/images/logo.png" alt="{NAME}"></a>
<ul class="nav"><li><a href="/">首页</a></li>{channels}<li><a href="{CHROME_DEAD}">专题回顾</a></li></ul></div>
{where}{body}
{footer(code=code) if foot is None else foot}</body>
</html>
"""


def article(
    title: str,
    day: date | None,
    paragraphs: Sequence[str],
    *,
    column: str,
    extra: str = "",
    drop: str = "",
    shown: bool = True,
    **more: str,
) -> str:
    """An article; ``extra`` is markup at the end of its text, ``drop`` a meta to leave out."""
    words = COLUMNS[column][0]
    values = {
        "ColumnName": words,
        "ColumnType": words,
        "ArticleTitle": title,
        "PubDate": f"{day} 09:30" if day else "",
        "ContentSource": f"{NAME}办公室",
    }
    metas = "".join(
        f'<meta name="{key}" content="{value}">\n' for key, value in values.items() if value and key != drop
    )
    body = "\n".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
    info = f"<p>发布时间：{day} 09:30　来源：{NAME}办公室</p>" if day and shown else ""
    return whole(
        f"{title}_{NAME}",
        f'<div class="article">\n<h1>{title}</h1>\n{info}\n<div class="TRS_Editor">\n{body}\n{extra}</div>\n</div>',
        metas=metas,
        crumbs=((words, f"/{column}/index.html"), ("正文", "")),
        **more,
    )


def listing(column: str, entries: Sequence[tuple[str, str, date]], *, pager: str = "", drop: str = "") -> str:
    """A list page; entries are (address, title, day)."""
    words = COLUMNS[column][0]
    values = {
        "ColumnName": words,
        "ColumnType": words,
        "ColumnDescription": f"{words}栏目发布本市有关信息",
        "ColumnKeywords": words,
    }
    metas = "".join(
        f'<meta name="{key}" content="{value}">\n' for key, value in values.items() if key != drop
    )
    items = "\n".join(
        f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in entries
    )
    inner = f"<ul>\n{items}\n</ul>" if entries else ""
    return whole(
        f"{words}_{NAME}",
        f'<div class="list">\n<h1>{words}</h1>\n{inner}\n</div>\n{pager}',
        metas=metas,
        crumbs=((words, ""),),
    )


_SUBJECTS = (
    "老旧小区改造", "农村公路养护", "义务教育招生", "养老服务补贴", "防汛物资储备", "就业技能培训", "知识产权保护",
    "公共图书馆开放", "城市绿化养护", "食品安全抽检", "电梯安全检查", "农贸市场整治", "河道清淤疏浚", "校园周边治理",
    "社区卫生服务", "残疾人就业帮扶", "文物普查登记", "垃圾分类收运", "供水管网改造", "公交线路优化", "耕地保护巡查",
    "消防通道清理", "企业信用修复", "青少年体育赛事", "渔船安全检查", "森林防火巡护", "便民停车设施", "民办幼儿园评估",
    "数据资源共享", "慈善募捐管理", "旅游景区服务", "气象灾害预警", "职业病防治", "乡镇污水处理", "燃气管道巡检",
    "志愿服务登记", "农产品质量追溯", "中小企业贷款", "无障碍设施建设", "法律援助服务", "传染病疫苗接种", "水库移民帮扶",
    "夜间经济街区", "古树名木保护", "农机购置补贴", "基层文化站建设", "道路交通秩序", "工伤保险参保", "住房公积金提取",
    "饮用水源保护", "危险房屋排查", "招商项目落地", "统计调查开展", "档案查阅利用", "人才公寓分配", "节约用水宣传",
    "乡村教师培训", "建筑工地扬尘", "家政服务提升", "地名标志设置", "粮食收购储备", "婚姻登记服务", "公益性岗位",
    "产业园区建设", "残膜回收利用", "殡葬服务管理", "村级财务公开", "社会救助核查", "药品零售监管", "水上交通安全",
)  # fmt: skip
_FORMS = {NEWS: "{}工作取得新进展", NOTICES: "关于做好{}工作的通知", POLICIES: "{}工作实施方案",
          READINGS: "《{}工作实施方案》解读", "zwdt": "某局推进{}工作"}  # fmt: skip


@dataclass
class _Slot:
    """One ordinary article."""

    column: str
    path: str
    title: str
    day: date
    paragraphs: tuple[str, ...]
    extra: str = ""
    more: dict[str, str] = field(default_factory=dict)
    shown: bool = True
    dated: bool = True

    def html(self) -> str:
        return article(
            self.title, self.day if self.dated else None, self.paragraphs, column=self.column, extra=self.extra,
            shown=self.shown, **self.more,
        )  # fmt: skip


def _slots(today: date) -> dict[str, list[_Slot]]:
    number, found = 0, {}
    for column, (_, count) in COLUMNS.items():
        made = []
        for k in range(count):
            age = STALE_DAYS + k if column == "zwdt" else k + 1 if column == NEWS else 3 + 9 * k
            day = today - timedelta(days=age)
            subject = _SUBJECTS[number % len(_SUBJECTS)]
            number += 1
            text = prose(7000 + 5 * number + 1).paragraphs[1:6]
            made.append(
                _Slot(
                    column,
                    f"/{column}/{day:%Y%m}/t{day:%Y%m%d}_{1000 + number}.html",
                    _FORMS[column].format(subject),
                    day,
                    tuple(p for p in text if p[1] != "、"),
                )
            )
        found[column] = made
    return found


def link(address: str, words: str) -> str:
    """A paragraph with one link."""
    return f'<p>　　有关情况见<a href="{address}">{words}</a>。</p>\n'


def build(night: int, today: date, others: dict[str, str]) -> Site:
    """The site as it is on a night.

    Args:
        night: 1 or 2.
        today: the day of both nights.
        others: addresses of the other servers, by name (see :func:`serve`).
    """
    site = Site(today, others, others["site"])
    slots = _slots(today)
    news, notices, policies, readings = (slots[column] for column in (NEWS, NOTICES, POLICIES, READINGS))
    _plant_links(site, news, notices, night)
    _plant_text(site, policies, readings, notices, night)
    home_links = ""
    for column, made in slots.items():
        home_links += _column(site, column, made, night)
    friends = f'<p>友情链接：<a href="{others["good"]}/">某省信息网</a></p>\n'
    site.plant("首页坏链", "site/dead_link", "/fwdt/index.html")
    home_links += '<p><a href="/fwdt/index.html">服务大厅</a> <a href="/wsbs/index.html">办事指南</a></p>\n'
    site.pages["/index.html"] = whole(NAME, f"<h1>{NAME}</h1>\n{home_links}{friends}")
    site.pages["/hdjl/jiucuo.html"] = whole(
        f"网站找错_{NAME}", "<h1>网站找错</h1>\n<p>　　如发现本网站内容有误，请致电 0595-00000000 告知。</p>"
    )
    site.plant("页头坏链", "site/dead_link", CHROME_DEAD, pages=None)
    for name in ("logo", "favicon", "dangzheng", "jiucuo", "photo"):
        site.files[f"/images/{name}.png"] = png(len(name))
    site.files["/css/site.css"] = b"body{font:16px/1.8 sans-serif}\n"
    site.files["/js/site.js"] = b"document.documentElement.lang='zh-CN';\n"
    site.files["/files/biao.xlsx"] = attachment("xlsx", "统计表")
    return site


def _column(site: Site, column: str, made: list[_Slot], night: int) -> str:
    """Write a column and its articles; returns its block on the home page."""
    for slot in made:
        site.pages[slot.path] = slot.html()
    entries = [(slot.path, slot.title, slot.day) for slot in made]
    size = 15
    lists = max(1, -(-len(entries) // size))
    for n in range(lists):
        near = "".join(
            f'<a href="{"index.html" if i == 0 else f"index_{i}.html"}">{i + 1}</a> ' for i in range(lists)
        )
        pager = f'<div class="pager">{near}</div>\n' if lists > 1 else ""
        site.pages[f"/{column}/index{f'_{n}' if n else ''}.html"] = listing(
            column,
            entries[n * size : (n + 1) * size],
            pager=pager,
            drop="ColumnName" if column == READINGS else "",
        )
    newest = "\n".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in entries[:5])
    return f'<div class="block"><h2><a href="/{column}/index.html">{COLUMNS[column][0]}</a></h2><ul>\n{newest}</ul></div>\n'


_UNSURE = ("site/dead_link", "site/unsure_link")


def _plant_links(site: Site, news: list[_Slot], notices: list[_Slot], night: int) -> None:
    """Faults of links, one an article."""
    others, plant = site.others, site.plant
    for slot in news[:3]:
        slot.extra += link("/zwgk/2018/jd.html", "往年情况")
    news[0].extra += '<p><img src="/images/photo.png" alt="会议现场"></p>\n'
    news[1].extra += '<p>附件：<a href="/files/biao.xlsx">统计表</a></p>\n'
    plant("三页同一坏链", "site/dead_link", "/zwgk/2018/jd.html", pages=3)

    def one(
        n: int, address: str, kind: str, rules: str | Sequence[str], nights: tuple[int, ...] = (1, 2)
    ) -> None:
        if night in nights:
            news[n].extra += link(address, "相关网页")
        plant(kind, rules, address.replace("&amp;", "&"), nights=nights)

    one(3, "/gone/a.html", "已删除（410）", "site/dead_link")
    one(4, "/app/b.html", "服务器出错（500）", "site/dead_link", nights=(1,))
    one(5, others["nowhere"] + "/", "域名不存在", _UNSURE)
    one(6, others["refused"] + "/", "拒绝连接", _UNSURE)
    one(7, others["reset"] + "/cut.html", "中途断开", _UNSURE)
    one(8, others["silent"] + "/", "没有回应", _UNSURE)
    one(9, others["expired"] + "/", "证书过期", "site/dead_link")
    one(10, others["other"] + "/", "证书与域名不符", "site/dead_link")
    one(11, others["old"] + "/", "协议过时", _UNSURE)
    one(12, others["untrusted"] + "/", "证书不受信任", _UNSURE)
    one(13, "/moved/a.html", "永久迁移", "site/moved")
    one(14, "/chain/a.html", "多次永久迁移", "site/moved")
    one(15, "/loop/a.html", "来回跳转", "site/redirect_loop")
    one(16, "/retired/a.html", "转到首页", "site/redirect_to_home")
    one(17, f"{notices[0].path}#shenbao", "别页没有该位置", "site/broken_fragment")
    one(18, "#fujian9", "本页没有该位置", ("links/broken_fragment", "site/broken_fragment"))
    one(19, "/wsbs/bszn/2019/a.html", "软 404", "site/soft_404")
    one(20, others["parked"] + "/", "域名出售", "site/parked_domain")
    one(21, others["gambling"] + "/", "外链赌博网站", "site/bad_outlink")
    one(22, "/zwgk/2017/xf.html", "第二夜已改正的坏链", "site/dead_link", nights=(1,))
    news[23].extra += '<p><img src="/images/lost.png" alt="现场"></p>\n'
    plant("图片打不开", "site/dead_resource", "/images/lost.png")

    notices[0].extra += '<p>附件：<a href="/files/lost.docx">申报表</a></p>\n'
    plant("附件打不开", "site/dead_attachment", "/files/lost.docx")
    notices[1].extra += f'<p><img src="{others["plain"]}/photo.png" alt="现场照片"></p>\n'
    plant("混合内容", ("site/mixed_content", "links/mixed_content"), f"{others['plain']}/photo.png")
    notices[2].more["head"] = (
        '<link rel="stylesheet" href="/css/lost.css">\n<script src="/js/lost.js"></script>\n'
    )
    plant("样式打不开", "site/dead_resource", "/css/lost.css")
    plant("脚本打不开", "site/dead_resource", "/js/lost.js")
    for n, (kind, rule, html) in enumerate((
        ("暗链：样式隐藏", "dark_link", '<div style="display:none"><a href="{0}">澳门赌场在线开户</a></div>'),
        ("暗链：移出屏幕", "dark_link", '<div style="position:absolute;left:-9999px"><a href="{0}">百家乐投注平台</a></div>'),
        ("暗链：字号极小", "dark_link", '<span style="font-size:0"><a href="{0}">时时彩计划网</a></span>'),
        ("暗链：注释之中", "commented_links", '<!-- <a href="{0}">北京赛车投注</a> -->'),
        ("暗链：脚本写入", "injected_script", "<script>document.write('<div style=\"display:none\"><a href=\"{0}\">博彩网站大全</a></div>');</script>"),
    )):  # fmt: skip
        address = f"{others['good']}/d{n + 1}.html"
        notices[3 + n].extra += html.format(address) + "\n"
        plant(kind, f"links/{rule}", address if rule == "dark_link" else notices[3 + n].path)
    upper = f"/{NOTICES}/ZXFW.html"
    notices[8].extra += link(upper, "在线服务") + link(upper.lower(), "在线服务入口")
    for path in (upper, upper.lower()):
        site.pages[path] = whole(
            f"在线服务_{NAME}", "<h1>在线服务</h1>\n<p>　　本页提供在线服务的办理入口和咨询方式。</p>"
        )
    plant("大小写两个网址", "site/case_duplicates", upper.lower(), pages=2)
    notices[9].extra += link("/zt/fwzl", "服务专栏") + link("/zt/fwzl/", "服务专栏入口")
    site.pages["/zt/fwzl/index.html"] = whole(
        f"服务专栏_{NAME}", "<h1>服务专栏</h1>\n<p>　　本专栏集中介绍各类公共服务事项的办理方式。</p>"
    )
    plant("有无斜杠两个网址", "site/slash_duplicates", "/zt/fwzl", pages=2)
    site.pages["/wsbs/index.html"] = whole(
        f"办事指南_{NAME}",
        f"<h1>办事指南</h1>\n{link('/wsbs/bszn/a.html', '事项清单')}{link('/admin/index.html', '后台入口')}",
    )
    plant("robots.txt 不允许访问", "site/unsure_link", "/admin/index.html")
    site.pages["/wsbs/bszn/a.html"] = whole(
        f"事项清单_{NAME}", "<h1>事项清单</h1>\n<p>　　事项清单按部门和主题分类列出，供办事群众查询。</p>"
    )


def _plant_text(
    site: Site, policies: list[_Slot], readings: list[_Slot], notices: list[_Slot], night: int
) -> None:
    """Faults of pages and of the site as a whole."""
    plant = site.plant
    first, second = policies[0], policies[1]
    first.paragraphs = (*first.paragraphs[:-1], f"{first.paragraphs[-1]}会议布署了下一步工作。")
    plant("错别字", ("typo/homophone", "typo/word", "typo/confusion"), "布署")
    second.dated = False
    plant("没有发布时间", "site/no_publication_time", second.path)
    plant("缺少 PubDate 标签", ("site/missing_tag", "tags/missing"), "PubDate")
    future = policies[2]
    future.day = site.today + timedelta(days=20)
    future.path = f"/{POLICIES}/{future.day:%Y%m}/t{future.day:%Y%m%d}_1800.html"
    plant("发布时间在将来", "site/future_date", future.path)
    odd = policies[3]
    odd.path = f"/{POLICIES}/201901/t20190115_1900.html"
    plant("网址日期与发布时间不符", "site/url_date_mismatch", odd.path)
    policies[4].more["foot"] = footer(without="police")
    plant("缺公安备案标识", "site/footer_mark", policies[4].path)
    policies[5].more["foot"] = footer(entry=False)
    plant("缺找错入口", "site/no_error_entry", policies[5].path)
    policies[6].more["drop"] = "ContentSource"
    plant("缺内容标签", ("site/missing_tag", "tags/missing"), "ContentSource")
    plant("缺栏目标签", ("site/missing_tag", "tags/missing"), "ColumnName")
    policies[7].more["code"] = "3505820009"
    policies[7].more["foot"] = footer()
    plant("标识码不一致", ("site/site_code", "tags/site_id_mismatch"), "3505820009")
    policies[8].more["name"] = "某某市人民政府"
    plant("网站名称不一致", "site/site_name", "某某市人民政府")

    lonely = "/zwgk/gz/lonely.html"
    site.pages[lonely] = whole(
        f"旧版说明_{NAME}", "<h1>旧版说明</h1>\n<p>　　本页介绍旧版网站的栏目设置情况。</p>"
    )
    plant("孤立网页", "site/orphan_page", lonely)
    readings[1].title, readings[1].paragraphs = readings[0].title, readings[0].paragraphs
    plant("重复文章", "site/duplicate_article", readings[0].title, pages=2)
    changed = list(readings[2].paragraphs)
    changed[0] = f"按照年度工作安排，{changed[0]}"
    readings[3].title, readings[3].paragraphs = readings[2].title, tuple(changed)
    plant("近似文章", "site/near_duplicate", readings[2].title, pages=2)
    for slot in notices[10:12]:
        slot.paragraphs = (f"某政办〔{site.today.year - 1}〕15号", *slot.paragraphs)
    plant("同一文号两个标题", "site/number_conflict", "15号", pages=2)
    readings[4].paragraphs = (*readings[4].paragraphs, "市民政局办公室电话：0595-00000011。")
    readings[5].paragraphs = (*readings[5].paragraphs, "市民政局办公室电话：0595-00000012。")
    plant("同一机构两个电话", "site/claim_conflict", "0000001", pages=1)
    plant("栏目长期未更新", "site/stale_column", "部门动态")
    plant("空白栏目", "site/blank_column", "人事信息")
    _second_night(site, readings, night)


def _second_night(site: Site, readings: list[_Slot], night: int) -> None:
    """What differs between the nights, besides the link put right."""
    plant = site.plant
    if night == 2:
        readings[6].paragraphs = (*readings[6].paragraphs, "各单位要认真按排下一步工作。")
        readings[7].day -= timedelta(days=5)
        old = site.today - timedelta(days=60)
        readings.append(
            _Slot(
                READINGS,
                f"/{READINGS}/{old:%Y%m}/t{old:%Y%m%d}_2600.html",
                "《城乡居民养老保险办法》解读",
                old,
                tuple(p for p in prose(9001).paragraphs[1:6] if p[1] != "、"),
            )
        )
    plant("第二夜改出的错别字", ("typo/homophone", "typo/word", "typo/confusion"), "按排", nights=(2,))
    plant("正文未改而改日期", "site/date_changed", readings[7].path, nights=(2,))
    old = site.today - timedelta(days=60)
    plant(
        "倒填日期",
        "site/published_before_seen",
        f"/{READINGS}/{old:%Y%m}/t{old:%Y%m%d}_2600.html",
        nights=(2,),
    )


PARKED = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>该域名正在出售</title></head>
<body><h1>该域名正在出售</h1><p>This domain is for sale. 如需购买此域名，请联系域名所有者。</p></body></html>"""
GAMBLING = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>澳门新葡京娱乐城_百家乐在线投注</title></head>
<body><h1>澳门新葡京娱乐城</h1><p>百家乐、轮盘、老虎机在线投注，注册即送彩金，博彩首选平台。</p></body></html>"""
_ERROR = "/error/404.html"
_DIRECTIVES = (
    "location /gone/ { return 410; }",
    "location /app/ { return 500; }",
    "location = /moved/a.html { return 301 /wsbs/index.html; }",
    "location = /chain/a.html { return 301 /chain/b.html; }",
    "location = /chain/b.html { return 308 /chain/c.html; }",
    "location = /chain/c.html { return 301 /wsbs/index.html; }",
    "location = /loop/a.html { return 302 /loop/b.html; }",
    "location = /loop/b.html { return 302 /loop/a.html; }",
    "location /retired/ { return 302 /; }",
    f"location /wsbs/bszn/ {{ error_page 404 =200 {_ERROR}; }}",
    "location = /zt/fwzl { try_files /zt/fwzl/index.html =404; }",
)


def neglected(today: date, others: dict[str, str]) -> Site:
    """Another site, which nobody has looked after for two months: the faults a site has as a whole."""
    site = Site(today, others, others["neglected"])
    plant = site.plant
    bare = footer(without="police", entry=False)
    stale = ("政务动态", "部门新闻", "镇街动态", "政务要闻", "图片新闻", "工作动态")
    blank = ("规划计划", "统计信息", "应急管理", "人事信息", "财政资金")
    nav = "".join(
        f'<li><a href="/c{n}/index.html">{words}</a></li>' for n, words in enumerate((*stale, *blank))
    )

    def page(title: str, body: str, metas: str = "", trail: str = "") -> str:
        return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="SiteName" content="{NAME}">
<meta name="SiteDomain" content="127.0.0.1">
<meta name="SiteIDCode" content="{CODE}">
{metas}</head>
<body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li>{nav}</ul></div>
{trail}{body}
{bare}</body>
</html>
"""

    def metas(**values: str) -> str:
        return "".join(f'<meta name="{name}" content="{value}">\n' for name, value in values.items())

    newest = []
    for n, words in enumerate((*stale, *blank)):
        items = ""
        tags = metas(
            ColumnName=words, ColumnType=words, ColumnDescription=f"{words}栏目", ColumnKeywords=words
        )
        if words in stale:
            day = today - timedelta(days=60 + n)
            title, path = f"某局推进{_SUBJECTS[n]}工作", f"/c{n}/{day:%Y%m}/t{day:%Y%m%d}_{n}.html"
            items = f'<ul>\n<li><a href="{path}">{title}</a><span>{day}</span></li>\n</ul>'
            newest.append(items)
            text = "\n".join(f"<p>　　{p}</p>" for p in prose(8001 + 5 * n).paragraphs[1:5] if p[1] != "、")
            own = metas(ColumnName=words, ColumnType=words, ArticleTitle=title, PubDate=f"{day} 09:30",
                        ContentSource=f"{NAME}办公室")  # fmt: skip
            site.pages[path] = page(
                f"{title}_{NAME}",
                f'<div class="article">\n<h1>{title}</h1>\n<p>发布时间：{day} 09:30　来源：{NAME}办公室</p>\n'
                f'<div class="TRS_Editor">\n{text}\n</div>\n</div>',
                own,
                f'<div class="breadcrumb">您的位置：<a href="/">首页</a> &gt; <a href="/c{n}/index.html">{words}</a>'
                " &gt; 正文</div>\n",
            )
            plant(f"停更：{words}", "site/stale_column", f"“{words}”")
        else:
            plant(f"空白：{words}", "site/blank_column", f"“{words}”")
        site.pages[f"/c{n}/index.html"] = page(
            f"{words}_{NAME}",
            f'<div class="list">\n<h1>{words}</h1>\n{items}\n</div>',
            tags,
            f'<div class="breadcrumb">您的位置：<a href="/">首页</a> &gt; {words}</div>\n',
        )
    friends = f'<p>友情链接：<a href="{others["good"]}/">某省信息网</a></p>'
    site.pages["/index.html"] = page(NAME, f"<h1>{NAME}</h1>\n{''.join(newest)}\n{friends}")
    for name in ("dangzheng", "jiucuo"):
        site.files[f"/images/{name}.png"] = png(len(name))
    plant("首页未更新", "site/home_not_updated", "首页")
    plant("停更栏目过多", "site/many_stale_columns", "栏目", pages=len(stale))
    plant("空白栏目过多", "site/many_blank_columns", "栏目", pages=len(blank))
    plant("首页没有找错入口", "site/no_error_entry_home", "首页")
    plant("各页没有找错入口", "site/no_error_entry", "找错", pages=len(site.pages) - 1)
    plant("各页缺公安备案标识", "site/footer_mark", "公安", pages=len(site.pages))
    plant("没有离站提示", "site/leave_prompt", others["good"].partition("//")[2])
    return site


@dataclass
class Running:
    """The servers of a fault site.

    Attributes:
        home: address of the home page, with a slash. ``neglected``: of the second site.
        ca: certificate authority a client must trust (``SSL_CERT_FILE``).
        log: access log of all servers.
        show: put the site of a night online; returns it. ``neglect``: the second site.
    """

    home: str
    neglected: str
    ca: Path
    log: Path
    show: Callable[[int], Site]
    neglect: Callable[[], Site]


@contextmanager
def serve(folder: Path, today: date | None = None) -> Iterator[Running]:
    """Start all servers; they stop at the end, whatever happens.

    Args:
        folder: an empty folder for pages, certificates and the log.
        today: the day of both nights; the clock's (UTC) where ``None``.
    """
    today = today or datetime.now(UTC).date()
    now = datetime.now(UTC)
    valid = (f"{now - timedelta(days=2):%Y%m%d%H%M%SZ}", f"{now + timedelta(days=20):%Y%m%d%H%M%SZ}")
    past = (f"{now - timedelta(days=30):%Y%m%d%H%M%SZ}", f"{now - timedelta(days=3):%Y%m%d%H%M%SZ}")
    ca = certificates(
        folder / "tls",
        {
            "site": ("IP:127.0.0.1", *valid),
            "expired": ("IP:127.0.0.3", *past),
            "other": ("DNS:www.example.com", *valid),
            "old": ("IP:127.0.0.7", *valid),
        },
    )
    certificates(folder / "tls2", {"untrusted": ("IP:127.0.0.8", *valid)})
    root, outside, parked, gambling = (folder / name for name in ("www", "good", "parked", "gambling"))
    good = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>某省信息网</title></head>
<body><h1>某省信息网</h1><p>本网站介绍某省概况、风景名胜和公共服务信息。</p></body></html>"""
    for where, names, html in (
        (outside, ("index", "d1", "d2", "d3", "d4", "d5"), good),
        (parked, ("index",), PARKED),
        (gambling, ("index",), GAMBLING),
    ):
        where.mkdir()
        for name in names:
            (where / f"{name}.html").write_text(html, encoding="utf-8")
    (outside / "photo.png").write_bytes(png(3))
    root.mkdir()
    (folder / "neglected").mkdir()
    tls, old = folder / "tls", ("ssl_protocols TLSv1 TLSv1.1;", "ssl_ciphers ALL:@SECLEVEL=0;")
    blocks = {
        "site": Block(root, "127.0.0.1", 0, _DIRECTIVES, tls / "site"),
        "good": Block(outside, "127.0.0.2"),
        "expired": Block(outside, "127.0.0.3", 0, (), tls / "expired"),
        "other": Block(outside, "127.0.0.4", 0, (), tls / "other"),
        "parked": Block(parked, "127.0.0.5"),
        "gambling": Block(gambling, "127.0.0.6"),
        "old": Block(outside, "127.0.0.7", 0, old, tls / "old"),
        "untrusted": Block(outside, "127.0.0.8", 0, (), folder / "tls2" / "untrusted"),
        "neglected": Block(folder / "neglected"),
        "reset": Block(outside, "127.0.0.9", 0, ("return 444;",)),
    }
    log = folder / "access.log"
    with ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.11", 0), backlog=64))
        bases = stack.enter_context(running(list(blocks.values()), cached=0, log=log))
        others = dict(zip(blocks, bases, strict=True))
        home = others["site"]
        others |= {
            "plain": others["good"],
            "silent": f"http://127.0.0.11:{silent.getsockname()[1]}",
            "refused": f"http://127.0.0.10:{free_port('127.0.0.10')}",
            "nowhere": "http://www.example.invalid",
        }

        def show(night: int) -> Site:
            site = build(night, today, others)
            _write(root, site, now - timedelta(days=1) if night == 1 else now)
            return site

        def neglect() -> Site:
            site = neglected(today, others)
            _write(folder / "neglected", site, now)
            return site

        yield Running(f"{home}/", f"{others['neglected']}/", ca, log, show, neglect)


def _write(root: Path, site: Site, moment: datetime) -> None:
    """Bring a folder to what a site is; files that stay as they are keep their time of change."""
    error = whole(
        f"页面不存在_{NAME}",
        "<h1>抱歉，您访问的页面不存在</h1>\n<p>　　该页面可能已被删除或更名。</p>",
        foot=footer(),
    )
    robots = b"User-agent: *\nDisallow: /admin/\n"
    urls = "".join(
        f"<url><loc>{site.home}{path.removesuffix('index.html') if path == '/index.html' else path}</loc></url>\n"
        for path in site.pages
        if path.startswith(("/zwgk/", "/index"))
    )
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</urlset>\n"
    )
    wanted = {path: html.encode() for path, html in site.pages.items()} | site.files
    wanted |= {_ERROR: error.encode(), "/robots.txt": robots, "/sitemap.xml": sitemap.encode()}
    for path, data in wanted.items():
        file = root / path.lstrip("/")
        if file.is_file() and file.read_bytes() == data:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        os.utime(file, (moment.timestamp(), moment.timestamp()))
    for file in list(root.rglob("*.html")):
        if f"/{file.relative_to(root).as_posix()}" not in wanted:
            file.unlink()
