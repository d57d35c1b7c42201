"""``shenjiao.toml`` and site packs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import rules
from qa.config import (
    Config,
    ConfigError,
    Names,
    PathGates,
    as_date,
    find,
    gate_level,
    gate_pass,
    load,
    load_pack,
    merge,
    read_toml,
    suggest,
)
from qa.finding import Confidence, Finding, Level, Pass
from qa.passes import Gates
from qa.rule import Bad, Good, Pack, Rule, Settings
from qa.source import Position
from qa.suppress import RULES
from rules._standards import EDITING

OWN = rules.load_one("wording/own_words")


def make(identifier: str, title: str, level: Level, passes: Pass, **changes: object) -> Rule:
    given = {"bad": (Bad("⟦甲⟧"),), "good": (Good("乙"),), "why": "为什么", **changes}
    one = Rule(lambda _document: (), title, level, passes, EDITING[""], **given)  # type: ignore[arg-type]
    one.id = identifier
    return one


TOLERANT = Settings(options={"facts/sums": {"tolerance": 0}})
NAMES = Names(
    (
        make("typo/first", "错字", Level.WARNING, Pass.PROOF1, aliases=("typo/old",)),
        make("typo/second", "漏字", Level.NOTE, Pass.PROOF1, preview=True),
        make("facts/sums", "合计不符", Level.WARNING, Pass.PROOF3, bad=(Bad("⟦甲⟧", settings=TOLERANT),)),
        OWN,
        *RULES,
    )
)


def write(folder: Path, text: str, name: str = "shenjiao.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def config(folder: Path, text: str) -> Config:
    return load(write(folder, text), NAMES)


def finding(rule: str, path: str, level: Level, pass_: Pass) -> Finding:
    at = Position(1, 1, 0)
    return Finding(rule, "", level, pass_, Confidence.HIGH, "", path, at, at, "", "", "", "", "0" * 32)


def test_everything_at_once(tmp_path: Path) -> None:
    write(tmp_path, '[[word]]\nterm = "甲乙"\n', "site.toml")
    (tmp_path / "last.md").write_text("去年", encoding="utf-8")
    made = config(
        tmp_path,
        """
        [shenjiao]
        select = ["typo", "proof3", "警告"]
        ignore = "typo/old"
        preview = true
        gate = "warning"
        format = "json"
        exclude = ["a/"]
        include = ["b/"]
        links = true
        last-year = "last.md"
        today = 2025-03-01
        domains = ["www.example.gov.cn"]
        baseline = "known.json"
        packs = ["site.toml"]
        max-size = 2
        jobs = 3
        [gates]
        proof2 = "none"
        "一校" = "veto"
        [levels]
        "facts/sums" = "note"
        [rules."facts/sums"]
        tolerance = 1
        [[overrides]]
        paths = ["转载/**"]
        ignore = ["typo/first"]
        gate = "veto"
        gates = { proof1 = "none" }
        [[overrides]]
        paths = ["只查/**"]
        select = ["facts/sums"]
        """,
    )
    assert made.where.endswith("shenjiao.toml")
    assert made.chosen() == {
        "typo/second",
        "facts/sums",
        "wording/own_words",
        "suppress/no_reason",
        "suppress/unknown_rule",
        "suppress/unpaired",
    }
    assert (made.preview, made.gate, made.format, made.links) == (True, Level.WARNING, "json", True)
    assert (made.exclude, made.include, made.domains) == (("a/",), ("b/",), ("www.example.gov.cn",))
    assert (made.today, made.max_bytes, made.jobs) == (date(2025, 3, 1), 2 << 20, 3)
    assert made.baseline == tmp_path / "known.json"
    assert made.gates == {Pass.PROOF2: None, Pass.PROOF1: Level.VETO}
    assert made.levels == {"facts/sums": Level.NOTE}
    settings = made.settings()
    assert settings.option("facts/sums", "tolerance", 0) == 1
    assert settings.previous is not None
    assert settings.previous.text == "去年"
    assert settings.previous.media == "markdown"
    assert settings.pack.words[0]["term"] == "甲乙"
    matches = made.matcher(made.exclude)
    assert matches is not None
    assert matches(tmp_path / "a/x.html")
    assert made.matcher(()) is None
    everywhere = made.active(tmp_path / "x.html")
    assert everywhere == made.chosen()
    assert made.active(tmp_path / "转载/x.html") == everywhere - {"typo/first"}
    assert made.active(tmp_path / "只查/x.html") == {"facts/sums"}
    assert [one.id for one in made.rules()] == [one.id for one in NAMES.rules if one.id in made.chosen()]


def test_defaults(tmp_path: Path) -> None:
    made = config(tmp_path, "")
    assert made.chosen() == NAMES.ids - {"typo/second"}
    assert made.active("x.html") is None
    assert made.all_gates() == Gates({}, Level.ERROR)
    assert Config(NAMES).where == "命令行"
    assert made.settings().previous is None


def test_gates_by_path(tmp_path: Path) -> None:
    made = config(
        tmp_path,
        '[shenjiao]\ngate="warning"\n[[overrides]]\npaths=["a/"]\ngate="none"\ngates={proof3="note"}\n',
    )
    gates = made.all_gates()
    assert isinstance(gates, PathGates)
    inside, outside = str(tmp_path / "a/x.html"), str(tmp_path / "x.html")
    assert not gates.blocks(finding("typo/first", inside, Level.VETO, Pass.PROOF1))
    assert gates.blocks(finding("facts/sums", inside, Level.NOTE, Pass.PROOF3))
    assert gates.blocks(finding("typo/first", outside, Level.WARNING, Pass.PROOF1))
    assert not gates.blocks(finding("facts/sums", outside, Level.NOTE, Pass.PROOF3))


def test_overrides_may_select_what_is_off_elsewhere(tmp_path: Path) -> None:
    made = config(
        tmp_path, '[shenjiao]\nselect=["facts"]\n[[overrides]]\npaths="a/"\nselect=["typo/second"]\n'
    )
    assert [one.id for one in made.rules()] == ["typo/second", "facts/sums"]
    assert made.active(tmp_path / "x.html") == {"facts/sums"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[shenjiao]\nignroe = []", "不认识的键“ignroe”，是不是“ignore”？"),
        ("zzz = 1", "不认识的键“zzz”"),
        ('[shenjiao]\nselect = ["tpyo"]', "没有名为“tpyo”的规则、类别、环节或级别，是不是“typo”？"),
        ('[shenjiao]\nselect = ["frist"]', "是不是“typo/first”？"),
        ('[shenjiao]\nignore = ["zzzzzzzz"]', "没有名为“zzzzzzzz”的规则、类别、环节或级别"),
        ("[shenjiao]\nselect = [1]", "“select”应为文字或文字列表"),
        ('[shenjiao]\nselect = [" "]', "“select”应为文字或文字列表"),
        ('[shenjiao]\npreview = "yes"', "“preview”应为 true 或 false，实际是 'yes'"),
        ("[shenjiao]\ngate = 1", "“gate”应为文字"),
        (
            '[shenjiao]\ngate = "eror"',
            "不认识的级别“eror”，应为 note、warning、error、veto、none，是不是“error”？",
        ),
        ("[shenjiao]\njobs = -1", "“jobs”应为不小于 0 的整数"),
        ("[shenjiao]\njobs = true", "“jobs”应为不小于 0 的整数"),
        ('[shenjiao]\ntoday = "昨天"', "“today”应为日期，如 2025-03-01"),
        ("shenjiao = 1", "“shenjiao”应为表，写作 [shenjiao]"),
        ("overrides = 1", "“overrides”应为表的列表，写作 [[overrides]]"),
        ('[gates]\nprof1 = "note"', "不认识的环节“prof1”，应为 proof1、"),
        ('[levels]\n"typo/frist" = "note"', "是不是“typo/first”？"),
        ('[levels]\n"typo" = "none"', "不能设为 none，要停用规则请用 ignore"),
        ('[rules."typo/frist"]\na = 1', "没有名为“typo/frist”的规则，是不是“typo/first”？"),
        ('[rules."typo"]\na = 1', "没有名为“typo”的规则"),
        ("[[overrides]]\nignore = []", "第 1 个 [[overrides]]：缺少 paths"),
        ('[[overrides]]\npath = "a"', "是不是“paths”？"),
        ("[shenjiao", "不是合法的 TOML（文件末尾写法有误）"),
        ("[shenjiao]\ngate = ?", "不是合法的 TOML（第 2 行第 8 列写法有误）"),
        ("a = 1\na = 1\nb = 1", "不是合法的 TOML（第 2 行第 6 列重复定义）"),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text)
    assert words in str(caught.value)
    assert "shenjiao.toml" in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="文件不存在"):
        read_toml(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="是文件夹"):
        read_toml(tmp_path)
    (tmp_path / "gbk.toml").write_bytes('a = "甲"'.encode("gbk"))
    with pytest.raises(ConfigError, match="应当是 UTF-8 编码"):
        read_toml(tmp_path / "gbk.toml")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_toml(tmp_path / "bom.toml") == {"a": 1}


def test_last_year_that_cannot_be_read(tmp_path: Path) -> None:
    made = config(tmp_path, '[shenjiao]\nlast-year = "x.html"')
    with pytest.raises(ConfigError, match=r"上年度报告 .*x.html 无法读取：文件不存在"):
        made.settings()
    (tmp_path / "x.html").write_bytes(b"  ")
    with pytest.raises(ConfigError, match="是空的"):
        made.settings()
    (tmp_path / "x.html").write_bytes(b"\0" * 100)
    with pytest.raises(ConfigError, match="不是文本文件"):
        made.settings()
    (tmp_path / "x").write_bytes("去年".encode())
    made.last_year = tmp_path / "x"
    previous = made.settings().previous
    assert previous is not None
    assert previous.media == "html"


def test_found_upwards(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    (tmp_path / "a/b").mkdir(parents=True)
    assert find(tmp_path / "a/b") == path
    path.unlink()
    (tmp_path / "shenjiao.toml").mkdir()
    assert find(tmp_path / "a") is None


def test_names() -> None:
    assert NAMES.rule("typo/old") == "typo/first"
    assert NAMES.rule("错字") == "typo/first"
    assert NAMES.rule("facts") is None
    assert NAMES.rule("nothing") is None
    assert NAMES.resolve("proof2") == frozenset()
    assert NAMES.resolve("一校 文字") == {"typo/first", "typo/second"}
    assert NAMES.resolve("veto") == frozenset()
    assert suggest("x", ["yyyy"]) == ""


def test_gate_words() -> None:
    assert gate_level("一票否决", "x") is Level.VETO
    assert gate_level("无", "x") is None
    assert gate_pass("复审", "x") is Pass.REVIEW2
    assert gate_pass("REVIEW2", "x") is Pass.REVIEW2


def test_dates() -> None:
    from datetime import UTC, datetime

    assert as_date("2025-03") == date(2025, 3, 1)
    assert as_date(datetime(2025, 3, 1, 9, tzinfo=UTC)) == date(2025, 3, 1)
    assert as_date(20250301) is None


PACK = """
title = "本站"
silence = ["甲乙", "不在词表"]
allow = "甲乙丙路"
[[word]]
terms = ["甲镇", "乙镇"]
replace = "丙镇"
except = ["甲镇路", "乙镇路"]
since = "2024-01"
[[word]]
term = "旧词"
until = "2020-12-31"
[[phrase]]
phrase = "一二三四"
[[official]]
name = "张三"
title = "市长"
order = 1
since = 2024-02-01
until = 2024-12-31
[[institution]]
old = "旧局"
new = "新局"
[[document]]
number = "某政发〔2024〕1号"
title = "意见"
"""


def test_packs(tmp_path: Path) -> None:
    notices: list[str] = []
    # Contexts must hold every term of their word.
    text = PACK.replace('except = ["甲镇路", "乙镇路"]\n', "")
    pack = load_pack(write(tmp_path, text, "site.toml"), date(2025, 1, 1), notices)
    assert [item["terms"] for item in pack.words] == [["甲镇", "乙镇"]]
    assert pack.words[0]["since"] == date(2024, 1, 1)
    assert len(notices) == 1
    assert "“旧词”不在有效期内，没有使用" in notices[0]
    assert pack.officials[0].since == date(2024, 2, 1)
    assert pack.phrases[0]["phrase"] == "一二三四"
    assert pack.institutions[0]["new"] == "新局"
    assert pack.documents[0]["title"] == "意见"
    assert pack.allow == ("甲乙丙路",)
    assert len(load_pack(tmp_path / "site.toml", None, []).words) == 2
    both = merge([pack, pack])
    assert len(both.words) == 2
    assert both.officials == pack.officials
    assert both.allow == pack.allow
    assert merge([]) == Pack()


def test_what_has_no_effect_is_remarked(tmp_path: Path) -> None:
    write(tmp_path, 'title = "空"', "empty.toml")
    write(tmp_path, 'silence = ["不在词表"]', "silence.toml")
    made = config(tmp_path, '[shenjiao]\npacks = ["empty.toml", "silence.toml"]')
    assert [words.split("：")[-1] for words in made.notices] == [
        "词库是空的，没有起作用",
        "词库 silence 中的“不在词表”不在任何词表里，没有起作用",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wrod = 1", "不认识的键“wrod”，是不是“word”？"),
        ('[[word]]\nreplace = "甲"', "第 1 个 [[word]]：词条缺少 term"),
        ('[[word]]\nterm = "甲"', "词条“甲”太短"),
        ('[[word]]\nterm = "甲乙"\nlevel = "bad"', "level 应为"),
        ('[[word]]\nterm = "甲乙"\nsafe = 1', "“safe”应为 true 或 false"),
        ('[[word]]\nterm = "甲乙"\nreplace = 1', "“replace”应为文字"),
        ('[[word]]\nterm = "甲乙"\nexcept = [">("]', "不是合法的正则表达式"),
        ('[[word]]\ntrem = "甲乙"', "不认识的键“trem”，是不是“term”？"),
        (
            '[[word]]\nterm = "甲乙"\nsince = 2025-01-02\nuntil = 2025-01-01',
            "止期（until）2025-01-01 早于起期",
        ),
        ('[[phrase]]\nphrase = "短"', "“短”太短"),
        ("[[phrase]]\n", "缺少 phrase"),
        ('[[official]]\nname = "张三"', "缺少 title"),
        (f'[[official]]\nname = "{"王" * 41}"\ntitle = "市长"', "姓名“王王王王王王王王王王……”过长（41 字）"),
        ('[[official]]\nname = "张三"\ntitle = "市长"\nsince = "春天"', "“since”应为日期"),
        ('[[official]]\nname = "张三"\ntitle = "市长"\nfrom = 1', "不认识的键“from”"),
        (
            '[[official]]\nname = "张三"\ntitle = "市长"\n[[official]]\nname = "张三"\ntitle = "市长"',
            "第 2 个 [[official]]：“张三 市长”重复",
        ),
        ('[[institution]]\nold = "甲"', "缺少 new"),
        ('[[document]]\nnumber = ""', "缺少 number"),
        ('[word]\nterm = "甲乙"', "写作 [[word]]"),
    ],
)
def test_errors_in_packs(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_pack(write(tmp_path, text, "site.toml"), None, [])
    assert words in str(caught.value)
    assert "site.toml" in str(caught.value)


def test_a_missing_pack(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml：文件不存在"):
        config(tmp_path, '[shenjiao]\npacks = ["none.toml"]')
