"""The corpus as lines of tokens, one in forty kept back for the classifier and for measuring.

    python -m qa.typo.training.corpus CORPUS_DIR WORK_DIR

Writes ``chars.txt`` (tokens with blanks between, for ``lmplz``) and ``held.txt`` (sentences as they are).
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

from qa.typo.text import is_han, line_of

FILES = ("gov.txt.xz", "laws.txt.xz", "just.txt.xz")
HELD_BLOCK, HELD_EVERY, HELD_AT = 400, 10, 7
"""Sentences are kept back in runs: what a text says once it says again, and a model that has read half of a
report knows its names, as it will not know those of the next."""


def sentences(folder: Path) -> Iterator[str]:
    """Sentences of the corpus, in order."""
    for name in FILES:
        with lzma.open(folder / name, "rt", encoding="utf-8") as stream:
            for line in stream:
                yield line.strip()


def held(number: int) -> bool:
    """Whether a sentence, by its number, is kept back."""
    return number // HELD_BLOCK % HELD_EVERY == HELD_AT


def main(folder: Path, out: Path) -> None:
    """Write both files."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        (out / "chars.txt").open("w", encoding="utf-8") as chars,
        (out / "held.txt").open("w", encoding="utf-8") as kept,
    ):
        for number, sentence in enumerate(sentences(folder)):
            tokens = line_of(sentence).tokens
            if len(tokens) < 4 or not any(map(is_han, tokens)):
                continue
            if held(number):
                kept.write(sentence + "\n")
            else:
                chars.write(" ".join(tokens) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
