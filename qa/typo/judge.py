"""The classifier: how sure we are of a proposed change (trees grown by LightGBM, asked in plain Python)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from qa.typo.features import NAMES, READ_NAMES
from qa.typo.tables import DATA

_Tree = tuple[list[int], list[float], list[int], list[int], list[float]]


class Forest:
    """Decision trees.

    Args:
        trees: for each the features asked, the thresholds, what follows at or below them and above
            (negative: the leaf ``-n - 1``), and the leaves.
    """

    def __init__(self, trees: Sequence[_Tree]) -> None:
        self._trees = trees

    def confidence(self, numbers: Sequence[float]) -> float:
        """Probability that a change is right, 0…1."""
        total = 0.0
        for features, thresholds, below, above, leaves in self._trees:
            at = 0
            while at >= 0:
                at = below[at] if numbers[features[at]] <= thresholds[at] else above[at]
            total += leaves[-at - 1]
        return 1.0 / (1.0 + math.exp(-total))


class Judge:
    """Two forests: the first turns down what is hopeless, the second has read the sentence (with the network).

    Args:
        first, second: trees of both; the second is asked with the numbers of both.
    """

    def __init__(self, first: Sequence[_Tree], second: Sequence[_Tree]) -> None:
        self.first = Forest(first)
        self.second = Forest(second)

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Judge:
        """The classifier of a folder.

        Raises:
            OSError, ValueError: it cannot be read, or was made for other features.
        """
        data = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
        if tuple(data["features"]) != (*NAMES, *READ_NAMES):
            raise ValueError("judge.json 与程序不是同一版本")
        return cls(data["first"], data["second"])
