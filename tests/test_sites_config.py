"""``[[sites]]`` and ``[ledger]`` of ``shenjiao.toml``."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from qa.cli.init import CONFIG
from qa.config import Config, ConfigError, Names, load
from qa.site.entries import Sites, load_sites
from qa.site.model import Column
from qa.site.options import CrawlOptions

HOME = 'home = "https://www.example.gov.cn/"\n'


@pytest.fixture(autouse=True)
def _no_ledger_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHENJIAO_LEDGER", raising=False)


def sites(folder: Path, words: str) -> Sites:
    path = folder / "shenjiao.toml"
    path.write_text(words, encoding="utf-8")
    return load_sites(path)


def one(folder: Path, words: str) -> Any:
    (entry,) = sites(folder, f"[[sites]]\n{words}").entries
    return entry


TWO = """
[[sites]]
home = "https://www.example.gov.cn/"
name = "某市人民政府"
key = "city"
[[sites]]
home = "https://b.example.gov.cn/"
"""


def test_everything_of_a_site(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        """
        url = "HTTPS://WWW.example.gov.cn:443"
        name = " 某市人民政府 "
        unit = "某市政府办"
        code = 3300000001
        key = "city"
        out = "体检/市"
        at = 1:05
        unimportant = "/old/"
        seeds = ["/zwgk/", "https://a.example.gov.cn/"]
        hosts = ["*.example.gov.cn", "b.example.com:8080"]
        include = ["https://www.example.gov.cn/", "re:^https://.*[.]html$"]
        exclude = "re:/print/"
        max-pages = 20000
        max_depth = 6
        rate = 2
        timeout = 12.5
        robots = false
        user-agent = "体检"
        [[sites.columns]]
        url = "/zwgk/tzgg/"
        name = "通知公告"
        type = "notice"
        days = 90
        [sites.thresholds.home]
        days = 7
        [sites.thresholds.footer]
        marks = ["icp", "police"]
        [sites.thresholds.links]
        home_points = 1
        """.replace("1:05", '"1:05"'),
    )
    assert (entry.key, entry.at, entry.label) == ("city", "01:05", "某市人民政府")
    assert entry.out == tmp_path / "体检" / "市"
    site = entry.site
    assert (site.home, site.name, site.unit, site.code) == (
        "https://www.example.gov.cn/", "某市人民政府", "某市政府办", "3300000001",
    )  # fmt: skip
    assert site.columns == (Column("https://www.example.gov.cn/zwgk/tzgg/", "通知公告", "notice", 90),)
    assert site.unimportant == ("https://www.example.gov.cn/old/",)
    assert site.thresholds == {
        "home": {"days": 7}, "footer": {"marks": ["icp", "police"]}, "links": {"home_points": 1.0},
    }  # fmt: skip
    assert entry.crawl == CrawlOptions(
        seeds=("https://www.example.gov.cn/zwgk/", "https://a.example.gov.cn/"),
        hosts=("*.example.gov.cn", "b.example.com:8080"),
        include=("https://www.example.gov.cn/", "re:^https://.*[.]html$"),
        exclude=("re:/print/",),
        max_pages=20000,
        max_depth=6,
        rate=2.0,
        timeout=12.5,
        robots=False,
        user_agent="体检",
    )
    assert isinstance(entry.crawl.rate, float)


def test_what_is_not_said(tmp_path: Path) -> None:
    entry = one(tmp_path, HOME)
    assert (entry.key, entry.label, entry.at) == ("example.gov.cn", "example.gov.cn", "01:30")
    assert entry.out == tmp_path / "example.gov.cn"
    assert entry.crawl == CrawlOptions()
    assert one(tmp_path, 'home = "http://127.0.0.1:8080/"').out == tmp_path / "127.0.0.1_8080"
    assert one(tmp_path, HOME + "at = 23:59:59").at == "23:59"
    assert sites(tmp_path, "") == Sites((), "", tmp_path)


@pytest.mark.parametrize("item", fields(CrawlOptions), ids=lambda item: item.name)
def test_every_option_of_a_crawl_may_be_set(tmp_path: Path, item: Any) -> None:
    written, meant = {
        bool: ("true" if item.default is False else "false", not item.default),
        int: ("7", 7),
        float: ("7", 7.0),
        str: ('"值"', "值"),
        tuple: ('["https://b.example.gov.cn/"]', ("https://b.example.gov.cn/",)),
    }[type(item.default)]
    if item.name == "hosts":
        written, meant = '"b.example.gov.cn"', ("b.example.gov.cn",)
    entry = one(tmp_path, f"{HOME}{item.name.replace('_', '-')} = {written}")
    assert getattr(entry.crawl, item.name) == meant


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('name = "某市"', "第 1 个 [[sites]]：缺少 home（首页地址）"),
        ('home = "www.example.gov.cn"', "“home”应为网址，如 https://www.example.gov.cn/，实际是"),
        ('home = "/zwgk/"', "“home”应为网址"),
        ('home = "ftp://www.example.gov.cn/"', "“home”应为网址"),
        ('home = "https://u:geheim@www.example.gov.cn/"', "网址里不要写用户名和密码"),
        ("home = 5", "“home”应为文字，实际是 5"),
        (HOME + 'url = "https://b.example.gov.cn/"', "home 与 url 是一回事"),
        (HOME + "max-page = 5", "不认识的键“max-page”，是不是“max-pages”？"),
        (HOME + "max-pages = 5\nmax_pages = 6", "“max-pages”写了两次"),
        (HOME + "max-pages = -1", "“max-pages”应为不小于 0 的整数"),
        (HOME + "concurrency = 0", "“concurrency”应为不小于 1 的整数"),
        (HOME + "timeout = 0", "“timeout”应为大于 0 的数，实际是 0"),
        (HOME + "rate = inf", "“rate”应为不小于 0 的数"),
        (HOME + "rate = true", "“rate”应为不小于 0 的数"),
        (HOME + 'robots = "no"', "“robots”应为 true 或 false"),
        (HOME + 'user-agent = "a\\nb"', "“user-agent”应为一行文字"),
        (HOME + 'exclude = "re:("', "“exclude”里的正则表达式 're:(' 有误"),
        (HOME + 'seeds = "zwgk"', "“seeds”应为网址，如 https://www.example.gov.cn/zwgk/，或路径 /zwgk/"),
        (HOME + 'hosts = "https://b.example.gov.cn/"', "“hosts”应写主机名"),
        (HOME + 'at = "25:00"', "“at”应为时刻，如 01:30，实际是 '25:00'"),
        (HOME + 'at = "12:60"', "“at”应为时刻"),
        (HOME + "at = 130", "“at”应为时刻"),
        (HOME + 'code = "12"', "“code”应为十位网站标识码"),
        (HOME + "code = true", "“code”应为十位网站标识码"),
        (HOME + 'key = "a b"', "“key”应为简称：不能有空白和斜线"),
        (HOME + 'key = "-x"', "“key”应为简称"),
        (HOME + 'out = "a\\nb"', "“out”应为文件夹路径"),
        (HOME + 'columns = "/a/"', "“columns”应为表的列表，写作 [[columns]]"),
        (HOME + '[[sites.columns]]\nname = "甲"', "第 1 个 [[columns]]：缺少 url（栏目地址）"),
        (HOME + '[[sites.columns]]\nurl = "/a/"\ntype = "notices"', "没有栏目类型“notices”"),
        (HOME + '[[sites.columns]]\nurl = "/a/"\ntyp = "notice"', "不认识的键“typ”，是不是“type”？"),
        (HOME + '[[sites.columns]]\nurl = "/a/"\ndays = 1.5', "“days”应为不小于 0 的整数"),
        (HOME + "[sites.thresholds.hom]\ndays = 3", "不认识的键“hom”，是不是“home”？"),
        (HOME + "[sites.thresholds.home]\nday = 3", "不认识的键“day”，是不是“days”？"),
        (HOME + "[sites.thresholds.home]\ndays = -3", "“days”应为不小于 0 的整数"),
        (HOME + '[sites.thresholds.links]\nhome_points = "x"', "“home_points”应为不小于 0 的数"),
        (HOME + '[sites.thresholds.footer]\nmarks = ["icb"]', "“marks”里没有“icb”这一项"),
        (HOME + "[sites.thresholds]\nhome = 3", "“home”应为表，写作 [home]"),
    ],
)
def test_mistakes(tmp_path: Path, words: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        one(tmp_path, words)
    assert message in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (f"[[sites]]\n{HOME}[[sites]]\n{HOME}key = 'b'", "第 2 个 [[sites]]：首页地址与第 1 个站点相同"),
        (
            TWO + 'name = "某市人民政府"',
            "名称（name）与第 1 个站点相同",
        ),
        (
            "[[sites]]\nhome = 'https://a.example.gov.cn/x/'\n[[sites]]\nhome = 'https://a.example.gov.cn/y/'",
            "简称（key）与第 1 个站点相同",
        ),
        (
            TWO + 'out = "./x/../city"',
            "文件夹（out）与第 1 个站点相同",
        ),
        ("[[site]]\nhome = 'x'", "不认识的键“site”，是不是“sites”？"),
        ("[ledger]\nurls = 'x'", "不认识的键“urls”，是不是“url”？"),
        ("[ledger]\nurl = ''", "“url”应为台账地址"),
        (
            "[ledger]\nurl = 'mysql://u:geheim@h/x'",
            "[ledger]：台账地址应写作 sqlite:///文件路径 或 postgresql://",
        ),
        ("[ledger]\nurl = 'sqlite:///'", "[ledger]：台账地址应写作"),
        ("[ledger]\nurl = 'postgresql:x'", "[ledger]：台账地址应写作"),
        ("sites = 3", "“sites”应为表的列表，写作 [[sites]]"),
    ],
)
def test_mistakes_of_the_file(tmp_path: Path, words: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        sites(tmp_path, words)
    assert message in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_sites_by_name(tmp_path: Path) -> None:
    found = sites(tmp_path, TWO)
    first, second = found.entries
    assert found.pick([]) == (first, second)
    for word in ("city", "某市人民政府", "https://www.example.gov.cn", "https://www.example.gov.cn/#top"):
        assert found.find(word) is first
    assert found.pick(["b.example.gov.cn", "city", "某市人民政府"]) == (second, first)
    with pytest.raises(ConfigError, match="没有站点“ctiy”，是不是“city”？"):
        found.pick(["ctiy"])
    with pytest.raises(ConfigError, match=r"没有站点“别处”（已有：city、b\.example\.gov\.cn）"):
        found.find("别处")
    with pytest.raises(ConfigError, match="没有站点，请用"):
        sites(tmp_path, "").pick([])


def test_where_the_ledger_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sites(tmp_path, "").ledger_url == f"sqlite:///{tmp_path}/ledger.db"
    assert sites(tmp_path, TWO).ledger_url == f"sqlite:///{tmp_path}/ledger.db"
    below = TWO.replace('key = "city"', 'out = "体检/a"') + 'out = "体检/b"\n'
    assert sites(tmp_path, below).ledger_url == f"sqlite:///{tmp_path}/体检/ledger.db"
    apart = TWO.replace('key = "city"', 'out = "x/a"') + 'out = "y/b"\n'
    assert sites(tmp_path, apart).ledger_url == f"sqlite:///{tmp_path}/ledger.db"
    own = '[ledger]\nurl = "sqlite:///台账/a b.db"\n'
    assert sites(tmp_path, own).ledger_url == f"sqlite:///{tmp_path}/台账/a b.db"
    server = '[ledger]\nurl = "postgres://u@h/x"\n'
    assert sites(tmp_path, server).ledger_url == "postgresql://u@h/x"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHENJIAO_LEDGER", "sqlite:///env.db")
    assert sites(tmp_path, own).ledger_url == f"sqlite:///{tmp_path}/env.db"
    monkeypatch.setenv("SHENJIAO_LEDGER", "oracle://geheim")
    with pytest.raises(ConfigError, match="环境变量 SHENJIAO_LEDGER：台账地址应写作") as caught:
        _ = sites(tmp_path, own).ledger_url
    assert "geheim" not in str(caught.value)


def test_the_whole_configuration_knows_its_sites(tmp_path: Path) -> None:
    path = tmp_path / "shenjiao.toml"
    path.write_text(f'[shenjiao]\ngate = "warning"\n{TWO}', encoding="utf-8")
    config = load(path, Names([]))
    assert [entry.key for entry in config.sites] == ["city", "b.example.gov.cn"]
    assert config.ledger_url == f"sqlite:///{tmp_path}/ledger.db"
    assert config.all_sites.find("city") is config.sites[0]
    bare = Config(Names([]), base=tmp_path)
    assert (bare.sites, bare.ledger_url) == ((), f"sqlite:///{tmp_path}/ledger.db")


def test_the_sample_of_init_holds_when_uncommented(tmp_path: Path) -> None:
    sample = CONFIG[CONFIG.index("# 每晚体检的网站") :]
    found = sites(tmp_path, re.sub(r'^# (?=\[|"?[a-z-]+"? = )', "", sample, flags=re.MULTILINE))
    (entry,) = found.entries
    assert (entry.key, entry.at, entry.out) == ("main", "01:30", tmp_path / "体检" / "main")
    assert entry.site.columns[0].type == "notice"
    assert entry.site.thresholds == {"columns": {"notice": 90}}
    assert found.ledger_url == f"sqlite:///{tmp_path}/体检/ledger.db"
