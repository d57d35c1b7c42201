"""The small neural corrector: what stood in each place of a sentence, both sides of it being read.

Gated convolutions over characters, trained on spoiled sentences (``training/neural.py``); weights are kept in
eight bits and worked with in 32.  Plain numpy: a sentence takes milliseconds, and starting anything bigger
takes longer than the sentences of an article do.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from qa.typo.tables import DATA

UNKNOWN, END, HIDDEN = 1, 2, 3
SPECIAL = 4
"""Numbers of tokens below this stand for none."""


class Network:
    """The corrector.

    Args:
        path: its weights, an ``.npz`` as ``training/export.py`` writes it.

    Raises:
        OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        import numpy as np
        from threadpoolctl import ThreadpoolController

        self._np = np
        # The matrices are small: more threads only wait for each other, on a busy machine for long.
        self._alone = functools.partial(ThreadpoolController().limit, limits=1, user_api="blas")
        with np.load(path, allow_pickle=False) as data:
            parts = {name: data[name] for name in data.files}
        self._index = {token: number for number, token in enumerate(str(parts["tokens"]), SPECIAL)}
        self.tokens = ["", "", "", "", *str(parts["tokens"])]
        self._embed = parts["embed"].astype(np.float32) * parts["embed_scale"][:, None]
        self._mixes = [
            (weight.astype(np.float32) * scale[:, None]).T.copy()
            for weight, scale in zip(parts["mixes"], parts["mixes_scale"], strict=True)
        ]
        self._last = (parts["last"].astype(np.float32) * parts["last_scale"][:, None]).T.copy()
        self._mix_bias, self._norms = parts["mixes_bias"], parts["norms"]
        self._last_bias, self._norm, self._bias = parts["last_bias"], parts["norm"], parts["bias"]
        self._apart = [int(one) for one in parts["apart"]]

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> Network:
        """The network of a folder."""
        return cls(folder / "network.npz")

    def number(self, token: str) -> int:
        """Number of a token; of a hidden one, the empty string."""
        if not token:
            return HIDDEN
        return self._index.get(token, UNKNOWN)

    def told(self, sentences: Sequence[tuple[Sequence[str], Sequence[int]]]) -> list[Any]:
        """What stood in some places of sentences.

        Args:
            sentences: tokens of each, and the places asked for.

        Returns:
            For each sentence the natural logarithms of the probabilities of all tokens, shape ``(places, tokens)``.
        """
        if not sentences:
            return []
        np = self._np
        with self._alone():
            scores = self._read(sentences) @ self._embed.T + self._bias
        top = scores.max(1, keepdims=True)
        told = scores - top - np.log(np.exp(scores - top).sum(1, keepdims=True))
        return list(np.split(told, np.cumsum([len(places) for _, places in sentences[:-1]])))

    def _read(self, sentences: Sequence[tuple[Sequence[str], Sequence[int]]]) -> Any:
        """The places asked for as vectors, one below the other."""
        np = self._np
        # Sentences stand one below the other, each between ends, as in training, and so far from the next that no
        # layer reaches from one into another.
        gap = max(self._apart)
        numbers: list[int] = [UNKNOWN] * gap
        asked: list[int] = []
        inside: list[int] = []
        for tokens, places in sentences:
            first = len(numbers)
            asked += [first + 1 + place for place in places]
            numbers += [END, *map(self.number, tokens), END]
            inside += range(first, len(numbers))
            numbers += [UNKNOWN] * gap
        there = np.zeros(len(numbers), bool)
        there[inside] = True
        # Of each layer only what the next ones look at is worked out.
        wanted = np.zeros(len(numbers), bool)
        wanted[asked] = True
        layers = [np.flatnonzero(wanted)]
        for apart in reversed(self._apart):
            wanted[apart:] |= wanted[:-apart].copy()
            wanted[:-apart] |= wanted[apart:].copy()
            wanted &= there
            layers.append(np.flatnonzero(wanted))
        rows = layers.pop()
        found = self._embed[np.array(numbers)[rows]]
        width = found.shape[1]
        where = np.empty(len(numbers), int)
        for weight, bias, norm, apart in zip(
            self._mixes, self._mix_bias, self._norms, self._apart, strict=True
        ):
            # One row more, of nothing, stands for what lies outside of a sentence.
            where[:] = len(rows)
            where[rows] = np.arange(len(rows))
            rows = layers.pop()
            here = np.concatenate((self._normed(found, norm), np.zeros((1, width), np.float32)))
            wide = np.concatenate(
                (here[where[rows - apart]], here[where[rows]], here[where[rows + apart]]), 1
            )
            mixed = wide @ weight + bias
            found = found[where[rows]] + mixed[:, :width] / (1 + np.exp(-mixed[:, width:]))
        last = found @ self._last + self._last_bias
        # The error function by tanh, within 0.0005.
        last = 0.5 * last * (1 + np.tanh(0.7978845608 * (last + 0.044715 * last**3)))
        return self._normed(last, self._norm)[np.searchsorted(rows, asked)]

    def _normed(self, found: Any, norm: Any) -> Any:
        np = self._np
        apart = found - found.mean(1, keepdims=True)
        return apart / np.sqrt((apart * apart).mean(1, keepdims=True) + 1e-5) * norm[0] + norm[1]
