"""The parts of the spelling engine, each with models small enough to be worked out by hand."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from qa.finding import Confidence, Level
from qa.readers import read
from qa.rule import Hit, Official, Pack, Settings
from qa.source import Source, Span
from qa.typo import decode, documents, features, lists, opinions, speller, variants
from qa.typo.decode import DOUBLED, MISSING, WORD, Edit
from qa.typo.features import NAMES, READ_NAMES, Features
from qa.typo.judge import Forest, Judge
from qa.typo.lm import LanguageModel
from qa.typo.network import END, HIDDEN, SPECIAL, UNKNOWN, Network
from qa.typo.speller import Speller, Suggestion, load, told
from qa.typo.tables import CODE, COSTS, LIKE, SAME, SHAPE, Tables, grouped
from qa.typo.text import is_han, line_of, units
from rules.typo import _spelling

# -- a small world: what is never written, and what is taken for what -------------------------------

PHRASES = (
    "加强生态环境保护工作",
    "进一步完善制度",
    "贯彻落实党的精神",
    "推进乡村振兴",
    "人民生活水平提高",
    "经济形势严峻",
    "正式启用新桥",
)
SEEN, UNSEEN_ALONE, BACK = -0.1, -3.5, -1.5
"""log10 of a pair that is written, of a character alone, and of having to do without the one before it."""
SOUNDS = {"太": "态", "升": "生", "式": "势", "事": "势", "刑": "形", "起": "启"}
"""Characters that sound like others."""
CONFUSED: Mapping[str, Sequence[tuple[str, int, float]]] = {
    "太": [("态", SAME, 1.0)], "竟": [("境", SHAPE, 1.2)], "乍": [("作", SHAPE, 1.0)], "升": [],
    "保": [("宝", SAME, 1.0)], "起": [("启", SAME, 1.0)], "启": [("起", SAME, 3.0)], "环": [("态", SHAPE, 3.0)],
}  # fmt: skip
WORDS = {"形势": 9.0, "形式": 9.0, "刑事": 8.0, "启用": 8.0, "起用": 8.0, "生态": 8.0, "环境": 8.0}
FITTING = {
    "济形": -1.5, "形式": -1.5, "式严": -1.5, "济刑": -1.3, "刑事": -1.3, "事严": -1.3, "式起": -1.5, "起用": -1.5,
    "村龙": -7.0, "龙振": -7.0, "兴龙": -7.0,
}  # fmt: skip
"""Pairs that are written too, less often than those of the phrases, or hardly ever."""

Tree = tuple[list[int], list[float], list[int], list[int], list[float]]
SURE, DOUBTFUL, POOR = 3.0, 0.3, -3.0
"""Leaves: confidences of 0.95, 0.57 and 0.05."""


def stump(name: str, threshold: float, low: float, high: float) -> Tree:
    """A tree that asks one thing."""
    return [(*NAMES, *READ_NAMES).index(name)], [threshold], [-1], [-2], [low, high]


def arpa(pairs: Mapping[tuple[str, str], float]) -> str:
    """A language model of pairs, as KenLM reads it."""
    tokens = sorted({one for pair in pairs for one in pair} - {"<s>", "</s>"})
    return "\n".join([
        "\\data\\", f"ngram 1={len(tokens) + 3}", f"ngram 2={len(pairs)}", "", "\\1-grams:",
        "-5\t<unk>", f"-99\t<s>\t{BACK}", f"{UNSEEN_ALONE}\t</s>", *(f"{UNSEEN_ALONE}\t{one}\t{BACK}" for one in tokens),
        "", "\\2-grams:", *(f"{score}\t{one} {two}" for (one, two), score in pairs.items()), "", "\\end\\", "",
    ])  # fmt: skip


def weights(path: Path, tokens: str, width: int = 8, apart: Sequence[int] = (1, 2)) -> Path:
    """A small network that has learnt nothing."""
    chance = np.random.default_rng(1)
    size, layers = len(tokens) + SPECIAL, len(apart)

    def small(*shape: int) -> Any:
        return chance.integers(-127, 128, shape, dtype=np.int8)

    def scale(*shape: int) -> Any:
        return chance.uniform(0.003, 0.01, shape).astype(np.float32)

    def plain(*shape: int) -> Any:
        return chance.normal(0, 0.5, shape).astype(np.float32)

    np.savez(
        path / "network.npz",
        tokens=np.array(tokens), embed=small(size, width), embed_scale=scale(size),
        mixes=small(layers, 2 * width, 3 * width), mixes_scale=scale(layers, 2 * width),
        mixes_bias=plain(layers, 2 * width), norms=plain(layers, 2, width) + 1,
        last=small(width, width), last_scale=scale(width), last_bias=plain(width),
        norm=plain(2, width) + 1, bias=plain(size), apart=np.array(apart),
    )  # fmt: skip
    return path


def confusable(char: str, sound: str, found: Sequence[tuple[str, int, float]]) -> str:
    """A line of the table of what is taken for what."""
    codes = (chr(CODE + COSTS * kinds + round(10 * cost)) for _, kinds, cost in found)
    return f"{char}\t{sound}\t{''.join(one for one, _, _ in found)}\t{''.join(codes)}"


def world(
    folder: Path,
    *,
    phrases: Iterable[str] = PHRASES,
    first: Sequence[Tree] = (stump("gain", 1.0, POOR, SURE),),
    plain: Sequence[Tree] = (stump("gain", 1.0, POOR, SURE),),
    reading: Sequence[Tree] | None = None,
) -> Path:
    """A folder of models: of phrases as they are written, and trees."""
    known = {(pair[0], pair[1]): score for pair, score in FITTING.items()}
    known |= {pair: SEEN for one in phrases for pair in pairwise(["<s>", *one, "</s>"])}
    chars = sorted({one for pair in known for one in pair if is_han(one)} | set(CONFUSED))
    after: dict[str, str] = {}
    before: dict[str, str] = {}
    for one, two in known:
        after[one] = after.get(one, "") + two
        before[two] = before.get(two, "") + one
    readings: dict[str, list[str]] = {}
    for word in WORDS:
        readings.setdefault("".join(SOUNDS.get(one, one) for one in word), []).append(word)

    def write(name: str, lines: Iterable[str], encoding: str = "utf-8") -> None:
        (folder / name).write_bytes("".join(line + "\n" for line in lines).encode(encoding))

    write("chars.klm", [arpa(known)])
    write(
        "confusion.tsv",
        (confusable(char, SOUNDS.get(char, char), CONFUSED.get(char, ())) for char in chars),
        "utf-16-le",
    )
    write("words.tsv", [grouped(sorted(WORDS.items())).removesuffix("\n")])
    write(
        "sounds.tsv",
        [grouped((key, " ".join(found)) for key, found in sorted(readings.items())).removesuffix("\n")],
    )
    alike: dict[str, set[str]] = {}
    for found in readings.values():
        for word in found:
            alike.setdefault(word, set()).update(
                other for other in found if len(word) == 2 and other != word and WORDS[other] >= 7
            )
    write("doubles.tsv", (f"{word}\t{' '.join(sorted(others))}" for word, others in alike.items() if others))
    write(
        "beside.tsv",
        (
            f"{one}\t{after.get(one, '').replace('</s>', '')}\t{before.get(one, '').replace('<s>', '')}"
            for one in chars
        ),
        "utf-16-le",
    )
    trees = {"features": NAMES, "first": first, "plain": plain}
    (folder / "judge.json").write_text(json.dumps(trees), encoding="utf-8")
    trees = {"features": [*NAMES, *READ_NAMES], "reading": plain if reading is None else reading}
    (folder / "reading.json").write_text(json.dumps(trees), encoding="utf-8")
    return weights(folder, "".join(chars))


def told_of(engine: Speller, sentence: str) -> list[tuple[str, str, str]]:
    return [(one.original, one.replacement, one.why) for one in engine.check(sentence)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    return load(world(tmp_path_factory.mktemp("world")))


@pytest.mark.parametrize("phrase", PHRASES)
def test_what_is_always_written_so_stays(small: Speller, phrase: str) -> None:
    assert small.check(phrase, least=0.0) == []
    assert small.correct(phrase) == phrase


@pytest.mark.parametrize(
    ("wrong", "right", "change"),
    [
        ("加强生太环境保护工作", "加强生态环境保护工作", ("太", "态", "同音")),
        ("加强生态环竟保护工作", "加强生态环境保护工作", ("竟", "境", "形近")),
        ("加强生态环境保护工乍", "加强生态环境保护工作", ("乍", "作", "形近")),  # at the end
        (
            "加强生乍环境保护工作",
            "加强生态环境保护工作",
            ("乍", "态", "搭配"),
        ),  # nobody takes one for the other
        ("加强升太环境保护工作", "加强生态环境保护工作", ("升太", "生态", "同音")),
        ("进一步步完善制度", "进一步完善制度", ("步", "", "多字")),
        ("推进乡村乡村振兴", "推进乡村振兴", ("乡村", "", "多字")),
        ("进一步呀完善制度", "进一步完善制度", ("呀", "", "多字")),
        ("贯彻落党的精神", "贯彻落实党的精神", ("党", "实党", "漏字")),
        ("推进村乡振兴", "推进乡村振兴", ("村乡", "乡村", "颠倒")),
        ("推进乡村兴振", "推进乡村振兴", ("兴振", "振兴", "颠倒")),  # 兴龙振 is hardly ever written
        ("推进乡村太振兴", "推进乡村振兴", ("太", "", "多字")),  # neither is 村龙振
        ("生太，加强环境保护工作", "生态，加强环境保护工作", ("太", "态", "同音")),  # marks are no characters
        ("经济形式严峻", "经济形势严峻", ("式", "势", "同音")),  # a word for a word, nothing looks odd
        ("正式起用新桥", "正式启用新桥", ("起", "启", "同音")),
        ("经济刑事严峻", "经济形势严峻", ("刑事", "形势", "同音")),
    ],
)
def test_every_kind_of_slip(small: Speller, wrong: str, right: str, change: tuple[str, str, str]) -> None:
    assert told_of(small, wrong) == [change]
    assert small.correct(wrong) == right


def test_a_word_for_a_word_is_found_where_nothing_looks_odd(small: Speller) -> None:
    tokens = list("经济形式严峻")
    scan, ((best, *_rest),) = small._decoder.decode(tokens)
    assert all(one + two > decode.ODD for one, two in pairwise(scan.scores))
    assert best[:3] == (3, 4, "势")


def test_what_fits_worse_is_not_proposed(small: Speller) -> None:
    """Odd places, and what others could be taken for that stands beside their neighbours too."""
    decoder = small._decoder

    def proposed(sentence: str, at: int) -> str:
        return "".join(one.tokens for one in decoder._replaced(decoder.model.scan(list(sentence)), at))

    assert proposed("经起用新桥", 1) == "启"
    assert proposed("经启用新桥", 1) == ""  # 起 is as odd after 经
    assert proposed("加强生环境", 3) == ""  # 态 is not before 境
    assert small.correct("经启用新桥") == "经启用新桥"


def test_what_is_proposed_for_two_reasons_is_proposed_once(small: Speller) -> None:
    """启 for 起 as a character that is odd, and as a word for a word."""
    proposed = [edit[:3] for place in small._decoder.decode(list("经起用新桥"))[1] for edit in place]
    assert proposed.count((1, 2, "启")) == 1
    assert len(set(proposed)) == len(proposed)


def test_a_slip_that_nothing_else_fits_stays(small: Speller) -> None:
    """Odd as it looks, there is nothing to put in its place."""
    assert small.check("龘", least=0.0) == []
    assert small.check("作", least=0.0) == []


def test_what_is_odd_all_over_is_no_text_of_this_kind(small: Speller) -> None:
    """Verse, another language in the same script: not one change is proposed, whatever would fit."""
    strange = [chr(0x8000 + n) for n in range(40)]
    assert small._decoder.decode([*strange, *"生太"])[1] == []
    assert small._decoder.decode([*strange[:5], *"加强生太环境保护工作"])[1] != []


def test_a_crowd_of_changes_is_not_believed(small: Speller) -> None:
    def found(number: int) -> int:
        return len(small._decoder.decode(list("加强生太环境保护工作" * number))[1])

    assert found(5) == 5
    slips = "生太环" * 20
    assert small._decoder.decode(list(slips))[1] == []


# -- long runs of odd places -------------------------------------------------------------------------


def dense() -> tuple[str, Callable[[Callable[[str], str]], str]]:
    """A sentence without two characters alike, and how to spoil two characters of every five of it."""
    phrase = "".join(chr(0x5000 + n) for n in range(84))

    def spoiled(spoil: Callable[[str], str]) -> str:
        return "".join(spoil(phrase[at : at + 2]) + phrase[at + 2 : at + 5] for at in range(0, 84, 5))

    return phrase, spoiled


@pytest.mark.parametrize(
    "spoil",
    [lambda two: two[::-1], lambda two: two[0] + two, lambda two: two[0]],
    ids=["swapped", "doubled", "missing"],
)
def test_no_two_suggestions_overlap_in_a_long_dense_sentence(
    tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    phrase, spoiled = dense()
    engine = load(world(tmp_path, phrases=(phrase,)))
    wrong = spoiled(spoil)
    found = engine.check(wrong)
    assert found
    for one, two in pairwise(found):
        assert one.end <= two.begin
    assert engine.correct(wrong) == phrase


# -- the network -------------------------------------------------------------------------------------

CHARS = "生态环境太保护工作"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return Network(weights(tmp_path_factory.mktemp("network"), CHARS) / "network.npz")


def whole(network: Network, tokens: Sequence[str]) -> Any:
    """What the network tells of all places of a sentence."""
    return network.told([(tokens, range(len(tokens)))])[0]


def by_hand(path: Path, numbers: Sequence[int]) -> list[list[float]]:
    """What the network is to tell, worked out number by number."""
    with np.load(path) as data:
        parts = {name: data[name].tolist() for name in data.files}

    def full(name: str) -> Any:
        one, scales = parts[name], parts[f"{name}_scale"]
        if isinstance(scales[0], list):
            return [
                [[x * s for x in row] for row, s in zip(rows, all_, strict=True)]
                for rows, all_ in zip(one, scales, strict=True)
            ]
        return [[x * s for x in row] for row, s in zip(one, scales, strict=True)]

    def times(
        weight: Sequence[Sequence[float]], vector: Sequence[float], bias: Sequence[float]
    ) -> list[float]:
        return [
            sum(a * b for a, b in zip(row, vector, strict=True)) + c
            for row, c in zip(weight, bias, strict=True)
        ]

    def normed(vector: Sequence[float], norm: Sequence[Sequence[float]]) -> list[float]:
        mean = sum(vector) / len(vector)
        spread = math.sqrt(sum((x - mean) ** 2 for x in vector) / len(vector) + 1e-5)
        return [(x - mean) / spread * a + b for x, a, b in zip(vector, *norm, strict=True)]

    embed = full("embed")
    width = len(embed[0])
    found = [embed[number] for number in (END, *numbers, END)]
    for mix, bias, norm, apart in zip(
        full("mixes"), parts["mixes_bias"], parts["norms"], parts["apart"], strict=True
    ):
        here = [normed(one, norm) for one in found]
        nothing = [0.0] * width
        for at in range(len(found)):
            left = here[at - apart] if at >= apart else nothing
            right = here[at + apart] if at + apart < len(here) else nothing
            mixed = times(mix, [*left, *here[at], *right], bias)
            found[at] = [
                old + new / (1 + math.exp(-gate))
                for old, new, gate in zip(found[at], mixed[:width], mixed[width:], strict=True)
            ]
    rows = []
    for one in found[1:-1]:
        last = [
            x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in times(full("last"), one, parts["last_bias"])
        ]
        scores = times(embed, normed(last, parts["norm"]), parts["bias"])
        whole = math.log(sum(math.exp(score) for score in scores))
        rows.append([score - whole for score in scores])
    return rows


def test_the_network_says_what_is_worked_out_by_hand(tmp_path: Path) -> None:
    path = weights(tmp_path, CHARS, apart=(1, 2, 4)) / "network.npz"
    network = Network(path)
    tokens = [*"生太环", "", "龘"]
    expected = by_hand(path, [network.number(one) for one in tokens])
    assert whole(network, tokens) == pytest.approx(np.array(expected), abs=0.02)


@pytest.mark.parametrize("sentence", ["", "生", "生态环境保护工作", "龘𠮷a😀", "生太" * 200])
def test_probabilities_sum_to_one(network: Network, sentence: str) -> None:
    logarithms = whole(network, list(sentence))
    assert logarithms.shape == (len(sentence), SPECIAL + len(CHARS))
    assert np.exp(logarithms).sum(1) == pytest.approx(np.ones(len(sentence)), abs=1e-4)


def test_both_sides_of_a_character_matter_as_far_as_the_network_sees(network: Network) -> None:
    tokens = list("生态环境太保护工作")

    def changed(at: int) -> list[bool]:
        other = [*tokens[:at], "龘", *tokens[at + 1 :]]
        apart = np.abs(whole(network, other) - whole(network, tokens)).max(1)
        return [bool(one > 1e-6) for one in apart]

    middle = 4  # two layers, one and two characters apart: three to each side
    assert [changed(at)[middle] for at in range(len(tokens))] == [
        abs(at - middle) <= 3 for at in range(len(tokens))
    ]


def test_some_places_of_several_sentences_are_told_as_if_each_were_read_whole(network: Network) -> None:
    sentences = [("生态环境太保护工作", [0, 4]), ("生", [0]), ("态太生", []), ("保护工作生态环境", [7, 2])]
    for (text, places), found in zip(
        sentences, network.told([(list(text), places) for text, places in sentences]), strict=True
    ):
        assert found.shape == (len(places), SPECIAL + len(CHARS))
        assert found == pytest.approx(whole(network, list(text))[places], abs=1e-5)


def test_nothing_asked_nothing_told(network: Network) -> None:
    assert network.told([]) == []


def test_tokens_by_number(network: Network) -> None:
    assert [network.tokens[network.number(one)] for one in CHARS] == list(CHARS)
    assert network.number("") == HIDDEN
    assert network.number("龘") == network.number("a") == UNKNOWN
    assert min(map(network.number, CHARS)) == SPECIAL


def test_what_is_hidden_is_neither_known_nor_unknown(network: Network) -> None:
    def told(token: str) -> Any:
        return whole(network, ["生", token, "环"])[1]

    assert told("龘") == pytest.approx(told("𠮷"))  # one rare character is as another
    for one, other in (("", "龘"), ("", "态"), ("龘", "态"), ("太", "态")):
        assert np.abs(told(one) - told(other)).max() > 1e-3


@pytest.mark.parametrize("sentence", ["", "生", "生态环"])
def test_a_sentence_shorter_than_the_reach(tmp_path: Path, sentence: str) -> None:
    """Nothing stands that far away, however far."""
    near, far = tmp_path / "near", tmp_path / "far"
    for folder, apart in ((near, (1, 6)), (far, (1, 1000))):
        folder.mkdir()
        weights(folder, CHARS, apart=apart)
    one, other = (whole(Network(folder / "network.npz"), list(sentence)) for folder in (near, far))
    assert one.shape == (len(sentence), SPECIAL + len(CHARS))
    assert one == pytest.approx(other)


def test_a_network_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Network(tmp_path / "network.npz")
    (tmp_path / "network.npz").write_text("没有")
    with pytest.raises(ValueError, match="allow_pickle"):
        Network(tmp_path / "network.npz")
    np.savez(tmp_path / "network.npz", tokens=np.array(CHARS))
    with pytest.raises(KeyError, match="embed"):
        Network(tmp_path / "network.npz")


def test_the_network_that_comes_with_the_program() -> None:
    network = Network.load()
    tokens = list("要切实加强生太环境保护工作")
    at = tokens.index("太")
    logarithms = whole(network, tokens)
    assert np.exp(logarithms).sum(1) == pytest.approx(np.ones(len(tokens)), abs=1e-4)
    assert logarithms[at, network.number("态")] > logarithms[at, network.number("太")]
    tokens[at] = ""
    assert network.tokens[int(whole(network, tokens)[at].argmax())] == "态"


# -- what the network adds ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def numbers(small: Speller) -> Features:
    return small._features


def asked(numbers: Features, sentence: str, *places: list[Edit]) -> list[list[dict[str, float]]]:
    return [
        [dict(zip(READ_NAMES, row, strict=True)) for row in place]
        for place in numbers.read(list(sentence), places)
    ]


def rows_of(numbers: Features, tokens: Sequence[str], *pairs: tuple[int, str]) -> list[float]:
    """Logarithms of characters in their places."""
    network = numbers._network()
    found = whole(network, tokens)
    return [float(found[at, network.number(token)]) for at, token in pairs]


def test_one_character_for_another_is_read_in_its_place(numbers: Features) -> None:
    ((found, other),) = asked(
        numbers, "加强生太环境", [Edit(3, 4, "态", SAME, 1.0), Edit(3, 4, "乍", decode.CONTEXT, 3.3)]
    )
    was, now = rows_of(numbers, list("加强生太环境"), (3, "太"), (3, "态"))
    assert found["read_before"] == pytest.approx(was)
    assert found["read_after"] == pytest.approx(now)
    assert found["read_gain"] == pytest.approx(now - was)
    assert found["read_best"] >= 0
    assert other["read_before"] == found["read_before"]
    assert other["read_after"] != found["read_after"]
    assert other["read_best"] - found["read_best"] == pytest.approx(found["read_after"] - other["read_after"])


def test_of_a_word_only_what_changes_is_read(numbers: Features) -> None:
    """The least likely character counts, and the gains of all."""
    tokens = list("加强升太环境")
    ((found,),) = asked(numbers, "加强升太环境", [Edit(2, 5, "生态环", WORD, 2.4)])
    was = rows_of(numbers, tokens, (2, "升"), (3, "太"))
    now = rows_of(numbers, tokens, (2, "生"), (3, "态"))
    assert found["read_before"] == pytest.approx(min(was))
    assert found["read_after"] == pytest.approx(min(now))
    assert found["read_gain"] == pytest.approx(sum(now) - sum(was))


@pytest.mark.parametrize(
    ("sentence", "edit", "around", "made", "there"),
    [
        ("进一步步完善", Edit(3, 4, "", DOUBLED, 3.5), (2, 3, 4), "进一步完善", (2, 3)),
        ("推进乡村乡村", Edit(2, 4, "", DOUBLED, 3.5), (1, 2, 3, 4), "推进乡村", (1, 2)),
        ("贯彻落党的", Edit(3, 4, "实党", MISSING, 2.2), (2, 3, 4), "贯彻落\0党的", (2, 3, 4, 5)),
        ("步步完善", Edit(0, 1, "", DOUBLED, 3.5), (0, 1), "步完善", (0,)),
        ("完善善", Edit(2, 3, "", DOUBLED, 3.5), (1, 2), "完善", (1,)),
    ],
)
def test_where_characters_come_or_go_the_neighbours_are_read(
    numbers: Features, sentence: str, edit: Edit, around: tuple[int, ...], made: str, there: tuple[int, ...]
) -> None:
    """What comes is hidden while it is looked at; else it would speak for itself."""
    ((found,),) = asked(numbers, sentence, [edit])
    was = rows_of(numbers, list(sentence), *((at, sentence[at]) for at in around))
    told = sentence[: edit.begin] + edit.tokens + sentence[edit.end :]
    tokens = ["" if one == "\0" else one for one in made]
    now = rows_of(numbers, tokens, *((at, told[at]) for at in there))
    assert found["read_before"] == pytest.approx(min(was))
    assert found["read_after"] == pytest.approx(min(now))
    assert found["read_gain"] == pytest.approx(sum(now) - sum(was), abs=1e-4)
    assert found["read_best"] == 0


def test_a_sentence_of_one_character_may_go(numbers: Features) -> None:
    ((found,),) = asked(numbers, "步", [Edit(0, 1, "", DOUBLED, 7.5)])
    assert found["read_after"] == 0
    assert found["read_gain"] == pytest.approx(-found["read_before"])


@pytest.mark.parametrize("sentence", ["步步步完善", "进一步步步完善"])
def test_either_of_two_changes_that_make_the_same_is_read_in_its_own_place(
    numbers: Features, sentence: str
) -> None:
    first = sentence.index("步")
    one, two = (Edit(at, at + 1, "", DOUBLED, 3.5) for at in (first, first + 1))
    together = asked(numbers, sentence, [one], [two])
    assert together[1] == asked(numbers, sentence, [two])[0]


def test_what_is_read_for_one_change_is_not_read_again_for_the_next(
    numbers: Features, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = numbers._network()
    calls: list[Sequence[tuple[Sequence[str], Sequence[int]]]] = []
    real = Network.told

    def counted(self: Network, sentences: Sequence[tuple[Sequence[str], Sequence[int]]]) -> list[Any]:
        calls.append(sentences)
        return real(self, sentences)

    monkeypatch.setattr(Network, "told", counted)
    edit = Edit(3, 4, "", DOUBLED, 3.5)
    numbers.read(list("进一步步完善"), [[edit, edit._replace(cost=7.5)]])
    assert numbers._network() is network
    assert [len(sentences) for sentences in calls] == [2]  # as it stands, without it


# -- dictionary and lists as features ----------------------------------------------------------------


def test_words_that_cover_a_place() -> None:
    assert features._listed("生态环境", 1, 2) == 4  # 生态环境
    assert features._listed("生态的", 1, 2) == 2
    assert features._listed("龘龘龘", 1, 2) == 0
    assert features._listed("生态", -1, 1) == features._listed("生态", 1, 3) == 0


def test_entries_that_cover_a_place() -> None:
    count, proper = features._entry("在北京开", 2, 3)
    assert (count > 3, proper) == (True, 1.0)
    count, proper = features._entry("的工作的", 1, 2)
    assert (count > 3, proper) == (True, 0.0)
    for text, begin, end in (("龘龘龘", 1, 2), ("北京", -1, 1), ("北京", 1, 3)):
        assert features._entry(text, begin, end) == (0.0, 0.0)


# -- lists of the installed pycorrector --------------------------------------------------------------


def forget() -> None:
    for one in (lists._alike, lists._sounds, lists.names):
        one.cache_clear()


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing read before, nothing kept after."""
    forget()
    yield
    forget()


def listed_in(folder: Path, monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    (folder / "data").mkdir()
    for name, text in texts.items():
        (folder / "data" / f"{name}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lists, "folder", lambda: folder)


def nothing_listed() -> bool:
    return (
        not any(lists.alike(char) or lists.sounding(char) for char in "土政")
        and lists.named("石狮市", 0, 2) == 0
    )


@pytest.mark.usefixtures("fresh")
def test_lists_as_they_are_installed() -> None:
    assert lists.folder() is not None
    assert "笼" in lists.alike("拢")
    assert "正" in lists.sounding("政")
    assert "汉" not in lists.sounding("#")
    assert lists.named("在石狮市", 1, 3) > lists.named("在石狮市", 0, 1) == 0


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("spec", [None, SimpleNamespace(submodule_search_locations=None)])
def test_where_it_is_not_installed_all_lists_are_empty(spec: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    assert lists.folder() is None
    assert nothing_listed()


@pytest.mark.usefixtures("fresh")
def test_lists_that_cannot_be_read_are_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "folder", lambda: tmp_path)
    assert nothing_listed()
    forget()
    (tmp_path / "data" / "same_stroke.txt").mkdir(parents=True)
    assert nothing_listed()


@pytest.mark.usefixtures("fresh")
def test_lists_are_found_after_a_second_opinion_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """That one puts a package without its own beginning in the place of the real one."""
    monkeypatch.setitem(sys.modules, "pycorrector", ModuleType("pycorrector"))  # as it was, afterwards
    monkeypatch.delitem(sys.modules, "pycorrector")
    home = lists.folder()
    opinions._module("corrector")
    assert lists.folder() == home
    assert "笼" in lists.alike("拢")


@pytest.mark.usefixtures("fresh")
def test_look_alikes_and_sounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed_in(
        tmp_path, monkeypatch,
        same_stroke="土\t士\t干\n\n士\t仕\n", same_pinyin="#汉字\t同音\n政\t正\t证征\n\n",
    )  # fmt: skip
    assert set(lists.alike("士")) == set("土士干仕")
    assert set(lists.alike("仕")) == set("士仕")
    assert lists.sounding("政") == "政正证征"
    assert lists.sounding("正") == lists.sounding("#") == lists.alike("政") == ""


@pytest.mark.usefixtures("fresh")
def test_names_with_and_without_their_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed_in(
        tmp_path, monkeypatch,
        place_name="石狮市\t99\n石狮市\t5\n泉港\t9\n某地\t不详\n无数\n新疆维吾尔自治区\t999\n",
        person_name="王小明\t9999\n",
    )  # fmt: skip
    assert lists.named("去石狮看", 1, 3) == lists.named("去石狮市看", 1, 4) == 2  # 99 and one more; not 5
    assert lists.named("去石狮看", 2, 3) == 2  # its second half alone
    assert lists.named("去泉港区", 1, 3) == 1
    assert lists.named("去泉港区", 1, 4) == 0  # nobody listed it with 区
    assert lists.named("王小明说", 2, 3) == 4
    for text in ("石师市", "某地的", "无数的", "新疆维吾尔自治区"):
        assert lists.named(text, 0, 2) == 0
    assert lists.named("石狮", -1, 2) == lists.named("石狮", 0, 3) == 0


# -- tables ------------------------------------------------------------------------------------------


def tables_of(
    folder: Path, confusion: str = "", words: str = "", sounds: str = "", beside: str = ""
) -> Tables:
    for name, text in (("words", words), ("sounds", sounds)):
        (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
    (folder / "beside.tsv").write_bytes(beside.encode("utf-16-le"))
    (folder / "doubles.tsv").write_text("", encoding="utf-8")
    names = ("words", "sounds", "beside", "doubles")
    return Tables(confusion, *(folder / f"{name}.tsv" for name in names))


@pytest.mark.usefixtures("fresh")
def test_what_the_lists_know_is_added_where_it_is_not_known_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [("士", SHAPE, 1.0), ("吐", SAME, 1.0)]
    sounds = {"土": "A", "士": "B", "干": "C", "吐": "A", "兔": "A"}
    confusion = "\n".join(confusable(one, sound, own if one == "土" else ()) for one, sound in sounds.items())
    with monkeypatch.context() as patch:
        patch.setattr(lists, "folder", lambda: None)
        assert [tuple(one) for one in tables_of(tmp_path, confusion).confused("土")] == own
    forget()
    listed_in(tmp_path, monkeypatch, same_stroke="土\t士\t干\t壬\n", same_pinyin="土\t吐\t兔图\n士\t是\n")
    tables = tables_of(tmp_path, confusion)
    found = tables.confused("土")
    assert [
        tuple(one) for one in found[:2]
    ] == own  # 土 itself is no candidate, and 壬, 图, which no table knows, are none either
    assert [one[:2] for one in found[2:]] == [("干", SHAPE), ("兔", LIKE)]
    assert all(one.cost > 1.0 for one in found[2:])
    assert [one.char for one in tables.confused("士")] == ["土", "干"]
    assert tables.confused("壬") == ()  # not a character of the tables


def test_pairs_in_the_tables_that_come_with_the_program() -> None:
    tables = Tables.load()
    for one, other in (("形式", "形势"), ("权利", "权力"), ("制定", "制订")):
        found = tables.doubles[one].split()
        assert other in found
        assert one in tables.doubles[other].split()
        assert one not in found
        assert {len(word) for word in found} == {2}
        assert all(set(tables.keys(one)) & set(tables.keys(word)) for word in found)


# -- the classifier ----------------------------------------------------------------------------------


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_trees_are_followed_to_their_leaves_and_added_up() -> None:
    # 0: first feature at most 1.0? leaf 0, else 1: second feature at most -2.0? leaf 1, else leaf 2.
    tree: Tree = ([0, 1], [1.0, -2.0], [-1, -2], [1, -3], [0.5, -0.5, 2.0])
    one = Forest([tree])
    for numbers, leaf in (((1.0, 0.0), 0.5), ((1.1, -2.0), -0.5), ((1.1, -1.9), 2.0), ((-9.0, -9.0), 0.5)):
        assert logit(one.confidence(numbers)) == pytest.approx(leaf)
        assert logit(Forest([tree, tree]).confidence(numbers)) == pytest.approx(2 * leaf)
    assert Forest([]).confidence([]) == 0.5


def test_a_classifier_for_other_features_is_refused(tmp_path: Path) -> None:
    def judge(names: Sequence[str], read: Sequence[str]) -> Judge:
        folder = tmp_path / f"{len(names)} {len(read)}"
        folder.mkdir()
        trees = {"features": names, "first": [], "plain": [stump("gain", 0.0, POOR, SURE)]}
        (folder / "judge.json").write_text(json.dumps(trees))
        reading = {"features": read, "reading": [stump("read_best", 0.0, SURE, POOR)]}
        (folder / "reading.json").write_text(json.dumps(reading))
        return Judge.load(folder)

    every = (*NAMES, *READ_NAMES)
    for names in (["x"], NAMES[:-1], every):
        with pytest.raises(ValueError, match=r"judge\.json 与程序不是同一版本"):
            judge(names, every)
    with pytest.raises(ValueError, match=r"reading\.json 与程序不是同一版本"):
        _ = judge(NAMES, NAMES).reading
    for name, content in (("empty", ""), ("list", "[1]"), ("other", "{}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "judge.json").write_text(content)
        with pytest.raises(ValueError, match=r"judge\.json 已损坏，请重新安装"):
            Judge.load(tmp_path / name)
    found = judge(NAMES, every)
    zero = [0.0] * len(every)
    assert found.first.confidence(zero) == 0.5
    assert found.plain.confidence([1.0, *zero[1:]]) > 0.9 > 0.1 > found.plain.confidence(zero)
    assert found.reading.confidence(zero) > 0.9 > 0.1 > found.reading.confidence([*zero[:-1], 1.0])


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("库容1200万立米", "立米"),
        ("面积3.5平方公里，长2公里", "平方公里公里"),
        ("增长2.3个百分点", "个百分点"),
        ("接待80多万人次", "人次"),
        ("平米不在数后", ""),
        ("共30", ""),
        ("2024年", ""),
        ("装机5万千瓦时", "千瓦时"),
    ],
)
def test_units_after_a_number(sentence: str, found: str) -> None:
    tokens = line_of(sentence).tokens
    assert "".join(tokens[at] for at in sorted(units(tokens))) == found


def test_units_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = load(world(tmp_path))
    assert engine.correct("加强生太环境保护工作") == "加强生态环境保护工作"
    monkeypatch.setattr(speller, "units", lambda _tokens: {3})
    assert engine.check("加强生太环境保护工作", least=0.0) == []


# -- from changes to suggestions ---------------------------------------------------------------------


def change(at: int) -> Edit:
    return Edit(at, at + 1, "甲", SAME, 1.0)


def test_beside_what_is_sure_others_may_be_less_so() -> None:
    sure, companion, poor = (change(0), 0.9), (change(1), 0.6), (change(2), 0.3)
    assert told([companion, sure, poor], 0.8, 0.5) == [companion, sure]
    assert told([companion, poor], 0.8, 0.5) == []
    assert told([(change(0), 0.8), (change(1), 0.5)], 0.8, 0.5) == [(change(0), 0.8), (change(1), 0.5)]
    assert told([], 0.8, 0.5) == []


def test_a_doubtful_change_is_made_only_beside_a_sure_one(tmp_path: Path) -> None:
    engine = load(world(tmp_path, plain=(stump("same", 0.5, DOUBTFUL, SURE),)))
    assert engine.correct("加强生太环竟保护工作") == "加强生态环境保护工作"
    assert engine.correct("加强生态环竟保护工作") == "加强生态环竟保护工作"
    assert told_of(engine, "加强生态环竟保护工作") == [("竟", "境", "形近")]
    assert engine.check("加强生态环竟保护工作", least=0.8) == []
    tokens = list("加强生太环竟保护工作")
    assert [edit.tokens for edit, _ in told(engine.judged(tokens), 0.8, 0.5)] == ["态", "境"]
    lenient = Speller(
        engine._decoder.model, engine._decoder.tables, engine._judge, engine._features._network, default=0.5
    )
    assert lenient.correct("加强生态环竟保护工作") == "加强生态环境保护工作"


def test_beside_a_slip_put_right_the_next_is_seen(tmp_path: Path) -> None:
    """A look-alike is believed where it is the only slip: after the doubled character before it is gone."""
    at = (*NAMES, *READ_NAMES).index
    careful: Tree = ([at("is_doubled"), at("edits")], [0.5, 1.5], [1, -1], [-3, -2], [SURE, POOR, SURE])
    engine = load(world(tmp_path, phrases=("进一步加强生态环境保护工作",), plain=(careful,)))
    wrong = "进一步步加强生态环竟保护工作"
    assert engine.correct(wrong) == "进一步加强生态环境保护工作"
    (one, two) = engine.check(wrong)
    assert (wrong[one.begin : one.end], one.replacement) == ("步", "")
    assert (wrong[two.begin : two.end], two.replacement) == ("竟", "境")


def test_what_is_left_in_doubt_in_the_last_round_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speller, "_ROUNDS", 1)
    engine = load(world(tmp_path, plain=(stump("same", 0.5, DOUBTFUL, SURE),)))
    assert [edit.tokens for edit, _ in engine.judged(list("加强生太环竟保护工作"))] == ["态", "境"]


def test_hopeless_places_are_left_out_and_the_others_weighed_without_them(tmp_path: Path) -> None:
    sentence, edits = list("加强生太环境护保工作"), NAMES.index("edits")
    both, one, none = (tmp_path / name for name in ("both", "one", "none"))
    for folder, first in (
        (both, stump("gain", -99.0, SURE, SURE)),
        (one, stump("is_swapped", 0.5, SURE, -9.0)),
        (none, stump("gain", -99.0, -9.0, -9.0)),
    ):
        folder.mkdir()
        world(folder, first=(first,))
    found = load(both).looked(sentence)
    assert [(place[0][0].tokens, place[0][1][edits]) for place in found] == [("态", 2.0), ("保护", 2.0)]
    found = load(one).looked(sentence)
    assert [(place[0][0].tokens, place[0][1][edits]) for place in found] == [("态", 1.0)]
    assert {len(numbers) for place in found for _, numbers in place} == {len(NAMES)}
    assert load(none).looked(sentence) == []
    assert load(none).check("加强生太环境护保工作", least=0.0) == []


def test_the_best_of_a_place_is_for_the_classifier_to_say(tmp_path: Path) -> None:
    """What the language model likes best is one of a few that are weighed."""
    engine = load(world(tmp_path, plain=(stump("is_word", 0.5, POOR, SURE), stump("cost", 1.1, 0.5, 0.0))))
    assert told_of(engine, "经济形式严峻") == []
    assert told_of(engine, "加强升太环境保护工作") == [("升太", "生态", "同音")]


def test_the_network_is_asked_only_where_there_is_doubt(tmp_path: Path) -> None:
    """What the others are sure of, one way or the other, needs neither the network nor its forest."""
    folder = world(tmp_path, plain=(stump("same", 0.5, DOUBTFUL, SURE),))
    for name in ("network.npz", "reading.json"):
        (folder / name).unlink()
    engine = load(folder)
    assert engine.correct("加强生态环境保护工作") == "加强生态环境保护工作"
    assert engine.correct("加强生太环境保护工作") == "加强生态环境保护工作"
    with pytest.raises(FileNotFoundError):
        engine.check("加强生态环竟保护工作")


def test_where_there_is_doubt_the_network_ends_it(tmp_path: Path) -> None:
    """Sound, look-alike: one is sure without the network, the other is as sure as it says."""
    for name, leaf in (("sure", SURE), ("poor", POOR)):
        (tmp_path / name).mkdir()
        engine = load(
            world(
                tmp_path / name,
                plain=(stump("same", 0.5, DOUBTFUL, SURE),),
                reading=(stump("read_before", 0.0, leaf, -leaf),),  # a logarithm is below 0
            )
        )
        found = {edit.tokens: sure for edit, sure in engine._weigh(list("加强生太环竟保护工作"))}
        assert logit(found["态"]) == pytest.approx(SURE)
        assert logit(found["境"]) == pytest.approx(leaf)


@pytest.mark.parametrize("name", ["chars.klm", "confusion.tsv", "judge.json"])
def test_a_model_that_is_missing(tmp_path: Path, name: str) -> None:
    folder = world(tmp_path)
    (folder / name).unlink()
    with pytest.raises(OSError, match=name):
        load(folder)


def test_a_long_sentence_is_read_in_pieces(small: Speller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speller, "MAX_TOKENS", 10)
    right = "加强生态环境保护工作" * 3
    wrong = right.replace("态", "太")
    assert small.correct(f" {wrong} ") == f" {right} "
    assert small.correct(f"{wrong}100.5") == f"{right}100.5"
    assert [one.begin for one in small.check(wrong)] == [3, 13, 23]


# -- documents: what others in it say of one alarm ---------------------------------------------------

ALARMS = {"鼋": "形近", "鼍": "同音", "鼒": "漏字"}


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Confidences, as those of a sentence alone, in alarms that certain characters give."""
    sure = dict.fromkeys(ALARMS, 0.9)

    def checked(sentence: str) -> tuple[Suggestion, ...]:
        return tuple(
            Suggestion(
                at, at + 1, char, "元" if ALARMS[char] != "漏字" else "元" + char, sure[char], ALARMS[char]
            )
            for at, char in enumerate(sentence)
            if char in ALARMS
        )

    monkeypatch.setattr(documents, "_checked", checked)
    return sure


def weighed(sentences: int, **alarms: int) -> dict[str, float]:
    """Confidences in a document of so many sentences, with so many alarms of each character among them."""
    chars = "".join(char * number for char, number in alarms.items())
    text = "".join(
        f"<p>今天{chr(0x4E00 + n)}{chars[n : n + 1]}{chr(0x6E00 + n)}召开会议。</p>" for n in range(sentences)
    )
    page = read(Source.from_bytes(text.encode(), "a.html"))
    return {one.suggestion.original: one.confidence for one in documents.suggestions(page)}


def test_a_lone_doubtful_alarm_in_a_long_clean_document_is_weighed_down(alarms: dict[str, float]) -> None:
    found = [weighed(number, 鼍=1)["鼍"] for number in (1, 30, 300, 1000)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]
    assert found[-1] < documents.DEFAULT
    alarms["鼍"] = 1.0
    assert weighed(1000, 鼍=1)["鼍"] >= documents.DEFAULT  # what is beyond doubt stays


def test_many_look_alikes_lift_each_other_but_not_the_homophones(alarms: dict[str, float]) -> None:
    alone = {**weighed(200, 鼋=1), **weighed(200, 鼍=1), **weighed(200, 鼒=1)}
    scanned = weighed(200, 鼋=60, 鼍=1, 鼒=1)
    assert scanned["鼋"] >= documents.DEFAULT > alone["鼋"]
    assert scanned["鼍"] == alone["鼍"]
    assert scanned["鼒"] == alone["鼒"]
    more = [weighed(200, 鼋=number)["鼋"] for number in (1, 5, 20, 60)]
    assert more == sorted(more)
    alarms["鼋"] = 0.4  # many, but none that anybody would believe
    assert weighed(200, 鼋=5)["鼋"] < documents.DEFAULT


def test_confidence_in_the_odds() -> None:
    assert documents._shifted(0.8, 1.0) == pytest.approx(0.8)
    assert documents._shifted(0.5, 3.0) == pytest.approx(0.75)
    assert documents._shifted(0.0, 1.0) == 0
    assert documents._shifted(1.0, 0.5) < 1
    assert documents._shifted(0.9, 0.01) < documents._shifted(0.9, 0.1) < documents._shifted(0.95, 0.1)


def test_odds_never_pass_those_of_a_sentence_somebody_asks_about() -> None:
    certain = [Suggestion(0, 1, "甲", "乙", 1.0, why) for why in speller.REASONS for _ in range(500)]
    assert documents._odds(certain, 100) == {"sound": 1.0, "shape": 1.0, "order": 1.0}
    clean = documents._odds([], 10_000)
    assert len(set(clean.values())) == 1
    assert 0 < clean["sound"] < documents._odds([], 0)["sound"] < 0.1


# -- documents: its own habits -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "alone", "confidence", "expected"),
    [
        ("王锋主持会议，王锋讲话，王锋强调。", 0.9, 0.6, documents.THOROUGH),  # a habit
        ("王锋主持会议，王锋讲话，王锋强调。", 0.9, 0.01, 0.01),
        ("王锋主持会议，王锋讲话，王锋强调。", 0.99, 0.9, 0.9),  # too sure for that
        ("王锋主持会议，王锋讲话。", 0.9, 0.6, 0.6),  # twice is no habit
        ("王锋主持会议。王峰讲话，王峰强调，王峰指出，王峰要求。", 0.9, 0.5, 0.8),  # outvoted
        ("王锋主持会议。王峰讲话，王峰强调，王峰指出。", 0.9, 0.5, 0.5),  # not by enough
        ("王锋主持会议。王峰讲话，王峰强调，王峰指出，王峰要求。", 0.5, 0.3, 0.3),  # nobody thinks it a slip
        ("山锋耸立。山峰秀丽，山峰巍峨，山峰连绵，山峰起伏。", 0.9, 0.5, 0.5),  # a word of any text
        ("锋。峰，峰，峰，峰，锋，锋。", 0.9, 0.5, 0.5),  # no neighbour, nothing to count
    ],
)
def test_a_documents_own_habits_count(text: str, alone: float, confidence: float, expected: float) -> None:
    at = text.index("锋")
    one = Suggestion(0, 1, "锋", "峰", alone, "同音")
    assert documents._weighed(text, Span(at, at + 1), one, confidence) == pytest.approx(expected)


def test_habits_say_nothing_of_what_is_missing_or_too_many() -> None:
    text = "步步步步步步步"
    for original, replacement in (("步", ""), ("", "步")):
        one = Suggestion(0, 1, original, replacement, 0.9, "多字")
        assert documents._weighed(text, Span(2, 3), one, 0.6) == 0.6


# -- documents: what they write two ways -------------------------------------------------------------


@pytest.fixture
def unread(small: Speller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are weighed with the small models."""
    monkeypatch.setattr(LanguageModel, "load", lambda: small._decoder.model)
    monkeypatch.setattr(Tables, "load", lambda: small._decoder.tables)


def other_ways(text: str) -> list[tuple[str, str, str]]:
    found = list(variants.variants(text))
    for one in found:
        assert text[one.span.start : one.span.end] == one.suggestion.original
        assert text.count(one.here) == 1 < text.count(one.usual) == one.number
    return [
        (text[one.span.start - 2 : one.span.end], one.suggestion.replacement, one.suggestion.why)
        for one in found
    ]


NAMED = "王小态主持。王小态出席。王小态讲话。王小态要求。"


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (NAMED + "王小太指出。", [("王小太", "态", "同音")]),
        (NAMED.replace("王", "蚶") + "蚶小太指出。", [("蚶小太", "态", "同音")]),  # a place
        ("王小态同志。" * 4 + "王小太同志。", [("王小太", "态", "同音")]),  # in two runs, told once
        ("今王小太指出。" + NAMED, [("王小太", "态", "同音")]),
        (NAMED, []),
        (NAMED.replace("王小态要求。", "") + "王小太指出。", []),  # three times is not often
        (NAMED + "王小太指出。王小太强调。", []),  # twice is no slip
        (NAMED + "王小竟指出。", []),  # somebody else
        ("王小宝说。" * 4 + "王境保说。王境保护工作。", []),
        ("王态平说。" * 4 + "王太平说。", []),  # 太平 is a word
        ("加强生态环境。" * 4 + "加强生太环境。", []),  # no name; for the engine itself
        ("王境宝说。" * 4 + "王境保护工作。", []),  # 宝护 is never written
        ("《加强生态环境》。" * 4 + "《加强生太环境》。", [("强生太", "态", "同音")]),
        ("《保护环境》。" * 4 + "《加强生态环境》。" * 4 + "《加强生太环境》。", [("强生太", "态", "同音")]),
        ("《加强生态环境》。" * 3 + "《加强生太环境》。", []),
        ("《加强生态环境》。" * 4 + "《加强生太环境》。《加强生太环境》。", []),
        ("《加强生态环境》。" * 4 + "《加强升太环境》。", []),  # two characters differ
        ("《加强生态环境》。" * 4 + "《加强生太环境的》。", []),  # longer
        ("《加强生态环境》。" * 4 + "《加强生活环境》。", []),  # not alike
    ],
)
def test_what_stands_often_one_way_and_once_another(text: str, found: list[tuple[str, str, str]]) -> None:
    assert other_ways(text) == found


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("text", "limit", "value"),
    [
        (NAMED + "王小太指出。", "_EVERYWHERE", -9.0),  # a character that stands everywhere is no name's
        (NAMED + "王小太指出。", "_RARE_PERSON", -99.0),
        (NAMED.replace("王", "蚶") + "蚶小太指出。", "_RARE", -99.0),
        (NAMED + "王小太指出。", "_COST", 0.9),
        (NAMED + "王小太指出。", "_LONGEST", 20),
        ("王境宝说。" * 4 + "王境保说。", "_LOSS", 2.0),
    ],
)
def test_limits_of_names(monkeypatch: pytest.MonkeyPatch, text: str, limit: str, value: float) -> None:
    if limit == "_LOSS":
        monkeypatch.setattr(variants, limit, 99.0)
    assert len(other_ways(text)) == 1
    monkeypatch.setattr(variants, limit, value)
    assert other_ways(text) == []


@pytest.mark.parametrize(
    ("often", "once", "word"),
    [
        ("张晓峰", "张晓锋", "锋"),
        ("赵庆刚", "赵庆钢", "钢"),
        ("《关于加强生态环境保护工作的意见》", "《关于加强生太环境保护工作的意见》", "太"),
    ],
)
def test_names_and_titles_with_the_models_that_come_with_the_program(
    often: str, once: str, word: str
) -> None:
    text = f"会议由{often}主持。会上，{often}讲话。其后{often}答问。根据{often}，各地落实。另见{once}等。"
    assert [text[one.span.start] for one in variants.variants(text)] == [word]
    assert list(variants.variants(text.replace(once, often))) == []


def ways(text: str) -> list[tuple[str, str, int]]:
    return [(one.here, one.usual, one.number) for one in variants.variants(text)]


def test_of_a_name_the_name_is_shown() -> None:
    text = "县长王晓楠主持。县长王晓楠讲话。县长王晓楠要求。县长王晓楠强调。县长王小楠指出。"
    assert ways(text) == [("王小楠", "王晓楠", 4)]


def test_two_words_in_one_place_of_a_title_are_two_titles() -> None:
    often = "根据《义县县志》。" * 4
    assert ways(f"{often}另见《易县县志》。") == []
    assert ways(f"{often}另见《义县县志》。") == []
    often = "公布《权利清单目录》。" * 4
    assert ways(f"{often}公布《权力清单目录》。") == []


def test_where_many_spellings_differ_in_one_place_none_speaks_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    often = "会议由赵庆刚主持。赵庆刚讲话。赵庆刚要求。赵庆刚强调。"
    assert ways(f"{often}赵庆钢指出。") == [("赵庆钢", "赵庆刚", 4)]
    monkeypatch.setattr(variants, "_CROWD", 0)
    assert ways(f"{often}赵庆钢指出。") == []


def test_what_a_document_writes_two_ways_goes_before_what_a_sentence_seems_to_say(
    monkeypatch: pytest.MonkeyPatch, alarms: dict[str, float]
) -> None:
    page = read(Source.from_bytes("<p>今天鼋小鼍召开鼒会议。</p>".encode(), "a.html"))
    at = page.text.index("鼍")
    one = Suggestion(0, 1, "鼍", "陀", variants.CONFIDENCE, "同音")
    other = variants.Variant(Span(at, at + 1), one, "鼋小鼍", "鼋小陀", 4)
    monkeypatch.setattr(documents, "variants", lambda _text: [other])
    found = documents.suggestions(page)
    assert [two.suggestion.original for two in found] == list(alarms)
    assert [two.suggestion.replacement for two in found] == ["元", "陀", "元鼒"]
    assert found[1].confidence == variants.CONFIDENCE
    assert [two.variant for two in found] == [None, other, None]
    assert [two.span for two in found] == sorted(two.span for two in found)


# -- what is said ------------------------------------------------------------------------------------


def said(
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    original: str,
    replacement: str,
    why: str,
    *,
    confidence: float = 0.9,
    settings: Settings | None = None,
    variant: tuple[str, str, int] | None = None,
) -> list[Hit]:
    """Hits of one suggestion, at the last place where its original stands."""
    page = read(Source.from_bytes(f"<p>{text}</p>".encode(), "a.html"))
    at = page.text.rindex(original)
    span = Span(at, at + len(original))
    one = Suggestion(0, 0, original, replacement, confidence, why)
    other = None if variant is None else variants.Variant(span, one, *variant)
    found = documents.Found(span, one, confidence, other)
    monkeypatch.setattr(documents, "suggestions", lambda _document: [found])
    return list(_spelling.hits(page, settings or Settings(), (why,)))


def test_of_a_name_it_is_said_how_the_text_writes_it_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    (hit,) = said(monkeypatch, "赵某钢出席。", "钢", "刚", "同音", variant=("赵某钢", "赵某刚", 5))
    assert hit.message == "此处写作“赵某钢”，文中另有5处写作“赵某刚”，疑“钢”为“刚”之误，把握 90%"
    assert hit.fix == "刚"


@pytest.mark.parametrize(
    ("text", "original", "replacement", "why", "message"),
    [
        ("加强生太建设。", "太", "态", "同音", "“生太建设”疑为“生态建设”之误（读音相同或仅声调不同）"),
        ("推动经济设会发展。", "设", "社", "近音", "“经济设会”疑为“经济社会”之误（读音相近）"),
        ("保护生太。", "太", "态", "同音", "“生太”疑为“生态”之误（读音相同或仅声调不同）"),
        ("太", "太", "态", "同音", "“太”疑为“态”之误（读音相同或仅声调不同）"),
        ("各级领异要求。", "异", "导", "形近", "“领异”疑为“领导”之误（字形相近）"),
        ("加强领乍工作。", "乍", "导", "搭配", "“领乍”疑为“领导”之误（与前后文不搭配）"),
        ("同志们辛苦乐。", "乐", "了", "同音", "“乐”疑为“了”之误（读音相同或仅声调不同）"),  # part of no word
        ("行政徐克决定。", "徐克", "许可", "同音", "“行政徐克”疑为“行政许可”之误（读音相同或仅声调不同）"),
        (
            "应当实是求事。",
            "实是求事",
            "实事求是",
            "同音",
            "“实是求事”疑为“实事求是”之误（读音相同或仅声调不同）",
        ),
        ("加强的很好。", "的", "得", "同音", "此处“的”疑应为“得”（的、地、得混用）"),
        ("认真得完成。", "得", "地", "近音", "此处“得”疑应为“地”（的、地、得混用）"),
        (
            "取的成效。",
            "的",
            "德",
            "同音",
            "“的”疑为“德”之误（读音相同或仅声调不同）",
        ),  # no matter of particles
        ("乡村兴振工作。", "兴振", "振兴", "颠倒", "“兴振”疑为“振兴”，字序颠倒"),
        ("进一步步完善。", "步", "", "多字", "“步步完”疑多一个“步”字"),
        ("步步", "步", "", "多字", "“步步”疑多一个“步”字"),
        ("进一步进一步完善。", "进一步", "", "多字", "“进一步”疑重复，多写了一遍"),
        ("贯彻落党的精神。", "党", "实党", "漏字", "“党”字前疑漏“实”字"),
    ],
)
def test_messages_show_the_word(
    monkeypatch: pytest.MonkeyPatch, text: str, original: str, replacement: str, why: str, message: str
) -> None:
    (hit,) = said(monkeypatch, text, original, replacement, why)
    assert hit.message == f"{message}，把握 90%"
    assert hit.fix == replacement


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (1.0, (Level.WARNING, Confidence.MEDIUM, "把握 99%")),
        (documents.CERTAIN, (Level.WARNING, Confidence.MEDIUM, "把握 90%")),
        (documents.DEFAULT, (Level.WARNING, Confidence.LOW, "把握 75%")),
        (documents.DEFAULT - 0.01, None),
    ],
)
def test_how_loud_and_how_sure(
    monkeypatch: pytest.MonkeyPatch, confidence: float, expected: tuple[Level, Confidence, str] | None
) -> None:
    found = said(monkeypatch, "加强生太建设。", "太", "态", "同音", confidence=confidence)
    told = [(one.level, one.confidence, one.message[-6:]) for one in found]
    assert told == ([expected] if expected else [])


def test_what_is_merely_possible_is_for_proofreaders(monkeypatch: pytest.MonkeyPatch) -> None:
    thorough = Settings(thorough=True)
    (hit,) = said(monkeypatch, "生太", "太", "态", "同音", confidence=0.2, settings=thorough)
    assert (hit.level, hit.message[-6:]) == (Level.NOTE, "把握 20%")
    assert said(monkeypatch, "生太", "太", "态", "同音", confidence=0.01, settings=thorough) == []


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("加强生太环境保护。", "生太环境", False),
        ("加强生太环境保护。", "太", False),
        ("加强生太环境保护。", "生太公司", True),
        ("加强生太环境保护。", "保护", True),
        ("生太公司的生太", "生太公司", True),
        ("公太公太公", "公太公", False),  # twice, one into the other
        ("太生太", "太生", True),
    ],
)
def test_a_sites_own_words_are_protected(
    monkeypatch: pytest.MonkeyPatch, text: str, word: str, told: bool
) -> None:
    for pack in (Pack(allow=(word,)), Pack(officials=(Official(word, "主任"),))):
        found = said(monkeypatch, text, "太", "态", "同音", settings=Settings(pack=pack))
        assert bool(found) is told


def test_other_kinds_are_for_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, "生太", "太", "态", "同音")
    page = read(Source.from_bytes("<p>生太</p>".encode(), "a.html"))
    assert list(_spelling.hits(page, Settings(thorough=True), ("多字", "漏字"))) == []
