"""Two sequences of keys laid side by side, in time that stays close to their length.

Comparing everything with everything is quadratic, and a hostile page may hold a hundred thousand
sentences.  So keys that occur once on each side are matched first (patience), then what lies
between them, and only small rests are compared in full.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_SMALL = 40_000
"""Product of two lengths up to which a full comparison is cheap."""
_DEPTH = 12
_CROWD = 40
"""A pair of characters that more sentences share than this tells nothing."""


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by their first number, whose second numbers rise."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for i, (_, right) in enumerate(pairs):
        at = bisect_left(tails, right)
        if at == len(tails):
            tails.append(right)
            places.append(i)
        else:
            tails[at], places[at] = right, i
        before.append(places[at - 1] if at else -1)
    found = []
    i = places[-1] if places else -1
    while i >= 0:
        found.append(pairs[i])
        i = before[i]
    return found[::-1]


def _once(keys: Sequence[str], low: int, high: int) -> dict[str, int]:
    counts = Counter(keys[low:high])
    return {keys[i]: i for i in range(low, high) if counts[keys[i]] == 1}


def align(left: Sequence[str], right: Sequence[str]) -> list[int]:
    """For each key of ``left`` the index of its equal in ``right``, rising; -1 for none."""
    partner = [-1] * len(left)
    waiting = [(0, len(left), 0, len(right), 0)]
    while waiting:
        a, b, c, d, depth = waiting.pop()
        while a < b and c < d and left[a] == right[c]:
            partner[a] = c
            a, c = a + 1, c + 1
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
            partner[b] = d
        if a == b or c == d:
            continue
        there = _once(right, c, d)
        anchors = _rising([(i, there[word]) for word, i in _once(left, a, b).items() if word in there])
        if anchors and depth < _DEPTH:
            for i, j in anchors:
                partner[i] = j
                waiting.append((a, i, c, j, depth + 1))
                a, c = i + 1, j + 1
            waiting.append((a, b, c, d, depth + 1))
        elif (b - a) * (d - c) <= _SMALL:
            for match in SequenceMatcher(None, left[a:b], right[c:d], autojunk=False).get_matching_blocks():
                for n in range(match.size):
                    partner[a + match.a + n] = c + match.b + n
    return partner


def gaps(partner: Sequence[int], right: int) -> Iterable[tuple[range, range]]:
    """Runs without partners on either side, in order; ``right`` is the other side's length."""
    i = j = 0
    for n, at in enumerate((*partner, right)):
        if at < 0:
            continue
        if n > i or at > j:
            yield range(i, n), range(j, at)
        i, j = n + 1, at + 1


def _grams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def kindred(left: Sequence[str], right: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """Sentences of one gap that are versions of each other, split or merged ones included.

    Returns:
        Groups of indices, each with at least one of either side, in the order of ``left``.
    """
    holders: dict[str, list[int]] = {}
    sizes = []
    for j, text in enumerate(right):
        grams = _grams(text)
        sizes.append(len(grams))
        for gram in grams:
            holders.setdefault(gram, []).append(j)
    edges: dict[tuple[int, int], int] = {}
    for i, text in enumerate(left):
        grams = _grams(text)
        votes: Counter[int] = Counter()
        for gram in grams:
            found = holders.get(gram, ())
            if len(found) <= _CROWD:
                votes.update(found)
        for j, count in votes.items():
            least, most = sorted((len(grams), sizes[j]))
            # One in the other whole: split or merged.
            if count * 10 >= 9 * least or (count * 10 >= 5 * least and count * 10 >= 2 * most):
                edges[i, j] = count
    return _grouped(_adjacent(edges, 0) & _adjacent(edges, 1))


def _adjacent(edges: dict[tuple[int, int], int], end: int) -> set[tuple[int, int]]:
    """For each sentence at one end its best partner, and those that stand right beside it."""
    partners: dict[int, dict[int, int]] = {}
    for edge, count in edges.items():
        partners.setdefault(edge[end], {})[edge[1 - end]] = count
    kept = set()
    for one, others in partners.items():
        best = max(others, key=lambda n: (others[n], -n))
        low = high = best
        while low - 1 in others:
            low -= 1
        while high + 1 in others:
            high += 1
        kept |= {(one, n) if end == 0 else (n, one) for n in range(low, high + 1)}
    return kept


def _grouped(edges: set[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """What hangs together, in order."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(one: tuple[int, int]) -> tuple[int, int]:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for i, j in sorted(edges):
        parent[root((1, j))] = root((0, i))
    groups: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for one in sorted(parent):
        groups.setdefault(root(one), ([], []))[one[0]].append(one[1])
    return list(groups.values())
