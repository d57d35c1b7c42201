"""What is known of a proposed change, as numbers for the classifier; each is asked of the sentence with all changes made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from qa import nlp
from qa.typo import lists
from qa.typo.decode import CONTEXT, DOUBLED, MISSING, ODD, SWAPPED, WORD, Change, Edit, applied
from qa.typo.lm import END, ORDER, LanguageModel, Scan
from qa.typo.network import Network
from qa.typo.tables import KINDS, Tables
from qa.typo.text import LATIN, NUMBER, is_han

NAMES = (
    "gain", "gain_alone", "gain_left", "cost", "rival", "known_before", "known_after", "worst_before", "worst_after",
    "token_before", "token_after", "next_before", "next_after",
    "common_before", "common_after", "pair_left_before", "pair_left_after", "pair_right_before", "pair_right_after",
    "words_before", "words_after", "score_before", "score_after", "word_before", "word_after",
    "same", "like", "slip", "shape", "key", "is_word", "is_context", "is_doubled", "is_missing", "is_swapped",
    "wrong", "edits", "nearest", "odd", "tokens", "mean", "at_begin", "at_end", "digit_beside", "quoted", "repeated",
    "listed_before", "listed_after", "listed_left", "listed_right",
    "count_before", "count_after", "proper_before", "proper_after", "named_before", "named_after", "changes_share",
)  # fmt: skip
"""Names of the features, in order."""
READ_NAMES = ("read_before", "read_after", "read_gain", "read_best")
"""… and of those that the network adds."""
_REACH = 6
_KEPT = 20_000
"""Segmentations that are remembered."""
_OPEN, _CLOSE = '《“‘「『【〈"', '》”’」』】〉"'
_PROPER = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
"""Parts of speech of names."""
_TOTAL = 25.0
"""log2 of the number of words in the corpus."""


class Features:
    """Works out the numbers.

    Args:
        model, tables, network: as loaded, the last when first asked for.
    """

    def __init__(self, model: LanguageModel, tables: Tables, network: Callable[[], Network]) -> None:
        self.model = model
        self.tables = tables
        self._network = network
        self._segmented: dict[str, tuple[float, tuple[int, ...]]] = {}

    def of(self, scan: Scan, places: Sequence[Sequence[Edit]]) -> list[list[list[float]]]:
        """Numbers of each change of each place, in the order of :data:`NAMES`, the other places being as chosen."""
        chosen = [place[0] for place in places]
        odd = sum(a + b < ODD for a, b in zip(scan.scores, scan.scores[1:], strict=False))
        mean = sum(scan.scores) / len(scan.scores)
        made, changes = applied(scan.tokens, chosen)
        after = self.model.scan(made)
        found = []
        for number, place in enumerate(places):
            rows = [self._one(scan, after, changes, number, odd, mean)]
            for edit in place[1:]:
                tokens, others = applied(scan.tokens, [*chosen[:number], edit, *chosen[number + 1 :]])
                rows.append(self._one(scan, self.model.scan(tokens), others, number, odd, mean))
            found.append(rows)
        return found

    def read(self, tokens: Sequence[str], places: Sequence[Sequence[Edit]]) -> list[list[list[float]]]:
        """What the network makes of each change, in the order of :data:`READ_NAMES`: natural logarithms.

        Of what stands there and what would (the least likely character of each), what is gained, how much
        likelier the likeliest character of all is.
        Where tokens come or go: of the neighbours before and after; what comes is hidden while it is looked at.
        """
        network = self._network()
        number = network.number
        asked = sorted({at for place in places for edit in place for at in _looked_at(edit, tokens)})
        # Sentences in which tokens come or go, and the places of what then stands around.
        moved: dict[tuple[str, ...], Sequence[int]] = {}
        for edit in (edit for place in places for edit in place if not _swaps(edit)):
            made = _made(tokens, edit)
            after = range(max(0, edit.begin - 1), min(len(made), edit.begin + len(edit.tokens) + 1))
            moved[made] = sorted({*moved.get(made, ()), *after})
        told, *others = network.told([(tokens, asked), *moved.items()])
        later = dict(zip(moved, others, strict=True))
        rows = {at: row for row, at in enumerate(asked)}
        best = told.max(1)
        found = []
        for place in places:
            lines: list[list[float]] = []
            for edit in place:
                begin, end = edit.begin, edit.end
                around = _looked_at(edit, tokens)
                if _swaps(edit):
                    pairs = [(at, number(tokens[at]), number(edit.tokens[at - begin])) for at in around]
                    lines.append([
                        min(float(told[rows[at], old]) for at, old, _ in pairs),
                        min(float(told[rows[at], new]) for at, _, new in pairs),
                        sum(float(told[rows[at], new] - told[rows[at], old]) for at, old, new in pairs),
                        max(float(best[rows[at]] - told[rows[at], new]) for at, _, new in pairs),
                    ])  # fmt: skip
                    continue
                was = [float(told[rows[at], number(tokens[at])]) for at in around]
                made = _made(tokens, edit)
                places_after, after = moved[made], later[made]
                first = max(0, begin - 1)
                real = [*tokens[first:begin], *edit.tokens, *tokens[end : end + 1]]
                now = [
                    float(after[places_after.index(at), number(one)]) for at, one in enumerate(real, first)
                ]
                lines.append([min(was), min(now, default=0.0), sum(now) - sum(was), 0.0])
            found.append(lines)
        return found

    def _one(
        self, scan: Scan, after: Scan, changes: Sequence[Change], number: int, odd: int, mean: float
    ) -> list[float]:
        edit, begin, end = changes[number]
        model = self.model
        tokens = scan.tokens
        old, new = list(tokens[edit.begin : edit.end]), list(edit.tokens)
        size, made = len(tokens), after.tokens
        gain = -model.gain(after, begin, end, old)
        alone = model.gain(scan, edit.begin, edit.end, new)
        left_old, left_new = scan.scores[edit.begin], after.scores[begin]
        lengths_old = scan.lengths[edit.begin : edit.end + ORDER - 1]
        lengths_new = after.lengths[begin : end + ORDER - 1]
        previous = made[begin - 1] if begin else "<s>"
        following = made[end] if end < len(made) else END
        first_old, last_old = (old[0], old[-1]) if old else (following, previous)
        first_new, last_new = (new[0], new[-1]) if new else (following, previous)
        window_old = self._window(tokens, edit.begin, edit.end)
        window_new = self._window(made, begin, end)
        words_old, words_new = self._segment(window_old[0]), self._segment(window_new[0])
        kinds = edit.kind if isinstance(edit.kind, int) else 0
        others = [
            min(abs(other.edit.begin - edit.end), abs(edit.begin - other.edit.end))
            for place, other in enumerate(changes)
            if place != number
        ]
        text = "".join(tokens)
        run = "".join(old)
        around = "".join(tokens[max(0, edit.begin - 1) : edit.end + 1])
        beside = (
            tokens[edit.begin - 1] if edit.begin else "",
            tokens[edit.end] if edit.end < size else "",
        )
        return [
            gain,
            alone,
            left_new - left_old,
            edit.cost,
            edit.rival,
            sum(lengths_old) / max(1, len(lengths_old)),
            sum(lengths_new) / max(1, len(lengths_new)),
            min(scan.scores[edit.begin : edit.end + 1]),
            min(after.scores[begin : end + 1]),
            left_old,
            left_new,
            scan.scores[min(edit.end, size)],
            after.scores[min(end, len(made))],
            max(map(model.alone, old), default=0.0),
            max(map(model.alone, new), default=0.0),
            model.after(previous, first_old),
            model.after(previous, first_new),
            model.after(last_old, following),
            model.after(last_new, following),
            float(len(words_old[1])),
            float(len(words_new[1])),
            words_old[0],
            words_new[0],
            float(_word_at(words_old[1], window_old[1])),
            float(_word_at(words_new[1], window_new[1])),
            *(float(bool(kinds >> bit & 1)) for bit in range(len(KINDS))),
            float(edit.kind == WORD),
            float(edit.kind == CONTEXT),
            float(edit.kind == DOUBLED),
            float(edit.kind == MISSING),
            float(edit.kind == SWAPPED),
            float(sum(a != b for a, b in zip(old, new, strict=False)) + abs(len(old) - len(new))),
            float(len(changes)),
            float(min(others, default=99)),
            odd / size,
            float(size),
            mean,
            float(edit.begin == 0),
            float(edit.end == size),
            float(NUMBER in beside or LATIN in beside),
            float(_quoted(tokens, edit.begin)),
            float(text.count(around) > 1 and len(run) > 0),
            float(_listed(window_old[0], window_old[1], window_old[1] + len(old))),
            float(_listed(window_new[0], window_new[1], window_new[1] + len(new))),
            float(_listed(window_old[0], window_old[1] - 1, window_old[1] + len(old))),
            float(_listed(window_old[0], window_old[1], window_old[1] + len(old) + 1)),
            *_counted(*window_old, len(old), *window_new, len(new)),
            len(changes) / size,
        ]

    @staticmethod
    def _window(tokens: Sequence[str], begin: int, end: int) -> tuple[str, int]:
        """Chinese characters around a change, and where it begins among them."""
        low = begin
        while low and begin - low < _REACH and is_han(tokens[low - 1]):
            low -= 1
        high = end
        while high < len(tokens) and high - end < _REACH and is_han(tokens[high]):
            high += 1
        return "".join(tokens[low:high]), begin - low

    def _segment(self, text: str) -> tuple[float, tuple[int, ...]]:
        """The likeliest way to part a text into words: log2 of its probability, lengths of the words."""
        found = self._segmented.get(text)
        if found is not None:
            return found
        words = self.tables.words.of(text)
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(text) + 1):
            score, begin = best[end - 1][0] + self.model.alone(text[end - 1]) * 3.32 - 3.0, end - 1
            for length in (2, 3, 4):
                if length > end:
                    break
                weight = words.get(text[end - length : end])
                if weight is not None and best[end - length][0] + weight - _TOTAL > score:
                    score, begin = best[end - length][0] + weight - _TOTAL, end - length
            best.append((score, begin))
        lengths = []
        at = len(text)
        while at:
            begin = best[at][1]
            lengths.append(at - begin)
            at = begin
        found = (best[-1][0], tuple(reversed(lengths)))
        if len(self._segmented) >= _KEPT:
            self._segmented.clear()
        self._segmented[text] = found
        return found


def _swaps(edit: Edit) -> bool:
    """Whether a change leaves the number of tokens as it is."""
    return len(edit.tokens) == edit.end - edit.begin


def _looked_at(edit: Edit, tokens: Sequence[str]) -> list[int]:
    """Places of a sentence that tell of a change: those it changes, or, where tokens come or go, those around."""
    if _swaps(edit):
        return [at for at, new in enumerate(edit.tokens, edit.begin) if tokens[at] != new]
    return [*range(max(0, edit.begin - 1), min(edit.end + 1, len(tokens)))]


def _made(tokens: Sequence[str], edit: Edit) -> tuple[str, ...]:
    """A sentence with a change made; tokens that come are hidden."""
    coming = len(edit.tokens) - (edit.end - edit.begin)
    return (
        *tokens[: edit.begin],
        *("" if at < coming else one for at, one in enumerate(edit.tokens)),
        *tokens[edit.end :],
    )


def _listed(text: str, begin: int, end: int) -> int:
    """Length of the longest word of the dictionary that covers a range; 0: none of two characters or more."""
    if begin < 0 or end > len(text):
        return 0
    for length in (4, 3, 2):
        for at in range(max(0, end - length), min(begin, len(text) - length) + 1):
            if nlp.known(text[at : at + length]):
                return length
    return 0


def _entry(text: str, begin: int, end: int) -> tuple[float, float]:
    """The commonest word of the dictionary, two characters or more, over a range.

    log10 of one more than its count, and whether it names a person, a place or a body.
    """
    best, proper = 0, False
    if begin >= 0 and end <= len(text):
        for length in (2, 3, 4):
            for at in range(max(0, end - length), min(begin, len(text) - length) + 1):
                found = nlp.entry(text[at : at + length])
                if found is not None and found[0] > best:
                    best, proper = found[0], found[1] in _PROPER
    return math.log10(1 + best), float(proper)


def _counted(was: str, old: int, old_size: int, now: str, new: int, new_size: int) -> tuple[float, ...]:
    """What dictionary and name lists know of a range before and after a change: counts, names, listed names."""
    count_old, proper_old = _entry(was, old, old + old_size)
    count_new, proper_new = _entry(now, new, new + new_size)
    return (
        count_old, count_new, proper_old, proper_new,
        lists.named(was, old, old + old_size), lists.named(now, new, new + new_size),
    )  # fmt: skip


def _word_at(lengths: Sequence[int], place: int) -> int:
    """Length of the word a place lies in."""
    at = 0
    for length in lengths:
        at += length
        if place < at:
            return length
    return 0


def _quoted(tokens: Sequence[str], at: int) -> bool:
    """Whether a place lies between quotation or title marks."""
    for token in reversed(tokens[:at]):
        if token in _CLOSE:
            return False
        if token in _OPEN:
            return True
    return False
