"""Training and measuring the classifier.

    python -m qa.typo.training.classifier WORK_DIR DEV_DIR --models FOLDER [--mixed FOLDER] [--write] [--cached]

Trains on sentences that were kept back from the language model, some of them spoiled, and on the development pairs;
the latter are measured by five-fold cross-validation in which a right sentence is never on both sides.  Alarms in
kept-back sentences that were read one by one (``verdicts.tsv``) count as they were judged.  ``--write`` leaves
``judge.json`` and ``figures.json``.  Needs LightGBM and numpy.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import pickle
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qa.typo.decode import Decoder, Edit, applied
from qa.typo.features import NAMES, READ_NAMES, Features
from qa.typo.judge import Judge
from qa.typo.lm import LanguageModel
from qa.typo.network import Network
from qa.typo.speller import COMPANION, DEFAULT, Speller, told
from qa.typo.tables import DATA, KEY, LIKE, SAME, SHAPE, SLIP, Tables
from qa.typo.text import line_of
from qa.typo.training.spoil import Spoiler

FOLDS = 5
DEV_WEIGHT = 5.0
LEARNT = 0.77
FIGURES = Path(__file__).with_name("figures.json")
VERDICTS = Path(__file__).with_name("verdicts.tsv")
FIRST = {"num_leaves": 16, "learning_rate": 0.1, "min_data_in_leaf": 100, "lambda_l2": 20.0}
SECOND = {"num_leaves": 24, "learning_rate": 0.05, "min_data_in_leaf": 60, "lambda_l2": 15.0}
models = DATA
"""Folder of the models to work with."""
processes = 2


class Sample(NamedTuple):
    """A sentence: what stands there, what should (a string for each token), where it is from."""

    now: list[str]
    gold: list[str]
    source: str


class Worked(NamedTuple):
    """A sample with the changes proposed, place by place, and their numbers."""

    sample: Sample
    edits: list[list[Edit]]
    numbers: list[list[list[float]]]


Judged = list[tuple[Edit, float]]


def development(folder: Path) -> list[Sample]:
    """The labelled pairs."""
    found = []
    for name in ("odw", "law"):
        for line in (folder / f"{name}.train").read_text(encoding="utf-8").splitlines():
            _, now, gold = line.split("\t")
            if len(now) == len(gold):
                tokens, places = line_of(now)
                ends = [*places[1:], len(now)]
                parts = [gold[begin:end] for begin, end in zip(places, ends, strict=True)]
                raw = [now[begin:end] for begin, end in zip(places, ends, strict=True)]
                # Tokens that were folded are compared as they were written.
                found.append(
                    Sample(
                        tokens,
                        [
                            token if part == was else part.strip()
                            for token, part, was in zip(tokens, parts, raw, strict=True)
                        ],
                        name,
                    )
                )
    return found


def learnt(number: int) -> list[bool]:
    """Which of the development pairs are learnt from where the others are measured, whatever their right sentences."""
    chance = random.Random(5)
    return [chance.random() < LEARNT for _ in range(number)]


def mixed(
    folder: Path, dev: list[Sample], proposed: Sequence[Worked], looked: Sequence[list[Worked]]
) -> dict[str, Any]:
    """Figures where one share of the pairs is learnt from and the other measured, as public test sets are cut.

    Most right sentences of the measured share are then right sentences of the learnt one too, which the language
    model has read.  Writes ``mixed.txt`` for that model, and measures nothing, where there is none yet.
    """
    global models
    taken = learnt(len(dev))
    if not (folder / "chars.klm").exists():
        lines = sorted({" ".join(one.gold) for one, known in zip(dev, taken, strict=True) if known})
        (folder / "mixed.txt").write_text("".join(f"{line}\n" * 4 for line in lines), encoding="utf-8")
        print("mixed.txt is for the language model of", folder)
        return {}
    known = [*taken, *[True] * (len(proposed) - len(dev))]
    first = train((one for one, own in zip(proposed, known, strict=True) if own), FIRST, 100, NAMES)
    known = [*taken, *[True] * (len(looked) - len(dev))]
    plain, reading = seconds(some for some, own in zip(looked, known, strict=True) if own)
    before, models = models, folder
    _arm(first, plain, reading)
    asked = [one for one, own in zip(dev, taken, strict=True) if not own]
    results = list(zip(asked, parallel(judge_one, asked), strict=True))
    models = before
    read = {"".join(one.gold) for one, own in zip(dev, taken, strict=True) if own}
    figures: dict[str, Any] = {}
    for name in ("odw", "law"):
        some = [one for one in results if one[0].source == name]
        figures[f"mixed {name}"] = {
            **measure(some, DEFAULT, COMPANION),
            "read": round(sum("".join(one.gold) in read for one, _ in some) / len(some), 3),
        }
    return figures


def held(work: Path, number: int) -> list[Sample]:
    """Sentences kept back; of the first ``number`` some are spoiled, the others are as they were."""
    tables, model = Tables.load(models), LanguageModel.load(models)
    lines = (work / "held.txt").read_text(encoding="utf-8").splitlines()
    common = {char: model.alone(char) for char in tables.chars}
    spoiler = Spoiler(tables, common, 7)
    found = []
    for place, line in enumerate(lines):
        tokens = line_of(line).tokens[:120]
        now, gold = spoiler.spoil(tokens) if place < number else (tokens, tokens)
        found.append(Sample(now, gold, "clean" if now == gold else "spoiled"))
    return found


_tools: tuple[Decoder, Features] | None = None
_speller: Speller | None = None


def propose(sample: Sample) -> Worked:
    """All that is proposed for a sample, with the numbers of the first forest."""
    global _tools
    if _tools is None:
        model, tables = LanguageModel.load(models), Tables.load(models)
        _tools = Decoder(model, tables), Features(model, tables, lambda: Network.load(models))
    decoder, features = _tools
    scan, edits = decoder.decode(sample.now)
    return Worked(sample, edits, features.of(scan, edits) if edits else [])


def look(sample: Sample) -> list[Worked]:
    """What the second forest is asked of a sample, and again where some of its slips have been put right."""
    assert _speller is not None
    found: list[Worked] = []
    now = sample.now
    for _ in range(2):
        places = _speller.looked(now)
        if not places:
            break
        found.append(
            Worked(
                sample._replace(now=now),
                [[edit for edit, _ in place] for place in places],
                _speller.read(now, places),
            )
        )
        wrong = sum(a != b for a, b in zip(now, sample.gold, strict=True))
        put_right = [
            place[0][0] for place in places if is_right(place[0][0], sample) and _keeps_length(place[0][0])
        ]
        if not put_right or len(put_right) >= wrong:
            break
        now = applied(now, put_right)[0]
    return found


def judge_one(sample: Sample) -> Judged:
    """What the engine as it runs would say of a sample."""
    assert _speller is not None
    return _speller.judged(sample.now)


def _keeps_length(edit: Edit) -> bool:
    return len(edit.tokens) == edit.end - edit.begin


def is_right(edit: Edit, sample: Sample) -> bool:
    """Whether a change makes what should stand there, and changes anything wrong."""
    return edit.tokens == "".join(sample.gold[edit.begin : edit.end])


def parallel(job: Callable[[Sample], Any], samples: Sequence[Sample]) -> list[Any]:
    """A job for every sample, in order."""
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return pool.map(job, samples, chunksize=100)


def verdicts() -> dict[tuple[str, int, int, str], str]:
    """Alarms in kept-back sentences as people judged them: R right, S sound text, W another slip, D doubtful."""
    found = {}
    if VERDICTS.exists():
        for line in VERDICTS.read_text(encoding="utf-8").splitlines():
            letter, begin, end, tokens, text = line.split("\t")
            found[text, int(begin), int(end), tokens] = letter
    return found


def rows(worked: Iterable[Worked]) -> tuple[Any, Any, Any]:
    """Numbers, labels and weights of all changes."""
    known = verdicts()
    numbers, labels, weights = [], [], []
    for one in worked:
        text = "".join(one.sample.now)
        for place, lines in zip(one.edits, one.numbers, strict=True):
            for edit, line in zip(place, lines, strict=True):
                letter = (
                    known.get((text, edit.begin, edit.end, edit.tokens), "")
                    if one.sample.source == "clean"
                    else ""
                )
                if letter not in ("W", "D"):
                    numbers.append(line)
                    labels.append(letter == "R" or is_right(edit, one.sample))
                    weights.append(DEV_WEIGHT if one.sample.source in ("odw", "law") else 1.0)
    return np.array(numbers, np.float32), np.array(labels, float), np.array(weights)


def train(worked: Iterable[Worked], options: dict[str, Any], trees: int, names: Sequence[str]) -> list[Any]:
    """Grow a forest that is asked with these numbers, as :class:`qa.typo.judge.Forest` takes it."""
    import lightgbm

    numbers, labels, weights = rows(worked)
    numbers = numbers[:, : len(names)]
    fixed = {
        "objective": "binary", "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 1,
        "deterministic": True, "force_col_wise": True, "num_threads": processes, "verbose": -1,
    }  # fmt: skip
    forest = lightgbm.train(fixed | options, lightgbm.Dataset(numbers, labels, weight=weights), trees)
    return [_planted(tree["tree_structure"]) for tree in forest.dump_model()["tree_info"]]


def _planted(root: dict[str, Any]) -> list[list[Any]]:
    """One tree as lists: features, thresholds, what follows below and above, leaves."""
    features: list[int] = []
    thresholds: list[float] = []
    below: list[int] = []
    above: list[int] = []
    leaves: list[float] = []

    def walk(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(float(f"{node['leaf_value']:.5g}"))
            return -len(leaves)
        at = len(features)
        features.append(node["split_feature"])
        thresholds.append(float(f"{node['threshold']:.9g}"))
        below.append(0)
        above.append(0)
        below[at] = walk(node["left_child"])
        above[at] = walk(node["right_child"])
        return at

    walk(root)
    return [features, thresholds, below, above, leaves]


def kind_of(now: str, gold: str) -> str:
    """What kind of slip a token is."""
    if not gold:
        return "多字"
    if len(gold) > 1:
        return "漏字"
    kinds = next((one.kinds for one in Tables.load(models).confused(now) if one.char == gold), 0)
    if kinds & SAME:
        return "同音"
    if kinds & (SHAPE | KEY):
        return "形近"
    return "近音" if kinds & (LIKE | SLIP) else "其他"


def measure(
    results: Sequence[tuple[Sample, Judged]], default: float, companion: float
) -> dict[str, float | dict[str, list[int]]]:
    """Strict figures by sentence; by change; and of each kind of slip how many there are and how many are found."""
    count: Counter[str] = Counter()
    kinds: dict[str, list[int]] = {}
    for sample, judged in results:
        taken = told(judged, default, companion)
        wrong = sample.now != sample.gold
        count["wrong"] += wrong
        count["clean"] += not wrong
        count["said"] += len(taken)
        right = [edit for edit, _ in taken if is_right(edit, sample)]
        count["said right"] += len(right)
        for at, (now, gold) in enumerate(zip(sample.now, sample.gold, strict=True)):
            if now != gold:
                number = kinds.setdefault(kind_of(now, gold), [0, 0])
                number[0] += 1
                number[1] += any(edit.begin <= at < edit.end for edit in right)
        if taken:
            count["changed"] += 1
            count["clean changed"] += not wrong
            made = "".join(applied(sample.now, [edit for edit, _ in taken])[0])
            count["right"] += made == "".join(sample.gold)
    precision = count["right"] / max(1, count["changed"])
    recall = count["right"] / max(1, count["wrong"])
    return {
        "P": round(precision, 4), "R": round(recall, 4),
        "F1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "clean": round(count["clean changed"] / max(1, count["clean"]), 5), "clean sentences": count["clean"],
        "wrong sentences": count["wrong"], "change P": round(count["said right"] / max(1, count["said"]), 4),
        "kinds": kinds,
    }  # fmt: skip


def _fold(sample: Sample) -> int:
    """Fold of a sample: pairs with one right sentence stay together, or they would tell on each other."""
    return zlib.crc32("".join(sample.gold).encode()) % FOLDS


def _arm(first: list[Any], plain: list[Any], reading: list[Any]) -> None:
    """The engine with these forests, for the jobs."""
    global _speller
    _speller = Speller(
        LanguageModel.load(models),
        Tables.load(models),
        Judge(first, plain, lambda: reading),
        lambda: Network.load(models),
    )


def seconds(looked: Iterable[list[Worked]]) -> tuple[list[Any], list[Any]]:
    """The forests that weigh what is left: without what the network says, and with it."""
    worked = [one for some in looked for one in some]
    return train(worked, SECOND, 400, NAMES), train(worked, SECOND, 400, (*NAMES, *READ_NAMES))


def _cached(path: Path, *, use: bool, make: Callable[[], Any]) -> Any:
    if use and path.exists():
        return pickle.loads(path.read_bytes())
    made = make()
    path.write_bytes(pickle.dumps(made))
    return made


def _write(name: str, data: dict[str, Any]) -> None:
    (DATA / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--models", type=Path, default=DATA)
    parser.add_argument("--spoiled", type=int, default=40_000)
    parser.add_argument("--mixed", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cached", action="store_true")
    options = parser.parse_args()
    global models, processes
    models, processes = options.models, options.processes
    dev = development(options.dev)
    proposed: list[Worked] = _cached(
        options.work / "proposed.pkl", use=options.cached,
        make=lambda: parallel(propose, [*dev, *held(options.work, options.spoiled)]),
    )  # fmt: skip
    first = train(proposed, FIRST, 100, NAMES)
    _arm(first, [], [])
    samples = [one.sample for one in proposed if one.edits or one.sample.source in ("odw", "law")]
    looked: list[list[Worked]] = _cached(
        options.work / "looked.pkl", use=options.cached, make=lambda: parallel(look, samples)
    )
    print(len(proposed), "sentences,", len(samples), "looked at,", sum(map(len, looked)), "looks", flush=True)
    others = mixed(options.mixed, dev, proposed, looked) if options.mixed else {}
    results: dict[str, list[tuple[Sample, Judged]]] = {"odw": [], "law": [], "spoiled": [], "clean": []}
    for fold in range(FOLDS):
        _arm(first, *seconds(some for some in looked if some and _fold(some[0].sample) != fold))
        # Of the kept-back sentences one fold will do.
        chosen = [
            one.sample
            for one in proposed
            if _fold(one.sample) == fold and (one.sample.source in ("odw", "law") or fold == 0)
        ]
        for sample, judged in zip(chosen, parallel(judge_one, chosen), strict=True):
            results[sample.source].append((sample, judged))
    (options.work / "results.pkl").write_bytes(pickle.dumps(results))
    for default in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9):
        for name, found in results.items():
            figures = measure(found, default, min(default, COMPANION))
            print(default, name, {key: value for key, value in figures.items() if key != "kinds"}, flush=True)
    figures: dict[str, Any] = {
        name: measure(found, DEFAULT, COMPANION) for name, found in results.items()
    } | others
    print(json.dumps({name: one["kinds"] for name, one in figures.items()}, ensure_ascii=False))
    if options.write:
        plain, reading = seconds(looked)
        _write("judge", {"features": NAMES, "first": first, "plain": plain})
        _write("reading", {"features": (*NAMES, *READ_NAMES), "reading": reading})
        FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
