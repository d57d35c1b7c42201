"""The classifier: how sure we are of a proposed change (trees grown by LightGBM, asked in plain Python)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

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
    """Three forests: one turns down what is hopeless, one says how sure the others are, one has read the sentence.

    Args:
        first, plain: trees that are asked with the numbers of :data:`qa.typo.features.NAMES`.
        reading: gives those that are asked with what the network says besides, when they are first needed.
    """

    def __init__(
        self, first: Sequence[_Tree], plain: Sequence[_Tree], reading: Callable[[], Sequence[_Tree]]
    ) -> None:
        self.first = Forest(first)
        self.plain = Forest(plain)
        self._reading = reading

    @cached_property
    def reading(self) -> Forest:
        """The forest for what the network has read."""
        return Forest(self._reading())

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Judge:
        """The classifier of a folder.

        Raises:
            OSError, ValueError: it cannot be read, or was made for other features.
        """
        data = _trees(folder / "judge.json", NAMES)
        return cls(
            data["first"],
            data["plain"],
            lambda: _trees(folder / "reading.json", (*NAMES, *READ_NAMES))["reading"],
        )


def _trees(path: Path, features: Sequence[str]) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        known = data["features"]
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{path} 已损坏，请重新安装") from error
    if known != [*features]:
        raise ValueError(f"{path.name} 与程序不是同一版本")
    return data
