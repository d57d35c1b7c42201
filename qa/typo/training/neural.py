"""A small corrector over whole sentences: gated convolutions that tell what stood in each place.

    python -m qa.typo.training.neural WORK_DIR [--minutes 100] [--threads 1]

Reads ``chars.txt`` (see :mod:`qa.typo.training.corpus`) and the tables in ``qa/typo/data``; spoils the text as
people do (by sound, shape, key, swapped neighbours) and learns to tell what stood there.  The rate of learning
falls with the minutes, so a run is planned from its beginning.  Leaves ``neural.pt`` (a checkpoint, every five
minutes) and ``neural.txt`` (its tokens).  A file ``threads`` in the folder with a number in it changes the number
of threads while it runs.  Needs torch.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from qa.typo.tables import Tables
from qa.typo.text import is_han

WIDTH = 256
DILATIONS = (1, 1, 2, 3, 4, 8)
ROW, BATCH = 128, 16
CANDIDATES = 24
PAD, UNKNOWN, END, MASK = 0, 1, 2, 3
SPECIAL = ["", "?", "\n", "_"]
RATES = (0.03, 0.13)
"""Shares of spoiled characters, by halves of the rows."""
MASKED, SWAPPED, BURST = 0.04, 0.004, 0.2
LOOKED_AT = 0.12
"""Share of the sound characters that are learnt from too."""


class Corrector(nn.Module):
    """Token numbers, shape ``(rows, length)``, to vectors of the same shape and ``WIDTH``."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, WIDTH, padding_idx=PAD)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.mixes = nn.ModuleList(nn.Linear(3 * WIDTH, 2 * WIDTH) for _ in DILATIONS)
        self.last = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        nn.init.normal_(self.embed.weight, std=0.3)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        found = self.embed(tokens)
        length = tokens.shape[1]
        for norm, mix, apart in zip(self.norms, self.mixes, DILATIONS, strict=True):
            here = norm(found)
            wide = functional.pad(here, (0, 0, apart, apart))
            beside = torch.cat((wide[:, :length], here, wide[:, 2 * apart : 2 * apart + length]), 2)
            found = found + functional.glu(mix(beside), dim=2)
        return self.norm(functional.gelu(self.last(found)))

    def scores(self, vectors: torch.Tensor) -> torch.Tensor:
        """Scores of all tokens."""
        return functional.linear(vectors, self.embed.weight, self.bias)


def vocabulary(text: Path) -> list[str]:
    """Tokens by frequency; the first ones stand for nothing, the unknown, the end of a sentence, what is hidden."""
    counts: Counter[str] = Counter()
    with text.open(encoding="utf-8") as stream:
        for line in stream:
            counts.update(line.rstrip("\n"))
    counts.pop(" ", None)
    return [*SPECIAL, *(token for token, number in counts.most_common() if number >= 15)]


def numbers(text: Path, known: list[str]) -> Any:
    """The whole text as token numbers, sentences parted by ``END``."""
    table = np.full(0x11_0000, UNKNOWN, np.uint16)
    for number, token in enumerate(known):
        if token and number > MASK:
            table[ord(token)] = number
    table[ord("\n")] = END
    parts = []
    with text.open(encoding="utf-8") as stream:
        while block := stream.readlines(64_000_000):
            codes = np.frombuffer("".join(block).encode("utf-32-le"), np.uint32)
            parts.append(table[codes[codes != ord(" ")]])
    return np.concatenate(parts)


def confusions(known: list[str]) -> tuple[Any, Any]:
    """What may be typed for every token ``(tokens, CANDIDATES)``, and how to draw from it: cumulated shares."""
    tables = Tables.load()
    index = {token: number for number, token in enumerate(known)}
    found = np.zeros((len(known), CANDIDATES), np.int64)
    drawn = np.zeros((len(known), CANDIDATES), np.float32)
    for number, token in enumerate(known):
        if not token or not is_han(token):
            continue
        weights = {
            index[one.char]: 10.0 ** (-0.7 * one.cost) * (1.0 / (1 + index[one.char] / 300)) ** 0.5
            for one in tables.confused(token)
            if one.char in index
        }
        best = sorted(weights, key=lambda one: (-weights[one], one))[:CANDIDATES]
        found[number, : len(best)] = best
        drawn[number, : len(best)] = [weights[one] for one in best]
    total = drawn.sum(1, keepdims=True)
    return found, np.cumsum(drawn / np.maximum(total, 1e-9), 1)


def spoiled(true: Any, candidates: Any, drawn: Any, chance: Any) -> Any:
    """Rows as somebody may have typed them."""
    rates = np.where(np.arange(len(true)) % 2, *RATES)[:, None]
    hit = chance.random(true.shape) < rates
    hit[:, 1:] |= hit[:, :-1] & (chance.random((len(true), true.shape[1] - 1)) < BURST)
    choice = (chance.random(true.shape)[..., None] > drawn[true]).sum(-1).clip(max=CANDIDATES - 1)
    wrong = candidates[true, choice]
    now = np.where(hit & (wrong > 0), wrong, true)
    rows, places = np.nonzero(chance.random((len(true), true.shape[1] - 1)) < SWAPPED)
    inner = (candidates[now[rows, places], 0] > 0) & (candidates[now[rows, places + 1], 0] > 0)
    rows, places = rows[inner], places[inner]
    now[rows, places], now[rows, places + 1] = now[rows, places + 1], now[rows, places]
    return np.where((chance.random(true.shape) < MASKED) & (true > MASK), MASK, now)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    known = vocabulary(options.work / "chars.txt")
    (options.work / "neural.txt").write_text("".join(known[len(SPECIAL) :]), encoding="utf-8")
    text = numbers(options.work / "chars.txt", known)
    candidates, drawn = confusions(known)
    model = Corrector(len(known))
    best = torch.optim.AdamW(
        model.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    checkpoint = options.work / "neural.pt"
    print(
        len(known), "tokens;", len(text), "characters;", sum(p.numel() for p in model.parameters()), "weights"
    )
    rows = len(text) // ROW
    lines = text[: rows * ROW].reshape(rows, ROW)
    order = chance.permutation(rows)
    began = told = kept = time.monotonic()
    shown: Counter[str] = Counter()
    step = 0
    while (share := (time.monotonic() - began) / 60 / options.minutes) < 1:
        at = order[(step * BATCH) % (rows - BATCH) :][:BATCH]
        true = lines[at].astype(np.int64)
        now = spoiled(true, candidates, drawn, chance)
        learnt = (now != true) | ((chance.random(true.shape) < LOOKED_AT) & (true > MASK))
        now_t, true_t, learnt_t = (torch.from_numpy(one) for one in (now, true, learnt))
        scores = model.scores(model(now_t)[learnt_t])
        wanted, had = true_t[learnt_t], now_t[learnt_t]
        losses = functional.cross_entropy(scores, wanted, reduction="none")
        # Sound characters stand for all those that were not looked at, but one is not worth eight.
        weights = torch.where(wanted == had, 2.0, 1.0)
        loss = (losses * weights).sum() / weights.sum()
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in best.param_groups:
            group["lr"] = (
                options.rate
                * min(1.0, (step + 1) / 300)
                * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))
            )
        best.step()
        step += 1
        with torch.no_grad():
            right = scores.argmax(-1) == wanted
            for name, kind in (
                ("masked", had == MASK),
                ("wrong", (had != wanted) & (had != MASK)),
                ("sound", had == wanted),
            ):
                shown[name] += int(kind.sum())
                shown[name + " right"] += int((right & kind).sum())
                shown[name + " loss"] += int(1000 * float(losses[kind].sum()))
        since = time.monotonic()
        if since - told > 60:
            parts = (
                f"{name} right {shown[name + ' right'] / max(1, shown[name]):.4f} loss {shown[name + ' loss'] / 1000 / max(1, shown[name]):.4f}"
                for name in ("masked", "wrong", "sound")
            )
            print(
                f"{share:.2f} step {step} {'; '.join(parts)}; {step * BATCH * ROW / (since - began):.0f} tokens/s",
                flush=True,
            )
            told = since
            shown.clear()
            wish = options.work / "threads"
            if wish.exists():
                torch.set_num_threads(int(wish.read_text()))
        if since - kept > 300:
            torch.save(model.state_dict(), checkpoint)
            kept = since
    torch.save(model.state_dict(), checkpoint)


if __name__ == "__main__":
    main()
