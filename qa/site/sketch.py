"""Sketches of texts, by which near duplicates are found: one-permutation hashing of 4-grams.

A sketch is 256 bytes.  Every 4-gram falls into one of 256 bins by its hash, and each bin keeps a
byte of the smallest hash in it; bins nothing fell into borrow from the next one to the right.  The
share of equal bytes is then close to the share of 4-grams two texts have in common (Jaccard).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

MIN_LENGTH = 100
"""Characters, blanks left out; shorter texts look alike too easily."""
MAX_LENGTH = 100_000
"""Characters that are looked at."""
_BINS = 256
_BANDS, _ROWS = 10, 10
"""At a similarity of 0.9 two texts share a band with a probability of 0.99, at 0.5 of 0.01."""
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_MIX = 0xFF51AFD7ED558CCD


@cache
def _edges() -> Any:
    """The smallest hash of each bin, which is told by the highest eight bits."""
    import numpy as np

    return np.arange(_BINS, dtype=np.uint64) << np.uint64(56)


def sketch(text: str) -> bytes | None:
    """Sketch of a text; ``None`` for texts shorter than :data:`MIN_LENGTH`. Blanks do not count."""
    text = "".join(text.split())[:MAX_LENGTH]
    if len(text) < MIN_LENGTH:
        return None
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    hashes = codes[:-3] * np.uint64(_FACTORS[0])
    for at, factor in enumerate(_FACTORS[1:], 1):
        end = len(codes) - 3 + at
        hashes += codes[at:end] * np.uint64(factor)
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(_MIX)
    hashes ^= hashes >> np.uint64(29)
    hashes.sort()
    firsts = np.searchsorted(hashes, _edges())
    smallest = hashes[np.minimum(firsts, len(hashes) - 1)]
    filled = np.flatnonzero((smallest >> np.uint64(56)) == np.arange(_BINS, dtype=np.uint64))
    lender = np.searchsorted(filled, np.arange(_BINS)) % len(filled)
    distance = (filled[lender] - np.arange(_BINS)) % _BINS
    values = (smallest[filled[lender]] >> np.uint64(8)) & np.uint64(0xFF)
    sketched: bytes = (
        ((values + distance.astype(np.uint64) * np.uint64(151)) & np.uint64(0xFF)).astype(np.uint8).tobytes()
    )
    return sketched


def bands(sketched: bytes | None) -> list[int]:
    """Keys under which near duplicates meet; signed 64-bit integers, none for no sketch."""
    if sketched is None:
        return []
    step = _BINS // _BANDS
    return [
        int.from_bytes(
            blake2b(bytes((at,)) + sketched[at::step][:_ROWS], digest_size=8).digest(), "little", signed=True
        )
        for at in range(_BANDS)
    ]


def similarity(a: bytes, b: bytes) -> float:
    """Estimated share of 4-grams two texts have in common, 0 to 1."""
    return similarities([a], [b])[0][0]


def similarities(some: Sequence[bytes], others: Sequence[bytes]) -> list[list[float]]:
    """:func:`similarity` of each of some sketches with each of others, a row for each of the first."""
    import numpy as np

    left = np.frombuffer(b"".join(some), np.uint8).reshape(len(some), 1, _BINS)
    right = np.frombuffer(b"".join(others), np.uint8).reshape(1, len(others), _BINS)
    equal = np.count_nonzero(left == right, axis=2) / _BINS
    chance = 1 / 256
    shares: list[list[float]] = np.maximum(0.0, (equal - chance) / (1 - chance)).tolist()
    return shares
