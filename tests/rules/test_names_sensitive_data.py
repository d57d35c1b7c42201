"""The tables of names and sensitive wording: shape, honesty and reach."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

import rules
from qa.finding import Level
from qa.readers import read
from qa.rule import Hit, Official, Pack, Settings
from qa.source import Source, Span
from rules.names import _dates, _nearmiss
from rules.names._roster import by_name, in_force, parts

ROOT = Path(rules.__file__).parent
SENSITIVE = sorted((ROOT / "sensitive").glob("*.toml"))
EXPLICIT = [ROOT / "names" / f"{name}.toml" for name in ("country_party_names", "phrase_mistakes")]
FIVE = ("时政和社会生活", "法律法规", "民族宗教", "港澳台和领土主权", "国际关系")
LEVELS = {"veto", "error", "warning", "note"}


def document(text: str, name: str = "a.txt"):
    return read(Source.from_bytes(text.encode(), name))


def found(identifier: str, text: str, settings: Settings | None = None, name: str = "a.txt") -> list[Hit]:
    return list(rules.load_one(identifier).check(document(text, name), settings or Settings()))


def quotes(identifier: str, text: str, settings: Settings | None = None) -> list[str]:
    return [text[hit.span.start : hit.span.end] for hit in found(identifier, text, settings)]


def items(path: Path) -> list[dict]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["entry"]


def words(item: dict) -> list[str]:
    return item.get("terms") or [item["term"]]


@pytest.mark.parametrize("path", [*SENSITIVE, *EXPLICIT], ids=lambda p: p.stem)
def test_entries_are_complete(path: Path) -> None:
    seen: set[str] = set()
    for item in items(path):
        assert item["level"] in LEVELS, item
        assert item["advice"].endswith("。"), item
        assert item["source"], item
        assert item["class"], item
        assert isinstance(item["verified"], bool), item
        assert item["verified"] or item["level"] in ("warning", "note"), f"待核的词条不得高于警告：{item}"
        for key in ("since", "until"):
            assert isinstance(item.get(key, date.min), date), item
        for word in words(item):
            assert word not in seen, f"重复的词条：{word}"
            seen.add(word)


def test_the_five_classes_hold_at_least_160_entries() -> None:
    advice = {(item["class"], item["advice"]) for path in SENSITIVE for item in items(path)}
    assert len(advice) >= 160
    assert {kind.split("·")[0] for kind, _ in advice} == set(FIVE)


def test_right_words_are_not_listed() -> None:
    listed = {word for path in SENSITIVE for item in items(path) for word in words(item)}
    assert listed.isdisjoint({"残疾人", "农民工", "聋人", "盲人", "台湾同胞", "台湾当局", "朝鲜", "伊斯兰教"})


def test_customary_phrases_are_notes_only() -> None:
    for item in items(ROOT / "sensitive/ceremonial_wording.toml"):
        assert item["level"] == "note"


@pytest.mark.parametrize("path", SENSITIVE, ids=lambda p: p.stem)
def test_every_term_is_found_and_quotation_is_respected(path: Path) -> None:
    identifier = f"sensitive/{path.stem}"
    missed, wrong = [], []
    for item in items(path):
        if any(context.startswith("+") for context in item.get("except", ())):
            continue
        for word in words(item):
            if not found(identifier, f"据了解：{word}。"):
                missed.append(word)
            if item.get("quoted") and found(identifier, f"所谓“{word}”。"):
                wrong.append(word)
    assert not missed
    assert not wrong


@pytest.mark.parametrize("path", SENSITIVE, ids=lambda p: p.stem)
def test_replacements_are_clean(path: Path) -> None:
    identifier = f"sensitive/{path.stem}"
    for item in items(path):
        if "replace" in item:
            assert not found(identifier, f"据了解：{item['replace']}。"), item


def test_texts_older_than_an_entry_are_left_alone() -> None:
    assert found("sensitive/social_terms", "全面融入“一带一路”战略。2018年3月1日")
    assert not found("sensitive/social_terms", "全面融入“一带一路”战略。2014年3月1日")
    assert not found("sensitive/legal_terms", "2012年，劳动教养所迁建。2024年5月1日发布")


def test_basis_follows_the_entry() -> None:
    law, custom, xinhua = (
        found("sensitive/legal_terms", "发放暂住证。")[0],
        found("sensitive/social_terms", "他成了钉子户。")[0],
        found("sensitive/social_terms", "关爱残废人。")[0],
    )
    assert law.clause is not None
    assert law.clause.cite == "居住证暂行条例"
    assert custom.clause is not None
    assert custom.clause.trust == "待核"
    assert xinhua.clause is None


def test_quotation_marks_are_not_doubled_by_a_fix() -> None:
    hit = found("sensitive/separatist_terms", "打击“疆独”分子。")[0]
    assert hit.fix == "东突"


def test_countries_and_regions() -> None:
    rule = "sensitive/territory_hkmotw"
    assert quotes(rule, "来自日本、香港等国家的客商") == ["等国家"]
    assert not quotes(rule, "来自日本、香港等国家和地区的客商")
    assert not quotes(rule, "与香港、深圳等国家级平台合作")
    assert quotes(rule, "台湾国防部发言人") == ["台湾国防部"]
    assert not quotes(rule, "台湾“国防部”发言人、两岸（台湾）教育部门")


# Dates.


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布日期：2024-03-05", date(2024, 3, 5)),
        ("一九九六年三月十七日通过，二〇〇一年十二月三十一日修正", date(2001, 12, 31)),
        ("2020年13月40日", date(2020, 12, 31)),
        ("2021年2月30日，2019年5月6日", date(2019, 5, 6)),
        ("2018年工作回顾，2018年成绩，展望到2035年", date(2018, 12, 31)),
        ("没有日期", None),
    ],
)
def test_document_date(text: str, day: date | None) -> None:
    assert _dates.document_date(document(text)) == day


def test_document_date_prefers_the_page_tag() -> None:
    page = (
        '<html><head><meta name="PubDate" content="2023-01-02 08:00"></head><body>2025年1月1日</body></html>'
    )
    one = document(page, "a.html")
    assert _dates.document_date(one) == date(2023, 1, 2)
    assert _dates.document_date(one) == date(2023, 1, 2)


def test_past() -> None:
    def past(text: str) -> bool:
        return _dates.is_past(document(text), Span(len(text) - 2, len(text) - 1), date(2018, 3, 1))

    assert past("2016年环保部")
    assert past("二〇一六年环保部")
    assert past("解放战争时期的环保部")
    assert not past("2020年环保部")
    assert not past("环保部")


def test_force_needs_a_date() -> None:
    assert not _dates.out_of_force(document("无"), None)
    assert not _dates.out_of_force(document("无"), date(2018, 1, 1))
    assert _dates.out_of_force(document("无"), None, date(2018, 1, 1))
    assert _dates.out_of_force(document("2019年1月1日"), None, date(2018, 1, 1))


# Institutions.


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("市卫计委负责解释。", 1),
        ("市卫计委负责解释。2015年6月1日", 0),
        ("原市卫计委负责人。", 0),
        ("各级农业部门、文化部门、交通部署。", 0),
        ("国土资源部令第12号仍有效。", 0),
        ("依据国卫办〔2016〕5号，国家卫计委要求", 0),
        ("依据〔2022〕5号，国家卫计委要求", 1),
        ("依据[2022]5号，国家卫计委要求", 1),
        ("依据国卫办〔2018〕5号，国家卫计委要求", 0),
        ("国家乡村振兴局要求", 1),
    ],
)
def test_renamed_institutions(text: str, count: int) -> None:
    assert len(found("names/renamed_institutions", text)) == count


def test_old_names_with_a_living_plate_are_notes() -> None:
    assert found("names/renamed_institutions", "国家乡村振兴局要求")[0].level is Level.NOTE


def test_institutions_are_dated_and_distinct() -> None:
    table = tomllib.loads((ROOT / "names/renamed_institutions.toml").read_text(encoding="utf-8"))[
        "institution"
    ]
    olds = [old for item in table for old in item["old"]]
    assert len(olds) == len(set(olds)) >= 120
    assert all(isinstance(item["since"], date) and item["new"] not in item["old"] for item in table)


# Set phrases.

PHRASES = _nearmiss.read_phrases(ROOT / "names/set_phrases.tsv")


def test_there_are_250_phrases_each_once() -> None:
    texts = [phrase.text for phrase in PHRASES]
    assert len(texts) == len(set(texts)) >= 250


def test_phrases_themselves_are_right() -> None:
    text = "".join(f"坚持{phrase.text}，抓好落实。\n" for phrase in PHRASES)
    for identifier in ("names/set_phrases", "names/country_party_names", "names/phrase_mistakes"):
        assert not found(identifier, text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("扫黑险恶", "扫黑除恶"),
        ("三严三时", "三严三实"),
        ("人类命云共同体", "人类命运共同体"),
        ("邓小理平论", "邓小平理论"),
        ("中国气气象局", "中国气象局"),
        ("社会主义核价值观", "社会主义核心价值观"),
        ("中国共产党纪律处处分条例", "中国共产党纪律处分条例"),
        ("中国共产党纪律处绝分条例", "中国共产党纪律处分条例"),
        ("国家发展和革改委员会", "国家发展和改革委员会"),
        ("最高人民检察愿", "最高人民检察院"),
        ("生态文名建设", "生态文明建设"),
        ("中央书律检查委员会", ""),
    ],
)
def test_near_misses(wrong: str, right: str) -> None:
    hits = found("names/set_phrases", f"全市坚持{wrong}，抓好落实。")
    assert [hit.fix for hit in hits] == ([right] if right else [])


def test_an_insertion_at_the_seam_is_reported_once() -> None:
    assert quotes("names/set_phrases", "学习马克思列列宁主义。") == ["马克思列列宁主义"]


def test_an_unlisted_near_phrase_of_a_pack_is_allowed() -> None:
    pack = Pack(phrases=({"phrase": "滨海花城行动", "allowed": ["滨海华城行动"], "since": date(2020, 1, 1)},))
    assert not quotes("names/set_phrases", "推进滨海华城行动", Settings(pack=pack))
    assert quotes("names/set_phrases", "推进滨海画城行动", Settings(pack=pack)) == ["滨海画城行动"]
    assert not quotes("names/set_phrases", "2019年1月1日推进滨海画城行动", Settings(pack=pack))


def test_long_phrases_report_for_the_short_ones_inside() -> None:
    text = "市人大第三次会议学习全国人民代表大会常物委员会精神"
    assert quotes("names/set_phrases", text) == ["全国人民代表大会常物委员会"]


def test_tables_of_confusion_are_well_formed() -> None:
    for line in (ROOT / "names/homophones.tsv").read_text(encoding="utf-8").splitlines()[2:]:
        syllable, group = line.split("\t")
        assert syllable.isascii()
        assert len(group) == len(set(group)) > 1
    assert "险" in _nearmiss.shapes()["除"]
    assert "合" in _nearmiss.homophones("和")


# The country's name.


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("中共人民共和国", Level.VETO),
        ("中华人民共合国", Level.VETO),
        ("中华人民大和国", Level.VETO),
        ("中国共产档", Level.VETO),
        ("中华人民攻和国", Level.ERROR),
        ("中国人民解敌军", Level.WARNING),
        ("全国人名代表大会", Level.ERROR),
        ("我市人名代表大会", Level.ERROR),
    ],
)
def test_names_of_country_and_party(text: str, level: Level) -> None:
    assert [hit.level for hit in found("names/country_party_names", f"庆祝{text}成立")] == [level]


# Places.


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("湖北省张家界", "湖南省张家界"),
        ("四川省重庆市", "重庆市"),
        ("浙江省泰州市", "江苏省泰州市"),
        ("湖南省张家界", None),
        ("1990年四川省重庆市", None),
        ("吉林省长春市朝阳区", None),
    ],
)
def test_places(text: str, fix: str | None) -> None:
    assert [hit.fix for hit in found("names/place_affiliation", f"赴{text}考察")] == ([fix] if fix else [])


# The roster.


def test_roster_dates() -> None:
    line = Official("甲某乙", "市委副书记、市长", 1, date(2020, 1, 1), date(2022, 12, 31))
    assert in_force(line, date(2021, 1, 1))
    assert not in_force(line, date(2019, 1, 1))
    assert not in_force(line, date(2023, 1, 1))
    assert not in_force(line, None)
    assert in_force(Official("甲某乙", "市长"), None)
    assert parts(line) == ["市委副书记", "市长"]
    assert by_name(Settings(pack=Pack(officials=(line, Official("乙", "县长"))))) == {"甲某乙": [line]}


def test_roster_is_silent_about_those_not_in_office() -> None:
    pack = Settings(pack=Pack(officials=(Official("甲某乙", "市长", 1, until=date(2020, 12, 31)),)))
    assert not found("names/official_name", "市长甲某已讲话。2023年1月1日", pack)
    assert found("names/official_name", "市长甲某已讲话。2019年1月1日", pack)


def test_a_like_name_in_another_post_is_a_warning() -> None:
    pack = Settings(pack=Pack(officials=(Official("甲某乙", "市长", 1),)))
    assert found("names/official_name", "市长甲某已讲话", pack)[0].level is Level.ERROR
    assert found("names/official_name", "镇长甲某已讲话", pack)[0].level is Level.WARNING
    assert found("names/official_name", "甲某已同志讲话", pack)[0].level is Level.WARNING


def test_deputy_titles() -> None:
    pack = Settings(
        pack=Pack(officials=(Official("甲某乙", "市委常委、常务副市长"), Official("丙某", "副县长")))
    )
    for right in ("常务副市长甲某乙", "副市长甲某乙", "市委常委甲某乙", "副县长丙某", "县人大代表丙某"):
        assert not found("names/official_title", right, pack), right
    assert quotes("names/official_title", "市长甲某乙", pack) == ["市长"]
    assert quotes("names/official_title", "县长丙某", pack) == ["县长"]
    assert not found("names/official_title", "时任市长甲某乙，党组书记甲某乙", pack)


def test_right_phrases_are_no_near_misses() -> None:
    short = _nearmiss._Use(_nearmiss.Phrase("四个意识"), 0, 2, short=True)
    long = _nearmiss._Use(_nearmiss.Phrase("全面依法治国战略"), 0, 4)
    assert _nearmiss._miss("四个意识", 0, 2, short) is None
    assert _nearmiss._miss("全面依法治国战略", 0, 4, long) is None


def test_phrases_of_three_characters_are_spelled_out() -> None:
    entries = _nearmiss.entries_of([_nearmiss.Phrase("河长制")])
    assert entries
    assert all("near" in entry.data for entry in entries)
    assert "河掌制" in {entry.term for entry in entries}
