"""The classifier: how sure we are of a proposed change (trees grown by LightGBM, asked in plain Python)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from qa.typo.features import NAMES
from qa.typo.tables import DATA

_Tree = tuple[list[int], list[float], list[int], list[int], list[float]]


class Judge:
    """A forest of decision trees.

    Args:
        trees: for each the features asked, the thresholds, what follows at or below them and above
            (negative: the leaf ``-n - 1``), and the leaves.
        begin: the score before any tree.
    """

    def __init__(self, trees: Sequence[_Tree], begin: float = 0.0) -> None:
        self._trees = trees
        self._begin = begin

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Judge:
        """The classifier of a folder.

        Raises:
            OSError, ValueError: it cannot be read, or was made for other features.
        """
        data = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
        if tuple(data["features"]) != NAMES:
            raise ValueError("judge.json 与程序不是同一版本")
        return cls([tuple(tree) for tree in data["trees"]], data.get("begin", 0.0))

    def confidence(self, numbers: Sequence[float]) -> float:
        """Probability that a change is right, 0…1."""
        total = self._begin
        for features, thresholds, below, above, leaves in self._trees:
            at = 0
            while at >= 0:
                at = below[at] if numbers[features[at]] <= thresholds[at] else above[at]
            total += leaves[-at - 1]
        return 1.0 / (1.0 + math.exp(-total))
