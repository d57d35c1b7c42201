"""The language model: how likely a run of characters is in official Chinese (KenLM, characters, order 5).

All figures are log10.  A sentence is scanned once; what a change would bring is then asked of the
few places around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from qa.typo.tables import DATA

ORDER = 5
END = "</s>"


class Scan:
    """A sentence as the model sees it.

    Attributes:
        tokens: of the sentence.
        states: before each token and before the end, ``len(tokens) + 1`` of them.
        scores: log10 probability of each token and of the end.
        lengths: how many tokens the model had seen together, each with those before it.
    """

    __slots__ = ("lengths", "scores", "states", "tokens")

    def __init__(
        self, tokens: Sequence[str], states: list[Any], scores: list[float], lengths: list[int]
    ) -> None:
        self.tokens = tokens
        self.states = states
        self.scores = scores
        self.lengths = lengths


class LanguageModel:
    """A KenLM model of characters.

    Args:
        path: its file.

    Raises:
        OSError: it cannot be read.
        RuntimeError: KenLM is not installed (there are no ready-made wheels for this Python, say).
    """

    def __init__(self, path: Path) -> None:
        try:
            import kenlm
        except ImportError as error:
            raise RuntimeError(
                "拼写引擎需要 KenLM，请执行 pip install kenlm-ex（或改用 Python 3.11–3.13）"
            ) from error

        self._model = kenlm.Model(str(path))
        self.state = kenlm.State
        self.score = self._model.BaseScore
        self._full = self._model.BaseFullScore
        self.nothing = kenlm.State()
        self._model.NullContextWrite(self.nothing)

    @classmethod
    @cache
    def load(cls, folder: Path = DATA) -> LanguageModel:
        """The model of a folder."""
        return cls(folder / "chars.klm")

    def scan(self, tokens: Sequence[str]) -> Scan:
        """Read a sentence from its beginning to its end."""
        full, make = self._full, self.state
        state = make()
        self._model.BeginSentenceWrite(state)
        states, scores, lengths = [state], [], []
        for token in tokens:
            after = make()
            found = full(state, token, after)
            scores.append(found.log_prob)
            lengths.append(found.ngram_length)
            states.append(after)
            state = after
        found = full(state, END, make())
        scores.append(found.log_prob)
        lengths.append(found.ngram_length)
        return Scan(tokens, states, scores, lengths)

    def gain(self, scan: Scan, begin: int, end: int, tokens: Sequence[str]) -> float:
        """What it brings to put ``tokens`` in the place of those from ``begin`` to ``end``."""
        score, state = self.score, scan.states[begin]
        one, other = self.state(), self.state()
        total = 0.0
        size = len(scan.tokens)
        last = min(end + ORDER - 1, size)
        for token in tokens:
            total += score(state, token, one)
            state, one, other = one, other, one
        for token in scan.tokens[end:last]:
            total += score(state, token, one)
            state, one, other = one, other, one
        if last == size and last < end + ORDER - 1:
            total += score(state, END, one)
            last += 1
        return total - sum(scan.scores[begin:last])

    def alone(self, token: str) -> float:
        """How common a token is."""
        return float(self.score(self.nothing, token, self.state()))

    def after(self, left: str, token: str) -> float:
        """How likely a token is after another, nothing else being known."""
        state = self.state()
        self.score(self.nothing, left, state)
        return float(self.score(state, token, self.state()))
