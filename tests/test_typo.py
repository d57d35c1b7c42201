"""The spelling engine: what it finds, what it leaves alone, and that nothing makes it fall over."""

from __future__ import annotations

import json
import random
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from qa.document import Document
from qa.readers import read
from qa.rule import Official, Pack, Settings
from qa.source import Source
from qa.typo import documents, features, speller
from qa.typo.decode import CONTEXT, DOUBLED, MISSING, SWAPPED, WORD, Edit, applied
from qa.typo.lm import LanguageModel
from qa.typo.network import Network
from qa.typo.speller import REASONS, Speller, load, why
from qa.typo.tables import DATA, KEY, KINDS, LIKE, LIKELY, SAME, SHAPE, SLIP, Grouped, Tables, grouped
from qa.typo.text import LATIN, NUMBER, is_han, line_of
from qa.typo.training import sizes

SHARED = Path(__file__).resolve().parents[2] / "shared"

CLEAN = [
    "坚持以人民为中心的发展思想，不断增强人民群众的获得感、幸福感、安全感。",
    "各县（市、区）人民政府，市直各单位：",
    "全年一般公共预算收入增长6.5%，城镇新增就业2.3万人。",
    "依申请公开政府信息的，行政机关应当自收到申请之日起20个工作日内予以答复。",
    "涌现了许许多多感人的事迹。",
    "这件事要研究研究再说，也请大家讨论讨论。",
]
WRONG = [
    ("要切实加强生太环境保护工作。", "要切实加强生态环境保护工作。", "同音"),
    ("推动经济设会高质量发展。", "推动经济社会高质量发展。", "同音"),
    (
        "行政机关作出的准予行政徐克决定，应当予以公开。",
        "行政机关作出的准予行政许可决定，应当予以公开。",
        "同音",
    ),
    ("扎实推进乡村兴振，建设宜居宜业和美乡村。", "扎实推进乡村振兴，建设宜居宜业和美乡村。", "颠倒"),
    ("全面贯彻落党的二十大精神。", "全面贯彻落实党的二十大精神。", "漏字"),
    ("进一步步完善基层治理体系。", "进一步完善基层治理体系。", "多字"),
    ("国家自然科学奖分为一等奖、二等奖，由国务院科学抆术行政部门组织评审。", "", ""),
]


@pytest.fixture(scope="module")
def engine() -> Speller:
    return load()


@pytest.mark.parametrize("sentence", CLEAN)
def test_sound_sentences_stay(engine: Speller, sentence: str) -> None:
    assert engine.correct(sentence) == sentence
    assert engine.check(sentence, least=speller.DEFAULT) == []


@pytest.mark.parametrize(("wrong", "right", "reason"), [one for one in WRONG if one[1]])
def test_wrong_sentences_are_put_right(engine: Speller, wrong: str, right: str, reason: str) -> None:
    assert engine.correct(wrong) == right
    (found,) = engine.check(wrong, least=speller.DEFAULT)
    assert found.why == reason
    assert found.original == wrong[found.begin : found.end]
    assert speller.DEFAULT <= found.confidence <= 1


def test_what_is_guarded_is_not_told(engine: Speller) -> None:
    sentence = "要切实加强生太环境保护工作。"
    at = sentence.index("太")
    assert engine.check(sentence, guarded=lambda begin, end: begin <= at < end) == []
    assert len(engine.check(sentence, guarded=lambda begin, _end: begin > at)) == 1


def test_two_slips_side_by_side_and_far_apart(engine: Speller) -> None:
    assert (
        engine.correct("公安部、交通运输布、自然资园部联合印发通知。")
        == "公安部、交通运输部、自然资源部联合印发通知。"
    )


VERSE = "床前明月光，疑是地上霜。举头望明月，低头思故乡。春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"
CLASSICAL = (
    "臣亮言：先帝创业未半而中道崩殂，今天下三分，益州疲弊，此诚危急存亡之秋也。"
    "然侍卫之臣不懈于内，忠志之士忘身于外者，盖追先帝之殊遇，欲报之于陛下也。"
)
DIALECT = "俺们那旮旯贼拉冷，瞅啥瞅，你咋不上天呢。侬今朝吃过饭伐，阿拉一道去荡马路好伐啦。佢哋嘅嘢好好食㗎，唔该晒。"
CODE = (
    'for (int i = 0; i < n; i++) { System.out.println("输出第" + i + "行"); } // 打印结果\n'
    "SELECT 姓名, 年龄 FROM 用户表 WHERE 编号 = 1;"
)
ODD = [
    "", " ", "。", "abc def 123", "!!!???", "😀😀😀👍", "𠮷野家𡃁仔", "\ufeff\u200b\u200d", "\x00\x01",
    "臺灣省政府電腦網絡資訊軟體開發", "学而时习之不亦说乎有朋自远方来不亦乐乎", "俺们那旮旯贼拉冷瞅啥瞅",
    "for (int i = 0; i < n; i++) { 输出(i); }", "的" * 3000, "文化部" * 2000, "甲乙丙丁" * 1000, "１２３．４５％ＡＢＣ",
    VERSE, CLASSICAL, DIALECT, CODE, "今天开会😀😀👍大家辛苦了🎉🎉谢谢各位🙏🙏",
    "臺灣省政府電腦網絡資訊軟體開發，請各機關配合辦理，並於期限內將執行情形報府備查，以利彙辦。",
    "The State Council issued a notice on strengthening environmental protection in 2023. " * 20,
    "𠮷野家𡃁仔𪚥𪚥龘龘靐齉㐀㐁㐂鿕鿖", "要在𠀀𠀁𠀂与𪚥之间依法保护龘字样的石碑，㵘水流域同样如此。",
    "\u202e\u200f要\u200b切\u200d实\ufeff加强\u00ad生态\u3000环境\u00a0保护",
    "坚持以人民为中心的发展思想不断增强人民群众的获得感幸福感安全感" * 313, "要\n切\t实\r加强",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=[f"{n}-{text[:6]!a}" for n, text in enumerate(ODD)])
def test_odd_text_neither_breaks_nor_floods(engine: Speller, text: str) -> None:
    began = time.monotonic()
    found = engine.check(text, least=speller.DEFAULT)
    assert time.monotonic() - began < 60
    assert len(found) <= 2 + len(text) // 100
    for one in found:
        assert text[one.begin : one.end] == one.original


TRADITIONAL = (
    "為落實中央關於生態環境保護的決策部署，進一步優化營商環境，推動經濟社會高質量發展，現將有關事項通知如下："
    "各單位要高度重視，加強領導，落實責任。"
)


def test_traditional_prose_does_not_break(engine: Speller) -> None:
    for one in engine.check(TRADITIONAL, least=0.0):
        assert TRADITIONAL[one.begin : one.end] == one.original


@pytest.mark.parametrize(
    "text",
    [
        "进进进一步完善基层治理体系。", "各各各级人民政府要高度重视。", "要要要要切实加强生态环境保护工作。",
        "推动推动推动经济社会高质量发展。", "进一步步步完善基层治理体系。",
    ],
)  # fmt: skip
def test_what_stands_three_times_in_a_row_does_not_break(engine: Speller, text: str) -> None:
    for one in engine.check(text, least=0.0):
        assert text[one.begin : one.end] == one.original


def test_random_characters_take_bounded_time(engine: Speller) -> None:
    chance = random.Random(1)
    text = "".join(chr(chance.randrange(0x4E00, 0x9FA6)) for _ in range(10_000))
    began = time.monotonic()
    engine.check(text)
    assert time.monotonic() - began < 60


def test_a_very_long_sentence_full_of_slips(engine: Speller) -> None:
    """Ten thousand characters without a stop: each slip is found, in bounded time."""
    right = "要切实加强生态环境保护工作推动经济社会高质量发展" * 420
    wrong = right.replace("生态", "生太")
    began = time.monotonic()
    found = engine.check(wrong, least=speller.DEFAULT)
    assert time.monotonic() - began < 120
    assert {one.replacement for one in found} == {"态"}
    assert len(found) > 400
    for one, two in pairwise(found):
        assert one.end <= two.begin


def test_tokens() -> None:
    line = line_of("全年增长6.5%，达ＡＢＣ级　（优）")
    assert line.tokens == ["全", "年", "增", "长", NUMBER, ",", "达", LATIN, "级", "(", "优", ")"]
    assert [line.places[4], line.places[7]] == [4, 10]
    assert is_han("级")
    assert not is_han("(")


def test_reasons() -> None:
    def edit(kind: int | str) -> Edit:
        return Edit(0, 1, "甲", kind, 1.0)

    assert [why(edit(kind)) for kind in (SAME, SAME | SHAPE, SHAPE, KEY, LIKE, SLIP, WORD, CONTEXT)] == [
        "同音", "同音", "形近", "形近", "近音", "近音", "同音", "搭配",
    ]  # fmt: skip
    assert [why(edit(kind)) for kind in (DOUBLED, MISSING, SWAPPED)] == ["多字", "漏字", "颠倒"]
    assert set(REASONS) >= {"同音", "近音", "形近", "多字", "漏字", "颠倒", "搭配"}


def test_changes_are_placed_in_what_they_make() -> None:
    made, changes = applied(
        list("甲乙丙丁"), [Edit(1, 2, "", DOUBLED, 0.0), Edit(3, 4, "戊己", MISSING, 0.0)]
    )
    assert "".join(made) == "甲丙戊己"
    assert [(one.begin, one.end) for one in changes] == [(1, 1), (2, 4)]


def test_tables() -> None:
    tables = Tables.load()
    found = {one.char: one for one in tables.confused("攻")}
    assert found["工"].kinds & SAME
    assert found["玫"].kinds & SHAPE
    assert found["工"].cost < 3
    assert len(KINDS) == 5
    assert tables.confused("A") == ()
    assert "政" in tables.chars
    assert tables.keys("政A") == []
    (key,) = tables.keys("正府")
    assert "政府" in tables.sounds.words(key)
    assert tables.sounds.words(key + "丁丁丁") == tables.sounds.words("\ue000") == []
    assert tables.words.of("政")["政府"] > 10
    assert "府" in tables.after["政"].likely < tables.after["政"].all
    assert "市" in tables.before["政"].likely < tables.before["政"].all
    assert len(tables.after["政"].likely) == LIKELY
    assert tables.after["\ue000"] == tables.before["\ue000"] == (frozenset(), frozenset())
    assert tables.after["政"] is tables.after["政"]


def test_a_table_is_read_as_far_as_it_is_asked_for() -> None:
    text = grouped([("政务", 5), ("政府", 12.5), ("府", 3)])
    table = Grouped(text)
    assert text.count("\n") == 2
    assert dict(table) == {}
    assert table.of("政政A") is table
    assert dict(table) == {"政务": 5.0, "政府": 12.5}
    assert dict(table.whole()) == {"政务": 5.0, "政府": 12.5, "府": 3.0}


def test_without_kenlm_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kenlm", None)
    with pytest.raises(RuntimeError, match="pip install kenlm-ex"):
        LanguageModel(DATA / "chars.klm")


def test_models_fit_into_the_wheel() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= 40_000_000


def test_the_models_are_as_long_as_they_were_made() -> None:
    assert json.loads((DATA / sizes.LIST).read_text(encoding="utf-8")) == sizes.sizes()


@pytest.mark.parametrize("name", ["beside.tsv", "words.tsv", "reading.json", "network.npz"])
@pytest.mark.parametrize("content", [None, b"", b"cut"])
def test_a_model_that_was_cut_is_seen_at_the_start(tmp_path: Path, name: str, content: bytes | None) -> None:
    """Also one that this sentence would not need, and one that would pass for a shorter table."""
    for path in DATA.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(
        ValueError, match=rf"{name} 缺失或已损坏（应有 \d+ 字节，实有 {len(content or b'')} 字节）"
    ):
        load(tmp_path)


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\u200d", "\u2060", "\u3000", "\xa0"])
def test_what_nobody_sees_hides_no_slip(engine: Speller, unseen: str) -> None:
    sentence = f"要切实加强生{unseen}太环境保护工作，扎实推进乡村{unseen}兴{unseen}振。"
    found = engine.check(sentence)
    assert [(one.original, one.replacement) for one in found] == [("太", "态"), (f"兴{unseen}振", "振兴")]
    assert [sentence[one.begin : one.end] for one in found] == [one.original for one in found]


def test_half_a_character_is_no_character(engine: Speller) -> None:
    assert engine.check("要切实加强生态\ud800环境保护工作\udfff") == engine.check("") == []
    assert [one.original for one in engine.check("\ud83d要切实加强生太环境保护工作")] == ["太"]


def test_a_long_line_is_cut_where_it_pauses(engine: Speller) -> None:
    """At no place of a line is a unit read as a slip, or half a word."""
    filler = "全市经济社会发展取得新的成效"
    for before in (speller.MAX_TOKENS - 2, speller.MAX_TOKENS - 1, speller.MAX_TOKENS):
        tokens = (filler * 30)[: before - 1]
        assert engine.check(f"{tokens}5百分点") == []
        assert [one.replacement for one in engine.check(f"{tokens}，扎实推进乡村兴振")] == ["振兴"]
    assert [*speller._pieces([*"字" * 450])] == [(0, 400), (400, 450)]
    assert [*speller._pieces([*"字" * 390, ",", *"字" * 59])] == [(0, 391), (391, 450)]
    assert [*speller._pieces([*"字" * 100, ",", *"字" * 349])] == [(0, 400), (400, 450)]
    assert [*speller._pieces([])] == []


def test_looking_again_ends(engine: Speller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speller, "_ROUNDS", 1)
    told = engine.judged(list("要切实加强生太环境保护工作"))
    assert [edit.tokens for edit, _ in told] == ["态"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_KEPT", 2)
    asked = features.Features(LanguageModel.load(), Tables.load(), Network.load)
    for text in ("人民政府", "生态环境", "经济社会"):
        assert asked._segment(text) == asked._segment(text)
    assert asked._segment("人民政府")[1] in {(2, 2), (4,)}
    assert len(asked._segmented) <= 2


def test_words_and_marks_around_a_place() -> None:
    assert [features._word_at((2, 1, 2), place) for place in range(6)] == [2, 2, 1, 2, 2, 0]
    assert features._quoted(list("印发《关于"), 5)
    assert not features._quoted(list("印发《关于》的"), 7)
    assert not features._quoted(list("印发"), 2)


# -- documents -------------------------------------------------------------------


def document(text: str) -> Document:
    return read(Source.from_bytes(text.encode(), "a.html"))


def test_suggestions_of_a_document_are_worked_out_once() -> None:
    page = document("<p>要切实加强生太环境保护工作。</p><p>短。</p><p>abc def ghi</p>")
    found = documents.suggestions(page)
    assert [(page.text[one.span.start : one.span.end], one.suggestion.replacement) for one in found] == [
        ("太", "态")
    ]
    assert documents.suggestions(page) is found


def test_a_sentence_that_stands_in_two_blocks_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    page = document("<p>要切实加强生太环境保护工作。</p>")
    twice = [*documents.sentences(page)] * 2
    monkeypatch.setattr(documents, "sentences", lambda _document: twice)
    assert len(documents.suggestions(page)) == 1


# -- rules -----------------------------------------------------------------------


def hits(text: str, settings: Settings | None = None) -> list[tuple[str, str | None, str]]:
    from rules.typo import unlikely_character

    page = document(text)
    found = unlikely_character.unlikely_character.function(page, settings or Settings())
    return [(page.text[one.span.start : one.span.end], one.fix, one.message) for one in found]


def test_messages_say_what_and_how_sure() -> None:
    ((quote, fix, message),) = hits("<p>要切实加强生太环境保护工作。</p>")
    assert (quote, fix) == ("太", "态")
    assert message.startswith("“生太环境”疑为“生态环境”之误（读音相同或仅声调不同），把握 ")
    assert message.endswith("%")


def test_a_sites_own_words_are_protected() -> None:
    text = "<p>要切实加强生太环境保护工作。</p>"
    assert hits(text, Settings(pack=Pack(allow=("生太环境",)))) == []
    assert hits(text, Settings(pack=Pack(officials=(Official("生太", "主任"),)))) == []
    assert len(hits(text, Settings(pack=Pack(allow=("生太公司", "保护"))))) == 1


def test_lists_go_before_the_model() -> None:
    """Where a table knows the word, it is told once and by the table."""
    import rules as catalogue
    from qa.engine import Engine

    outcome = Engine(catalogue.load()).check(document("<p>切实做好全市安全生产工作布署。</p>"))
    assert [one.rule for one in outcome.findings if one.rule.startswith("typo/")] == ["typo/homophone"]


VERDICTS = Path(__file__).parent / "data" / "spelling_reports.tsv"
REPORTS = SHARED / "real" / "reports"


def verdicts() -> dict[tuple[str, ...], str]:
    """Report, place, original and replacement of what was told by default, and how people judged it."""
    lines = [line.split("\t") for line in VERDICTS.read_text(encoding="utf-8").splitlines()[1:]]
    return {tuple(fields[:4]): fields[4] for fields in lines}


def test_most_of_what_is_told_in_real_reports_is_right() -> None:
    judged = list(verdicts().values())
    assert set(judged) == {"right", "wrong"}
    assert judged.count("right") / len(judged) >= 0.85


@pytest.mark.skipif(not REPORTS.is_dir(), reason="没有真实报告")
def test_all_that_is_told_in_real_reports_has_been_judged() -> None:
    found = set()
    for path in sorted(REPORTS.glob("*.md")):
        page = read(Source.from_bytes(path.read_bytes(), path.name, media="markdown"))
        for one in documents.suggestions(page):
            if one.confidence >= documents.DEFAULT:
                begin, end = one.span
                place = f"{page.text[max(0, begin - 8) : begin]}【{page.text[begin:end]}】{page.text[end : end + 8]}"
                shown = place.replace("\n", "⏎").replace("\t", " ")
                found.add((path.stem, shown, one.suggestion.original, one.suggestion.replacement))
    assert found == set(verdicts())


@pytest.mark.skipif(not REPORTS.is_dir(), reason="没有真实报告")
def test_known_slips_in_real_reports() -> None:
    import rules as catalogue
    from qa.engine import Engine

    page = read(Source.from_bytes((REPORTS / "001.md").read_bytes(), "001.md", media="markdown"))
    findings = Engine(catalogue.load()).check(page).findings
    told = {finding.quote for finding in findings if finding.rule.startswith("typo/")}
    assert {"远县目标", "什先", "积板", "胀务", "词", "干", "烙"} <= told
