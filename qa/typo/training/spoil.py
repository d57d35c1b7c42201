"""Spoiling sound sentences as people and machines do, so that a classifier can learn from it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa.typo.tables import KEY, LIKE, SAME, SHAPE, SLIP, Tables
from qa.typo.text import is_han

KINDS = {
    "sound": 40, "word": 15, "shape": 15, "key": 4, "like": 5, "slip": 3, "doubled": 4, "missing": 4, "swapped": 3,
    "noise": 7,
}  # fmt: skip
"""How often each slip is made, in a hundred."""
COUNTS = (60, 24, 9, 4, 3)
"""How often a sentence gets none, one, two … slips."""
_BITS = {"sound": SAME, "shape": SHAPE, "key": KEY, "like": LIKE, "slip": SLIP}


class Spoiler:
    """Spoils lines of tokens; the same seed gives the same slips."""

    def __init__(self, tables: Tables, common: dict[str, float], seed: int) -> None:
        self._tables = tables
        self._common = common
        self._chance = random.Random(seed)
        self._chars = sorted(char for char in common if is_han(char))
        self._shares = [10.0 ** (0.5 * common[char]) for char in self._chars]

    def spoil(self, tokens: Sequence[str], slips: int | None = None) -> tuple[list[str], list[str]]:
        """What somebody typed and, for each token of it, what should stand there."""
        now, gold = list(tokens), list(tokens)
        if slips is None:
            slips = self._chance.choices(range(len(COUNTS)), COUNTS)[0]
        for _ in range(slips):
            kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
            for _ in range(8):
                if self._slip(kind, now, gold):
                    break
        return now, gold

    def _slip(self, kind: str, now: list[str], gold: list[str]) -> bool:
        chance = self._chance
        if len(now) < 3:
            return False
        at = chance.randrange(len(now) - 1)
        if not is_han(now[at]) or any(
            a != b for a, b in zip(now[max(0, at - 1) : at + 2], gold[max(0, at - 1) : at + 2], strict=True)
        ):
            return False
        if kind == "word":
            return self._word(at, now, gold)
        if kind == "doubled":
            length = (
                2
                if chance.random() < 0.3 and all(map(is_han, now[at : at + 2])) and at + 2 <= len(now)
                else 1
            )
            run = now[at : at + length]
            now[at:at] = run
            gold[at:at] = [""] * length
            return True
        if kind == "missing":
            if at + 1 >= len(now) or not is_han(now[at + 1]) or gold[at + 1] != now[at + 1] or not at:
                return False
            gold[at + 1] = now[at] + gold[at + 1]
            del now[at], gold[at]
            return True
        if kind == "swapped":
            if not is_han(now[at + 1]) or now[at] == now[at + 1] or gold[at + 1] != now[at + 1]:
                return False
            now[at], now[at + 1] = now[at + 1], now[at]
            return True
        if kind == "noise":  # as a scanner reads a bad print
            now[at] = chance.choices(self._chars, self._shares)[0]
            return now[at] != gold[at]
        # Who typed this meant it: the slips that would lead here are those that lead from here.
        found = [one for one in self._tables.confused(now[at]) if one.kinds & _BITS[kind]]
        if not found:
            return False
        weights = [10.0 ** (-one.cost + 0.4 * self._common.get(one.char, -6.0)) for one in found]
        now[at] = chance.choices(found, weights)[0].char
        return True

    def _word(self, at: int, now: list[str], gold: list[str]) -> bool:
        words = self._tables.words.whole()
        for length in (4, 3, 2):
            run = "".join(now[at : at + length])
            if len(run) == length and run in words and gold[at : at + length] == now[at : at + length]:
                others = [
                    word
                    for key in self._tables.keys(run)
                    for word in self._tables.sounds.words(key)
                    if word != run
                ]
                if others:
                    weights = [2.0 ** (0.4 * words[word]) for word in others]
                    now[at : at + length] = list(self._chance.choices(others, weights)[0])
                    return True
        return False
