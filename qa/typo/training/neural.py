"""A small corrector over whole sentences: gated convolutions that choose among what may have been meant.

    python -m qa.typo.training.neural WORK_DIR [--minutes 60] [--threads 1] [--resume]

Reads ``chars.txt`` (see :mod:`qa.typo.training.corpus`) and the tables in ``qa/typo/data``; spoils the text as
people do (by sound, shape, key) and learns to tell, for each place, what stood there among the candidates of
what stands there now.  Leaves ``neural.pt`` (a checkpoint, every five minutes).  Needs torch.
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

WIDTH, LAYERS, KERNEL = 192, 8, 3
DILATIONS = (1, 1, 2, 2, 4, 4, 8, 1)
ROW, BATCH = 128, 32
CANDIDATES = 24
PAD, UNKNOWN, END = 0, 1, 2
SPOILED = 0.045
BURST = 0.25


class Corrector(nn.Module):
    """Token numbers, shape ``(rows, length)``, to vectors of the same shape and ``WIDTH``."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, WIDTH, padding_idx=PAD)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(LAYERS))
        self.convolutions = nn.ModuleList(
            nn.Conv1d(WIDTH, 2 * WIDTH, KERNEL, padding=d * (KERNEL - 1) // 2, dilation=d) for d in DILATIONS
        )
        self.last = nn.LayerNorm(WIDTH)
        self.out = nn.Embedding(vocabulary, WIDTH)
        self.bias = nn.Embedding(vocabulary, 1)
        self.keep = nn.Parameter(torch.zeros(1))
        nn.init.normal_(self.embed.weight, std=0.5)
        nn.init.normal_(self.out.weight, std=0.05)
        nn.init.zeros_(self.bias.weight)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        found = self.embed(tokens)
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            found = found + functional.glu(convolution(norm(found).transpose(1, 2)), dim=1).transpose(1, 2)
        return self.last(found)

    def score(self, vectors: torch.Tensor, candidates: torch.Tensor, now: torch.Tensor) -> torch.Tensor:
        """Scores of candidates, shape ``(…, n)``; ``now``: what stands there."""
        scores = (vectors.unsqueeze(-2) * self.out(candidates)).sum(-1) + self.bias(candidates).squeeze(-1)
        return scores + self.keep * (candidates == now.unsqueeze(-1))


def vocabulary(text: Path) -> list[str]:
    """Tokens by frequency; the first three stand for nothing, for what is unknown, and for the end of a sentence."""
    counts: Counter[str] = Counter()
    with text.open(encoding="utf-8") as stream:
        for line in stream:
            counts.update(line.rstrip("\n"))
    counts.pop(" ", None)
    return ["", "?", "\n", *(token for token, number in counts.most_common() if number >= 15)]


def numbers(text: Path, known: list[str]) -> Any:
    """The whole text as token numbers, sentences parted by ``END``."""
    table = np.full(0x11_0000, UNKNOWN, np.uint16)
    for number, token in enumerate(known):
        if token:
            table[ord(token)] = number
    parts = []
    with text.open(encoding="utf-8") as stream:
        while block := stream.readlines(64_000_000):
            codes = np.frombuffer("".join(block).encode("utf-32-le"), np.uint32)
            parts.append(table[codes[codes != ord(" ")]])
    return np.concatenate(parts)


def confusions(known: list[str]) -> tuple[Any, Any]:
    """Candidates of every token ``(tokens, CANDIDATES)``, and how to draw errors: cumulated shares."""
    tables = Tables.load()
    index = {token: number for number, token in enumerate(known)}
    found = np.zeros((len(known), CANDIDATES), np.int64)
    drawn = np.zeros((len(known), CANDIDATES), np.float32)
    for number, token in enumerate(known):
        if not token or not is_han(token):
            continue
        weights = {
            index[one.char]: 10.0**-one.cost * (1.0 / (1 + index[one.char] / 300)) ** 0.5
            for one in tables.confused(token)
            if one.char in index
        }
        best = sorted(weights, key=lambda one: (-weights[one], one))[:CANDIDATES]
        found[number, : len(best)] = best
        drawn[number, : len(best)] = [weights[one] for one in best]
    total = drawn.sum(1, keepdims=True)
    return found, np.cumsum(drawn / np.maximum(total, 1e-9), 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    known = vocabulary(options.work / "chars.txt")
    (options.work / "neural.txt").write_text("".join(known[3:]), encoding="utf-8")
    text = numbers(options.work / "chars.txt", known)
    candidates, drawn = confusions(known)
    spoilable = candidates[:, 0] > 0
    model = Corrector(len(known))
    best = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)
    done = 0.0
    checkpoint = options.work / "neural.pt"
    if options.resume:
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        best.load_state_dict(saved["best"])
        done = saved["done"]
    print(
        len(known), "tokens;", len(text), "characters;", sum(p.numel() for p in model.parameters()), "weights"
    )
    candidates_t = torch.from_numpy(candidates)
    rows = len(text) // ROW
    order = chance.permutation(rows)
    began = told = kept = time.monotonic()
    shown: Counter[str] = Counter()
    step = 0
    while (share := done + (time.monotonic() - began) / 60 / options.minutes) < 1:
        at = order[(step * BATCH) % (rows - BATCH) :][:BATCH]
        true = text.reshape(-1)[: rows * ROW].reshape(rows, ROW)[at].astype(np.int64)
        hit = chance.random(true.shape) < SPOILED
        hit[:, 1:] |= hit[:, :-1] & (chance.random((len(at), ROW - 1)) < BURST)
        hit &= spoilable[true]
        choice = (chance.random(true.shape)[..., None] > drawn[true]).sum(-1).clip(max=CANDIDATES - 1)
        wrong = candidates[true, choice]
        now = np.where(hit & (wrong > 0), wrong, true)
        now_t, true_t = torch.from_numpy(now), torch.from_numpy(true)
        vectors = model(now_t)
        offered = torch.cat([true_t.unsqueeze(-1), now_t.unsqueeze(-1), candidates_t[now_t]], -1)
        scores = model.score(vectors, offered, now_t)
        # What is offered twice counts once; the right one is at 0.
        twice = offered[..., 1:] == true_t.unsqueeze(-1)
        again = offered[..., 2:] == now_t.unsqueeze(-1)
        scores = torch.cat([scores[..., :1], scores[..., 1:].masked_fill(twice, -1e4)], -1)
        scores = torch.cat(
            [scores[..., :2], scores[..., 2:].masked_fill(again | (offered[..., 2:] == PAD), -1e4)], -1
        )
        losses = functional.cross_entropy(
            scores.flatten(0, 1), torch.zeros(scores[..., 0].numel(), dtype=torch.long), reduction="none"
        )
        wrongs = (now_t != true_t).flatten()
        told_of = torch.from_numpy(spoilable[now]).flatten()
        loss = (losses * told_of * torch.where(wrongs, 2.0, 1.0)).sum() / told_of.sum()
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        warm = min(1.0, (step + 1) / 200) if not options.resume else 1.0
        for group in best.param_groups:
            group["lr"] = options.rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(share, 1))))
        best.step()
        step += 1
        with torch.no_grad():
            right = (scores.argmax(-1) == 0).flatten()
            shown["wrong"] += int(wrongs.sum())
            shown["healed"] += int((right & wrongs).sum())
            shown["clean"] += int((told_of & ~wrongs).sum())
            shown["spoiled"] += int((told_of & ~wrongs & ~right).sum())
            shown["loss"] += float(loss.detach()) * 1000
            shown["steps"] += 1
        now_is = time.monotonic()
        if now_is - told > 60:
            print(
                f"{share:.2f} step {step} loss {shown['loss'] / shown['steps'] / 1000:.4f}"
                f" healed {shown['healed'] / max(1, shown['wrong']):.3f} spoiled {shown['spoiled'] / max(1, shown['clean']):.5f}"
                f" {step * BATCH * ROW / (now_is - began):.0f} tokens/s",
                flush=True,
            )
            told = now_is
            shown.clear()
        if now_is - kept > 300:
            torch.save({"model": model.state_dict(), "best": best.state_dict(), "done": share}, checkpoint)
            kept = now_is
    torch.save({"model": model.state_dict(), "best": best.state_dict(), "done": 1.0}, checkpoint)


if __name__ == "__main__":
    main()
