"""``shenjiao init``."""

from __future__ import annotations

from pathlib import Path

import click

from qa.cli._base import CliError, Command

CONFIG = """\
# 审校配置。用 shenjiao rules 查规则编号；写错的键、规则和级别都会报错，不会被悄悄忽略。

[shenjiao]
# 本站词库：自有用语、固定表述、领导同志名单等
packs = ["shenjiao-site.toml"]

# 达到此级别即不通过：note（提示）、warning（警告）、error（错误）、veto（一票否决）、none（不阻断）
gate = "error"

# 只用或不用哪些规则：可写编号（typo/homophone）、类别（typo）、环节（proof1）、级别（note）
# select = ["typo", "punctuation", "review2"]
# ignore = ["punctuation/dunhao_between_marks"]

# 也用试行规则
preview = false

# 本站域名，用来分清站内外链接
# domains = ["www.example.gov.cn"]

# 检查文件夹时略过的路径；.gitignore 中的路径本来就会略过
# exclude = ["模板/", "*.bak.html"]

# 即使被 .gitignore 排除或在隐藏文件夹中也要检查的路径
# include = ["public/"]

# 联网检查外部链接
links = false

# 上年度信息公开年报，用来核对结转数
# last-year = "年报/2024.html"

# 已知问题的基线：其中已有的问题不再阻断
# baseline = "shenjiao-baseline.json"

# 单个文件的大小上限（MB）
# max-size = 64

# 各环节单独设阻断级别：proof1 一校、proof2 二校、proof3 三校、review1 初审、review2 复审、review3 终审
[gates]
# proof2 = "none"
# review2 = "warning"

# 调整规则的级别
[levels]
# "punctuation/dunhao_between_marks" = "warning"

# 个别路径另作规定
# [[overrides]]
# paths = ["转载/**"]
# ignore = ["proof2"]
# gates = { proof1 = "veto" }

# 每晚体检的网站，一个站点一段；key 是命令行用的简称，out 是存放结果的文件夹，at 是开始时刻
# [[sites]]
# home = "https://www.example.gov.cn/"
# name = "某某市人民政府"
# unit = "某某市人民政府办公室"
# code = "3300000001"
# key = "main"
# out = "体检/main"
# at = "01:30"
# max-pages = 20000
# rate = 10

# 栏目类型：news 动态要闻、notice 通知公告、policy 政策文件、interpretation 政策解读、message 留言公开
# [[sites.columns]]
# url = "/zwgk/tzgg/"
# name = "通知公告"
# type = "notice"

# 本站另定的期限，以天计
# [sites.thresholds.columns]
# notice = 90

# 问题台账；用 PostgreSQL 时写 postgresql://用户@主机/库名，密码放在 ~/.pgpass
# [ledger]
# url = "sqlite:///体检/ledger.db"

# 提交前检查通过的稿件记到哪里，供 shenjiao recheck 复查：.jsonl 文件，或台账地址
# [hook]
# approvals = "批准记录.jsonl"
"""

PACK = """\
# 本站词库样例。日期写作 2025-03-01，含起止当日；没有的项可以不写。

# 通用词表中不必在本站报的词
silence = []

# 含有这些词语时，其中任何部分都不报（如本地地名、单位名）
allow = []

# 自有用语：term 是要找的词，replace 是应有的写法，except 是可以这样写的更长词语
[[word]]
term = "某某镇政府"
replace = ["某某镇人民政府"]
level = "warning"
note = "用全称"

# 固定表述：写得相近而不全的会提示
[[phrase]]
phrase = "一号工程二号行动三号计划"
since = 2024-01-01

# 领导同志名单：name 姓名，title 职务，order 排序，since、until 任职起止
# [[official]]
# name = "张三"
# title = "市长"
# order = 1
# since = 2024-02-01

# 机构更名：old 旧称，new 新称
# [[institution]]
# old = "某某市旧局"
# new = "某某市新局"
# since = 2024-03-01

# 本地文件：number 文号，title 标题
# [[document]]
# number = "某政发〔2024〕1号"
# title = "某某市人民政府关于某项工作的意见"
"""


@click.command(cls=Command)
@click.argument("folder", metavar="[FOLDER]", default=".")
@click.option("--force", is_flag=True, help="覆盖已有的文件")
def init(folder: str, force: bool) -> int:
    """在文件夹中生成配置文件 shenjiao.toml 和本站词库样例 shenjiao-site.toml。"""
    from qa.files import cause, display, write_atomic

    place = Path(folder)
    if not place.is_dir():
        raise CliError(f"{display(place)}：文件夹不存在")
    files = {place / "shenjiao.toml": CONFIG, place / "shenjiao-site.toml": PACK}
    present = [display(path) for path in files if path.exists()]
    if present and not force:
        raise CliError(f"{'、'.join(present)} 已存在；要覆盖请加 --force")
    for path, text in files.items():
        try:
            write_atomic(path, text.encode("utf-8"))
        except OSError as error:
            raise CliError(f"{display(path)} 无法写入：{cause(error)}") from None
        click.echo(f"已生成 {display(path)}")
    return 0
