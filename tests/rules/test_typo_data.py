"""The tables of typo and wording rules: size, shape, and the traps every entry must avoid."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules
from qa.engine import Engine
from qa.finding import Finding
from qa.lexicon import Entry, TermRule, read_tsv
from qa.readers import read
from qa.rule import Rule, Settings
from qa.source import Source

FAMILIES = ("typo", "wording")
ROOT = Path(rules.__file__).parent
TABLES = sorted(
    path
    for family in FAMILIES
    for path in (ROOT / family).glob("*.tsv")
    if path.stem != "traditional_characters"
)
MINE = [
    one
    for name in rules.identifiers()
    if name.partition("/")[0] in FAMILIES and not (one := rules.load_one(name)).preview
]


def _entries() -> list[tuple[str, Entry]]:
    return [(path.stem, entry) for path in TABLES for entry in read_tsv(path)]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(MINE, Settings())


def _check(engine: Engine, text: str) -> list[Finding]:
    outcome = engine.check(read(Source("a.html", f"<p>{text}</p>")))
    assert not outcome.unchecked
    return outcome.findings


def test_there_are_enough_pairs() -> None:
    assert sum(1 for _, entry in _entries() if entry.right) >= 800


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_has_no_duplicates_and_no_empty_right(path: Path) -> None:
    entries = read_tsv(path)
    terms = [entry.term for entry in entries]
    assert len(terms) == len(set(terms))
    for entry in entries:
        assert entry.right, entry.term
        assert entry.term not in entry.right, entry.term


def test_no_pair_stands_in_two_tables() -> None:
    seen: dict[str, str] = {}
    for table, entry in _entries():
        assert entry.term not in seen, (entry.term, table, seen.get(entry.term))
        seen[entry.term] = table


def test_the_right_form_is_never_reported(engine: Engine) -> None:
    words = sorted({entry.right[0] for _, entry in _entries()})
    text = "".join(f"<p>{word}</p>" for word in words)
    outcome = engine.check(read(Source("a.html", text)))
    places = [(finding.rule, finding.quote) for finding in outcome.findings]
    assert places == []


def test_every_table_belongs_to_a_rule() -> None:
    held = {one.id: one for one in MINE}
    for path in TABLES:
        one: Rule = held[f"{path.parent.name}/{path.stem}"]
        assert isinstance(one, TermRule)
        assert len(one.table(Settings())) == len(read_tsv(path))


@pytest.mark.parametrize(
    "text",
    [
        "搭建统一平台，独立运行。",
        "公布署名文章，按排名先后公布名单，按排放标准执行。",
        "在自己经营的门店，丰富了周末经济，周末来访。",
        "以经济建设为中心，保持以经营为主。",
        "构成市场主体，完成市级任务，建成镇村道路。",
        "给予警告，调整和完善，人才政策，网络实名。",
        "报名截止日期为5月1日，截止时间另行通知。",
        "救灾帐篷，蚊帐，账户，台账。",
        "渡过难关，欢度春节，度过汛期。",
        "彰显着城市特色，沿着名胜古迹行走。",
        "的的确确，了了解解，人人参与，天天打卡，常常检查，试试看。",
        "一件一件抓，一个一个过，研究研究再定。",
        "达到目的的办法，现在在建的项目，社会和和谐。",
        "向大会作工作报告，应当作出决定。",
        "磁器口古镇，筚路蓝缕，留连高校毕业生。",
        "既使企业受益，又使群众受益。",
        "权利人依法行使权利，权力机关依法行使权力。",
    ],
)
def test_words_that_only_look_wrong_are_left_alone(engine: Engine, text: str) -> None:
    assert [(finding.rule, finding.quote) for finding in _check(engine, text)] == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("认真作好工作布署。", "布署"),
        ("既使遇到困难，也要完成。", "既使"),
        ("截止2023年12月31日，共办结12件。", "截止"),
        ("严禁露天焚烧秸杆。", "秸杆"),
        ("建设旅游渡假村。", "渡假村"),
        ("迫不急待地推进。", "迫不急待"),
        ("贯切落实上级要求。", "贯切落实"),
        ("向社会各界表示衷心地感谢。", "衷心地感谢"),
        ("切忌不要轻信。", "切忌不要"),
        ("项目滞后的原因是由于资金不足。", "原因是由于"),
        ("经检疫合格的的产品。", "的的"),
    ],
)
def test_slips_are_found(engine: Engine, text: str, quote: str) -> None:
    assert quote in [finding.quote for finding in _check(engine, text)]
