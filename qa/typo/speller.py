"""The engine itself: a sentence in, suggestions out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.typo.decode import CONTEXT, DOUBLED, MISSING, SWAPPED, WORD, Change, Decoder, Edit, applied
from qa.typo.features import Features
from qa.typo.judge import Judge
from qa.typo.lm import LanguageModel
from qa.typo.network import Network
from qa.typo.tables import DATA, KEY, SAME, SHAPE, Tables
from qa.typo.text import is_han, line_of, units

DEFAULT, COMPANION = 0.78, 0.4
"""Confidence from which a suggestion is told by default; and beside one that is, in the same sentence."""
THOROUGH = 0.35
"""… and from which for a proofreader who wants to look at everything."""
MAX_TOKENS = 400
"""Longer sentences are read in pieces."""
REASONS = ("同音", "近音", "形近", "多字", "漏字", "颠倒", "搭配")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may be wrong.

    Attributes:
        begin, end: where it stands in the sentence (code points).
        original, replacement: what stands there, what should; an empty replacement deletes.
        confidence: 0…1, calibrated on held-out text.
        why: one of :data:`REASONS`.
    """

    begin: int
    end: int
    original: str
    replacement: str
    confidence: float
    why: str


def why(edit: Edit) -> str:
    """The kind of a change in one word for people."""
    if isinstance(edit.kind, str):
        if edit.kind == WORD:
            return "同音"
        return edit.kind
    if edit.kind & SAME:
        return "同音"
    if edit.kind & SHAPE or edit.kind & KEY:
        return "形近"
    return "近音"


class Speller:
    """Finds wrong, missing, superfluous and swapped characters in a sentence.

    Args:
        model, tables, judge: as loaded.
        network: loads the network, when it is first needed.
        default: confidence from which :meth:`correct` changes anything.
    """

    def __init__(
        self,
        model: LanguageModel,
        tables: Tables,
        judge: Judge,
        network: Callable[[], Network],
        *,
        default: float = DEFAULT,
    ) -> None:
        self._decoder = Decoder(model, tables)
        self._features = Features(model, tables, network)
        self._judge = judge
        self.default = default

    def check(
        self, sentence: str, *, least: float = THOROUGH, guarded: Callable[[int, int], bool] | None = None
    ) -> list[Suggestion]:
        """Suggestions for a sentence, in order, none overlapping.

        Args:
            sentence: any text; best one sentence.
            least: confidence below which nothing is told.
            guarded: whether a range (code points) is protected: names, terms, what was dismissed.
        """
        tokens, places = line_of(sentence)
        ends = [*places, len(sentence)]
        left_alone = units(tokens)
        found: list[Suggestion] = []
        for begin, end in _pieces(tokens):
            apart = {at - begin for at in left_alone if begin <= at < end}
            found.extend(
                self._piece(sentence, tokens[begin:end], ends[begin : end + 1], apart, least, guarded)
            )
        return found

    def correct(self, sentence: str) -> str:
        """The sentence with all that is told by default put right."""
        made = sentence
        found = self.check(sentence, least=min(COMPANION, self.default))
        if any(one.confidence >= self.default for one in found):
            for one in reversed(found):
                made = made[: one.begin] + one.replacement + made[one.end :]
        return made

    def judged(self, tokens: list[str]) -> list[tuple[Edit, float]]:
        """The best change of each place of a run of tokens, in order, with the confidence in it.

        Where the sentence as it would be is not of the kind the models have read, they know less.
        """
        found = self._rounds(tokens)
        if not found:
            return found
        made, _ = applied(tokens, [edit for edit, confidence in found if confidence >= COMPANION])
        scores = self._decoder.model.scan(made).scores
        strange = _REGISTER - sum(scores) / len(scores)
        if strange <= 0:
            return found
        odds = 10 ** -min(1.0, _DOUBT * strange)
        shifted = (
            (edit, odds * confidence / (1 - confidence + odds * confidence)) for edit, confidence in found
        )
        return [
            (edit, confidence if confidence >= DEFAULT else min(confidence, _ALONE))
            for edit, confidence in shifted
        ]

    def _rounds(self, tokens: list[str]) -> list[tuple[Edit, float]]:
        """The best changes, and those that are seen once they are made.

        What is fairly sure is put right and the sentence looked at again: beside one wrong character
        another is hard to see.
        """
        sure: list[tuple[Edit, float]] = []
        found: list[tuple[Edit, float]] = []
        for _ in range(_ROUNDS):
            made, changes = applied(tokens, [edit for edit, _ in sure])
            found = [
                (_moved_back(edit, changes), confidence)
                for edit, confidence in self._weigh(made)
                if not any(edit.begin < change.end and change.begin < edit.end for change in changes)
            ]
            more = [one for one in found if one[1] >= _SURE]
            if not more:
                return sorted([*sure, *found], key=lambda one: one[0].begin)
            sure = sorted([*sure, *more], key=lambda one: one[0].begin)
            found = [one for one in found if one[1] < _SURE]
        return sorted([*sure, *found], key=lambda one: one[0].begin)

    def looked(self, tokens: list[str]) -> list[list[tuple[Edit, list[float]]]]:
        """One look at a run of tokens: of each place that is not hopeless the best changes and their numbers.

        Hopeless places are left out and the others weighed again, as if nothing were proposed there.
        """
        scan, places = self._decoder.decode(tokens)
        first = self._judge.first.confidence
        while places:
            kept = []
            best = 0.0
            for place, rows in zip(places, self._features.of(scan, places), strict=True):
                sure = sorted(
                    ((first(row), n) for n, row in enumerate(rows)), key=lambda one: (-one[0], one[1])
                )
                best = max(best, sure[0][0])
                if sure[0][0] >= _HOPELESS:
                    kept.append([(place[n], rows[n]) for _, n in sure[:_WEIGHED]])
            if len(kept) == len(places):
                return kept if best >= _WORTH else []
            places = [[edit for edit, _ in place] for place in kept]
        return []

    def read(
        self, tokens: Sequence[str], places: Sequence[Sequence[tuple[Edit, list[float]]]]
    ) -> list[list[list[float]]]:
        """The numbers of changes with those that the network adds."""
        read = self._features.read(tokens, [[edit for edit, _ in place] for place in places])
        return [
            [[*numbers, *more] for (_, numbers), more in zip(place, lines, strict=True)]
            for place, lines in zip(places, read, strict=True)
        ]

    def _weigh(self, tokens: list[str]) -> list[tuple[Edit, float]]:
        """The best change of each place and the confidence in it; the network is asked where there is doubt."""
        places = self.looked(tokens)
        plain = self._judge.plain.confidence
        sure = [[plain(numbers) for _, numbers in place] for place in places]
        doubtful = [[n for n, one in enumerate(ones) if _NO < one < _YES] for ones in sure]
        asked = [number for number, some in enumerate(doubtful) if some]
        if asked:
            reading = self._judge.reading.confidence
            read = self.read(tokens, [[places[number][n] for n in doubtful[number]] for number in asked])
            for number, lines in zip(asked, read, strict=True):
                for n, numbers in zip(doubtful[number], lines, strict=True):
                    sure[number][n] = reading(numbers)
        return [
            max(((edit, one) for (edit, _), one in zip(place, ones, strict=True)), key=lambda one: one[1])
            for place, ones in zip(places, sure, strict=True)
        ]

    def _piece(
        self,
        sentence: str,
        tokens: list[str],
        places: list[int],
        left_alone: set[int],
        least: float,
        guarded: Callable[[int, int], bool] | None,
    ) -> list[Suggestion]:
        if not any(map(is_han, tokens)):
            return []
        found = []
        for edit, confidence in self.judged(tokens):
            begin, end = places[edit.begin], _end(places, edit.end)
            if confidence < least or not left_alone.isdisjoint(range(edit.begin, edit.end)):
                continue
            if guarded is not None and guarded(begin, end):
                continue
            found.append(
                Suggestion(begin, end, sentence[begin:end], edit.tokens, round(confidence, 3), why(edit))
            )
        return found


def _pieces(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of tokens not longer than the engine reads at once, cut after a mark where there is one."""
    begin = 0
    while len(tokens) - begin > MAX_TOKENS:
        end = begin + MAX_TOKENS
        marks = (at + 1 for at in range(end - 1, begin + MAX_TOKENS // 2, -1) if tokens[at] in _MARKS)
        end = next(marks, end)
        yield begin, end
        begin = end
    if begin < len(tokens):
        yield begin, len(tokens)


def told(judged: Sequence[tuple[Edit, float]], default: float, companion: float) -> list[tuple[Edit, float]]:
    """What is told of a sentence: where one change is sure enough, others may be less so."""
    if not any(sure >= default for _, sure in judged):
        return []
    return [one for one in judged if one[1] >= companion]


_MARKS = frozenset(",;:、。!?.")
_REGISTER, _DOUBT = -1.8, 2.0
"""Mean log10 of a token under which a sentence is not official prose (98 of 100 kept-back ones are above it), and how
fast confidence falls then: by a tenth of the odds for half as much again."""
_ALONE = 0.39
"""What is less sure than the default there is not told for company's sake either."""
_HOPELESS = 0.06
_WORTH = 0.3
"""Confidence of the first classifier that some place of a sentence needs to be weighed."""
_NO, _YES = 0.4, 0.95
"""Between these there is doubt that the network may end; beyond them it changes little."""
_WEIGHED = 3
"""Changes of one place that are weighed."""
_SURE = 0.6
_ROUNDS = 3


def _moved_back(edit: Edit, changes: Sequence[Change]) -> Edit:
    """A change of the sentence with changes made, in the places of the sentence as it was."""
    longer = sum(
        change.end - change.begin - (change.edit.end - change.edit.begin)
        for change in changes
        if change.end <= edit.begin
    )
    return edit._replace(begin=edit.begin - longer, end=edit.end - longer)


def _end(places: Sequence[int], end: int) -> int:
    """Where the token before ``end`` ends; a Chinese character is one code point."""
    return places[end - 1] + 1 if end else places[0]


def _complete(folder: Path) -> None:
    """See that the models are as long as they were made, those too that are read later or not at all today.

    A folder without ``sizes.json`` (models of one's own) is taken as it is.
    """
    listed = folder / "sizes.json"
    if not listed.exists():
        return
    for name, size in json.loads(listed.read_bytes()).items():
        path = folder / name
        found = path.stat().st_size if path.exists() else 0
        if found != size:
            raise ValueError(
                f"模型文件 {path} 缺失或已损坏（应有 {size} 字节，实有 {found} 字节），请重新安装"
            )


@cache
def load(folder: Path = DATA) -> Speller:
    """The speller of a folder of models; the one that comes with the program by default.

    Raises:
        OSError: a model is missing.
        ValueError: one is damaged.
    """
    _complete(folder)
    return Speller(
        LanguageModel.load(folder), Tables.load(folder), Judge.load(folder), lambda: Network.load(folder)
    )


__all__ = [
    "CONTEXT", "DEFAULT", "DOUBLED", "MISSING", "REASONS", "SWAPPED", "THOROUGH", "Speller", "Suggestion", "load",
]  # fmt: skip
