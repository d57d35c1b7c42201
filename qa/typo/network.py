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

    def read(self, tokens: Sequence[str]) -> Any:
        """A sentence as vectors, shape ``(len(tokens), width)``, for :meth:`told`."""
        with self._alone():
            return self._read(tokens)

    def _read(self, tokens: Sequence[str]) -> Any:
        np = self._np
        # A sentence stands between ends, as in training.
        numbers = [END, *map(self.number, tokens), END]
        found = self._embed[numbers]
        size, width = found.shape
        for weight, bias, norm, apart in zip(
            self._mixes, self._mix_bias, self._norms, self._apart, strict=True
        ):
            here = self._normed(found, norm)
            wide = np.zeros((size, 3 * width), np.float32)
            wide[:, width : 2 * width] = here
            if apart < size:
                wide[apart:, :width] = here[: size - apart]
                wide[: size - apart, 2 * width :] = here[apart:]
            mixed = wide @ weight + bias
            found = found + mixed[:, :width] / (1 + np.exp(-mixed[:, width:]))
        last = found[1:-1] @ self._last + self._last_bias
        # The error function by tanh, within 0.0005.
        last = 0.5 * last * (1 + np.tanh(0.7978845608 * (last + 0.044715 * last**3)))
        return self._normed(last, self._norm)

    def told(self, vectors: Any) -> Any:
        """Natural logarithms of the probabilities of all tokens, shape ``(rows, tokens)``, for rows of vectors."""
        np = self._np
        with self._alone():
            scores = vectors @ self._embed.T + self._bias
        top = scores.max(1, keepdims=True)
        return scores - top - np.log(np.exp(scores - top).sum(1, keepdims=True))

    def _normed(self, found: Any, norm: Any) -> Any:
        np = self._np
        apart = found - found.mean(1, keepdims=True)
        return apart / np.sqrt((apart * apart).mean(1, keepdims=True) + 1e-5) * norm[0] + norm[1]
