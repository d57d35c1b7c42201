"""From a sentence to what might stand there instead: a beam over the places the model finds odd.

The beam is generous; whether a change is told is for :mod:`qa.typo.judge` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from qa import nlp
from qa.typo.lm import END, ORDER, LanguageModel, Scan
from qa.typo.tables import SAME, Near, Tables
from qa.typo.text import is_han

DOUBLED, MISSING, SWAPPED, WORD, CONTEXT = "多字", "漏字", "颠倒", "同音词", "搭配"
ODD = -4.0
"""log10 of two tokens together under which a place is looked at."""
VERY_ODD = -5.5
"""… under which anything that fits between its neighbours is tried."""
_ONE_SIDED = -6.0
"""… and under which a character is tried that was seen beside one of its neighbours only."""
_LOCAL = 20
_BEAM, _BEHIND = 16, 4.0
"""Ways to read a sentence so far that are followed up: how many, and how far behind the best."""
_EDIT = -0.5
"""What a change costs besides; below 0, changes are proposed for the classifier to turn down."""
_RIVAL, _RIVALS = -4.0, 5
"""How much worse a change may be than the chosen one to be its rival, and how many rivals are weighed."""
_CONTEXT_COST, _DELETE_COST, _DOUBLE_COST, _INSERT_COST, _SWAP_COST, _WORD_COST = 3.3, 7.5, 3.5, 2.2, 2.4, 2.4
_INSERTED = 5
_HOPE = -1.5
"""How much a character may lose in its place and the next, that those after may bring back."""
_GAP = -3.3
"""log10 of a token under which one may be missing before it."""
_REAL, _REAL_COST = 0.3, 1.2
"""What one common word must gain over another that sounds alike to be proposed for it."""
_MAX_ZONE = 60
_STRANGE, _STRANGE_SHARE = 12, 0.85
"""A sentence with more odd places than this, and a larger share of them, is no official prose."""
_UNSEEN, _FOREIGN, _FOREIGN_SHARE = -5.6, 3, 0.15
"""log10 of a token that is hardly ever seen; with more of them than this, and a larger share, a text is in another script."""
_CROWD = 10
"""Changes proposed for a sentence, besides one for every eight tokens, beyond which nothing is believed."""
_LONGEST = 4
"""Characters of the longest word that is taken for another."""
NOBODY = Near(frozenset(), frozenset())

_AFTER_TRYING = frozenset("再一吧看，。、；！？,.;!?”）")
"""What may follow a verb said twice: 研究研究再说, 学习学习。"""


class Edit(NamedTuple):
    """A change: tokens from ``begin`` to ``end`` become ``tokens``.

    Attributes:
        kind: bits of :data:`qa.typo.tables.KINDS` for one character, else one of the names above.
        cost: minus log10 of how likely such a slip is.
        rival: how much better it fits its place, slips considered, than the best other change there.
    """

    begin: int
    end: int
    tokens: str
    kind: int | str
    cost: float
    rival: float = 0.0


class Change(NamedTuple):
    """A change placed in the sentence with all changes made: its tokens stand from ``begin`` to ``end`` there."""

    edit: Edit
    begin: int
    end: int


def applied(tokens: Sequence[str], edits: Sequence[Edit]) -> tuple[list[str], list[Change]]:
    """The tokens with changes made, and where these are then."""
    made: list[str] = []
    changes = []
    at = 0
    for edit in edits:
        made.extend(tokens[at : edit.begin])
        begin = len(made)
        made.extend(edit.tokens)
        changes.append(Change(edit, begin, len(made)))
        at = edit.end
    made.extend(tokens[at:])
    return made, changes


class Decoder:
    """Finds the changes that make a sentence likelier.

    Args:
        model, tables: as loaded.
    """

    def __init__(self, model: LanguageModel, tables: Tables) -> None:
        self.model = model
        self.tables = tables
        self._common: dict[str, bool] = {}

    def decode(self, tokens: list[str]) -> tuple[Scan, list[list[Edit]]]:
        """The scan of a sentence and what might be changed in it.

        Each place is a list: the change that makes the whole likeliest, and others that fit nearly as
        well.  The first ones of all places are in order and do not overlap.
        """
        scan = self.model.scan(tokens)
        scores = scan.scores
        odd = [at for at, token in enumerate(tokens) if scores[at] + scores[at + 1] < ODD and is_han(token)]
        if len(odd) > _STRANGE and len(odd) > _STRANGE_SHARE * len(tokens):
            return scan, []  # no text of this kind: verse, dialect, noise
        if len(odd) > _STRANGE // 2 and self._foreign(tokens):
            return scan, []
        words = list(self._real_words(scan))
        chosen: list[Edit] = []
        pools: list[list[Edit]] = []
        for begin, stop in _zones(sorted({*odd, *(edit.begin for edit in words)})):
            pool = list(
                self._edits(
                    scan,
                    [at for at in odd if begin <= at <= stop],
                    [edit for edit in words if begin <= edit.begin <= stop],
                )
            )
            for edit in self._zone(scan, pool):
                if chosen and edit.begin < chosen[-1].end:
                    continue
                chosen.append(edit)
                pools.append([one for one in pool if edit.begin <= one.begin and one.end <= edit.end])
        if not chosen or len(chosen) > _CROWD + len(tokens) // 8:
            return scan, []
        made, changes = applied(tokens, chosen)
        after = self.model.scan(made)
        return scan, [
            self._place(scan, after, change, pool) for change, pool in zip(changes, pools, strict=True)
        ]

    def _foreign(self, tokens: list[str]) -> bool:
        """Whether a good part of the characters is hardly ever seen: another script, not so many slips."""
        rare = 0
        for token in tokens:
            common = self._common.get(token)
            if common is None:
                common = self._common[token] = self.model.alone(token) > _UNSEEN
            rare += not common
        return rare > _FOREIGN and rare > _FOREIGN_SHARE * len(tokens)

    def _place(self, scan: Scan, after: Scan, change: Change, pool: list[Edit]) -> list[Edit]:
        """A chosen change and its rivals."""
        chosen, begin, end = change
        tokens, gain = scan.tokens, self.model.gain
        rivals = []
        for one in pool:
            if one[:3] == chosen[:3]:
                continue
            instead = [*tokens[chosen.begin : one.begin], *one.tokens, *tokens[one.end : chosen.end]]
            worth = gain(after, begin, end, instead) + chosen.cost - one.cost
            if worth > _RIVAL:
                rivals.append((worth, one))
        rivals.sort(key=lambda item: (-item[0], item[1].tokens, item[1].begin))
        best = rivals[0][0] if rivals else _RIVAL
        found = [chosen._replace(rival=-best)]
        for worth, one in rivals[:_RIVALS]:
            found.append(one._replace(rival=worth - max(0.0, best if worth < best else 0.0)))
        return found

    def _zone(self, scan: Scan, pool: list[Edit]) -> tuple[Edit, ...]:
        """The changes of the likeliest path."""
        arcs: dict[int, list[Edit]] = {}
        for edit in pool:
            arcs.setdefault(edit.begin, []).append(edit)
        if not arcs:
            return ()
        begin = min(arcs)
        tokens, size = scan.tokens, len(scan.tokens)
        stop = min(max(edit.end for edits in arcs.values() for edit in edits) + ORDER - 1, size)
        score, make = self.model.score, self.model.state
        beams: list[list[tuple[float, Any, tuple[Edit, ...]]]] = [[] for _ in range(stop + 1)]
        beams[begin].append((0.0, scan.states[begin], ()))
        for at in range(begin, stop):
            hypotheses = beams[at]
            if len(hypotheses) > 1:
                hypotheses.sort(key=_score, reverse=True)
                del hypotheses[_BEAM:]
                least = hypotheses[0][0] - _BEHIND
                while hypotheses[-1][0] < least:
                    del hypotheses[-1]
            here = arcs.get(at, ())
            token = tokens[at]
            following = beams[at + 1]
            for total, state, edits in hypotheses:
                after = make()
                following.append((total + score(state, token, after), after, edits))
                for edit in here:
                    gained, now = total - edit.cost - _EDIT, state
                    for one in edit.tokens:
                        after = make()
                        gained += score(now, one, after)
                        now = after
                    beams[edit.end].append((gained, now, (*edits, edit)))
        if stop == size:
            spare = make()
            return max(
                ((total + score(state, END, spare), edits) for total, state, edits in beams[stop]), key=_score
            )[1]
        return max(beams[stop], key=_score)[2]

    def _real_words(self, scan: Scan) -> Iterator[Edit]:
        """Common words that sound like other common words, where the other one fits better; nothing need look odd."""
        tokens, doubles = scan.tokens, self.tables.doubles
        gain = self.model.gain
        for at, (one, two) in enumerate(pairwise(tokens)):
            for word in doubles.get(one + two, "").split():
                if gain(scan, at, at + 2, word) > _REAL:
                    if word[1] == two:
                        yield Edit(at, at + 1, word[0], SAME, _REAL_COST)
                    elif word[0] == one:
                        yield Edit(at + 1, at + 2, word[1], SAME, _REAL_COST)
                    else:
                        yield Edit(at, at + 2, word, WORD, _WORD_COST)

    def _edits(self, scan: Scan, odd: list[int], words: Iterable[Edit]) -> Iterator[Edit]:
        seen: set[tuple[int, int, str]] = set()
        for at in odd:
            for edit in self._replaced(scan, at):
                seen.add(edit[:3])
                yield edit
        for edit in words:
            if edit[:3] not in seen:
                seen.add(edit[:3])
                yield edit
        for at in odd:
            for edit in (*self._words(scan, at), *self._moved(scan, at), *self._inserted(scan, at)):
                key = edit[:3]
                if key not in seen:
                    seen.add(key)
                    yield edit

    def _replaced(self, scan: Scan, at: int) -> list[Edit]:
        """One character for another."""
        tokens, scores = scan.tokens, scan.scores
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else END
        left = self.tables.after[tokens[at - 1]] if at else NOBODY
        right = self.tables.before[following]
        score = self.model.score
        state, one, two = scan.states[at], self.model.state(), self.model.state()
        known = scores[at] + scores[at + 1]
        found: list[tuple[float, str, int | str, float]] = []
        offers, offered = self.tables.offers(token)
        tried = offered & left.all
        if known < _ONE_SIDED:
            tried |= offered & right.all
        else:
            tried &= right.all
        for char in tried:
            kinds, cost = offers[char]
            gain = score(state, char, one) - known - cost
            if gain > _HOPE:  # what follows can only take away
                gain += score(one, following, two)
                if gain > _HOPE:
                    found.append((gain, char, kinds, cost))
        if known < VERY_ODD:
            for char in _between(left, right) - tried - {token}:
                gain = score(state, char, one) - known - _CONTEXT_COST
                if gain > 0 and (gain := gain + score(one, following, two)) > 0:
                    found.append((gain, char, CONTEXT, _CONTEXT_COST))
        found.sort(key=_ranked)
        return [Edit(at, at + 1, char, kinds, cost) for _, char, kinds, cost in found[:_LOCAL]]

    def _words(self, scan: Scan, at: int) -> Iterator[Edit]:
        """A word for another that sounds alike, two of its characters at least being wrong."""
        tokens = scan.tokens
        low, high = max(0, at - _LONGEST + 1), min(len(tokens), at + _LONGEST)
        heard = [*map(self.tables.heard, tokens[low:high])]
        words = self.tables.sounds.words
        for begin in range(low, at + 1):
            keys = heard[begin - low]
            for end in range(begin + 2, min(begin + _LONGEST, high) + 1):
                more = heard[end - 1 - low]
                keys = tuple([key + one for key in keys for one in more])
                if end <= at:
                    continue
                for key in keys:
                    for word in words(key):
                        wrong = sum(a != b for a, b in zip(tokens[begin:end], word, strict=True))
                        if wrong > 1:
                            yield Edit(begin, end, word, WORD, _WORD_COST + 0.4 * (wrong - 2))

    def _moved(self, scan: Scan, at: int) -> Iterator[Edit]:
        """Doubled, superfluous and swapped characters."""
        tokens, size = scan.tokens, len(scan.tokens)
        if _twice_two(tokens, at):
            pass
        elif at + 1 < size and tokens[at] == tokens[at + 1]:
            yield Edit(at, at + 1, "", DOUBLED, _DOUBLE_COST)
        elif at and tokens[at] == tokens[at - 1]:
            yield Edit(at - 1, at, "", DOUBLED, _DOUBLE_COST)
        elif scan.scores[at] + scan.scores[at + 1] < VERY_ODD:
            yield Edit(at, at + 1, "", DOUBLED, _DELETE_COST)
        for length in (2, 3):
            for begin in (at - length, at - length + 1, at):
                run = tokens[begin : begin + length] if begin >= 0 else []
                if (
                    len(run) == length
                    and run == tokens[begin + length : begin + 2 * length]
                    and all(map(is_han, run))
                    and not _tried_out(run, tokens[begin + 2 * length : begin + 2 * length + 1])
                ):
                    yield Edit(begin, begin + length, "", DOUBLED, _DOUBLE_COST)
        for begin in (at - 1, at):
            if begin >= 0 and begin + 1 < size:
                left, right = tokens[begin], tokens[begin + 1]
                if left != right and is_han(left) and is_han(right):
                    yield Edit(begin, begin + 2, right + left, SWAPPED, _SWAP_COST)

    def _inserted(self, scan: Scan, at: int) -> list[Edit]:
        """A character that is missing before this one."""
        tokens = scan.tokens
        if not at or scan.scores[at] > _GAP:
            return []
        token = tokens[at]
        score = self.model.score
        state, one, two = scan.states[at], self.model.state(), self.model.state()
        found = []
        for char in _between(self.tables.after[tokens[at - 1]], self.tables.before[token]):
            gain = score(state, char, one) - scan.scores[at]
            if gain > -1 and (gain := gain + score(one, token, two)) > -1:
                found.append((gain, char))
        found.sort(key=lambda item: (-item[0], item[1]))
        return [Edit(at, at + 1, char + token, MISSING, _INSERT_COST) for _, char in found[:_INSERTED]]


def _between(left: Near, right: Near) -> frozenset[str]:
    """What may stand between two characters: known beside both, and likely beside one of them."""
    return (left.likely & right.all) | (left.all & right.likely)


def _twice_two(tokens: Sequence[str], at: int) -> bool:
    """Whether a place lies in two characters said twice each: 许许多多."""
    return any(
        tokens[begin] == tokens[begin + 1] != tokens[begin + 2] == tokens[begin + 3]
        for begin in range(max(0, at - 3), min(at, len(tokens) - 4) + 1)
    )


def _tried_out(run: Sequence[str], following: Sequence[str]) -> bool:
    """Whether a doubled word is a verb of trying something out (研究研究再定) and not written twice."""
    found = nlp.entry("".join(run)) if len(run) == 2 else None
    return found is not None and found[1].startswith("v") and (not following or following[0] in _AFTER_TRYING)


def _score(item: Any) -> float:
    return float(item[0])


def _ranked(item: tuple[float, str, int | str, float]) -> tuple[float, str]:
    return -item[0], item[1]


def _zones(odd: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of odd places near each other: first and last."""
    if not odd:
        return
    begin = last = odd[0]
    for at in odd[1:]:
        if at - last > ORDER or at - begin > _MAX_ZONE:
            yield begin, last
            begin = at
        last = at
    yield begin, last
