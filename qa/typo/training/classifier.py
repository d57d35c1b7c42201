"""Training and measuring the classifier.

    python -m qa.typo.training.classifier WORK_DIR DEV_DIR [--sentences 20000] [--write]

Trains on spoiled sentences that were kept back from the language model and on the development pairs; the
latter are measured by five-fold cross-validation.  Needs LightGBM and numpy.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import pickle
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qa.typo.decode import Decoder, Edit, applied
from qa.typo.features import NAMES, Features
from qa.typo.judge import Judge
from qa.typo.lm import LanguageModel
from qa.typo.speller import Speller
from qa.typo.tables import DATA, Tables
from qa.typo.text import line_of
from qa.typo.training.spoil import Spoiler

FOLDS = 5


class Sample(NamedTuple):
    """A sentence: what stands there, what should (a string for each token), where it is from."""

    now: list[str]
    gold: list[str]
    source: str


class Worked(NamedTuple):
    """A sample with the changes proposed, their numbers, whether each is right, and how many slips it has."""

    sample: Sample
    edits: list[list[Edit]]
    numbers: list[list[list[float]]]
    right: list[list[bool]]
    slips: int


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


def held(work: Path, number: int, tables: Tables, model: LanguageModel) -> list[Sample]:
    """Sentences kept back; of the first ``number`` some are spoiled, the others are as they were."""
    lines = (work / "held.txt").read_text(encoding="utf-8").splitlines()
    common = {char: model.alone(char) for char in tables._lines}
    spoiler = Spoiler(tables, common, 7)
    found = []
    for place, line in enumerate(lines):
        tokens = line_of(line).tokens[:120]
        now, gold = spoiler.spoil(tokens) if place < number else (tokens, tokens)
        found.append(Sample(now, gold, "clean" if now == gold else "spoiled"))
    return found


models = DATA
"""Folder of the models to work with."""
processes = 2
_tools: tuple[Decoder, Features] | None = None


def work_out(sample: Sample) -> Worked:
    """Propose changes and label them."""
    global _tools
    if _tools is None:
        model, tables = LanguageModel.load(models), Tables.load(models)
        _tools = Decoder(model, tables), Features(model, tables)
    decoder, features = _tools
    scan, edits = decoder.decode(sample.now)
    numbers = features.of(scan, edits) if edits else []
    right = [
        [edit.tokens == "".join(sample.gold[edit.begin : edit.end]) for edit in place] for place in edits
    ]
    slips = sum(a != b for a, b in zip(sample.now, sample.gold, strict=True))
    return Worked(sample, edits, numbers, right, slips)


def work_all(samples: Sequence[Sample]) -> list[Worked]:
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return pool.map(work_out, samples, chunksize=200)


def train(worked: Iterable[Worked], weights: dict[str, float], rounds: int = 400) -> Any:
    """Grow a forest."""
    import lightgbm

    rows, labels, shares = [], [], []
    for one in worked:
        for place, rights in zip(one.numbers, one.right, strict=True):
            rows.extend(place)
            labels.extend(rights)
            shares.extend([weights.get(one.sample.source, 1.0)] * len(rights))
    data = lightgbm.Dataset(
        np.array(rows),
        np.array(labels, float),
        weight=np.array(shares),
        feature_name=list(NAMES),
        free_raw_data=False,
    )
    options = {
        "objective": "binary", "num_leaves": 24, "learning_rate": 0.05, "min_data_in_leaf": 40, "lambda_l2": 5.0,
        "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 1, "deterministic": True,
        "force_col_wise": True, "num_threads": 2, "verbose": -1,
    }  # fmt: skip
    return lightgbm.train(options, data, rounds)


def measure(results: Sequence[tuple[Sample, list[tuple[Edit, float]]]], threshold: float) -> dict[str, float]:
    """Strict figures by sentence, and by change."""
    changed = right = wrong = clean = clean_changed = said = said_right = slips = 0
    for sample, told in results:
        taken = [edit for edit, sure in told if sure >= threshold]
        goods = [edit.tokens == "".join(sample.gold[edit.begin : edit.end]) for edit in taken]
        said += len(goods)
        said_right += sum(goods)
        slips += sum(a != b for a, b in zip(sample.now, sample.gold, strict=True))
        made = "".join(applied(sample.now, taken)[0])
        if sample.now != sample.gold:
            wrong += 1
        else:
            clean += 1
            clean_changed += bool(taken)
        if taken:
            changed += 1
            right += made == "".join(sample.gold)
    precision = right / max(1, changed)
    recall = right / max(1, wrong)
    return {
        "P": precision, "R": recall, "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "clean": clean_changed / max(1, clean), "tellP": said_right / max(1, said), "tellR": said_right / max(1, slips),
    }  # fmt: skip


def _fold(sample: Sample) -> int:
    """Fold of a sample: pairs with one right sentence stay together, or they would tell on each other."""
    return zlib.crc32("".join(sample.gold).encode()) % FOLDS


_speller: Speller | None = None


def _judged(sample: Sample) -> list[tuple[Edit, float]]:
    assert _speller is not None
    return _speller.judged(sample.now)


def judge_all(judge: Judge, samples: Sequence[Sample]) -> list[list[tuple[Edit, float]]]:
    """What the engine as it runs would say of samples with this classifier."""
    global _speller
    _speller = Speller(LanguageModel.load(models), Tables.load(models), judge)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        return pool.map(_judged, samples, chunksize=50)


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


def grown(forest: Any) -> dict[str, Any]:
    """A forest as :class:`qa.typo.judge.Judge` takes it."""
    trees = [_planted(tree["tree_structure"]) for tree in forest.dump_model()["tree_info"]]
    return {"trees": trees, "begin": 0.0}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--dev-weight", type=float, default=3.0)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--models", type=Path, default=DATA)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cached", action="store_true")
    options = parser.parse_args()
    global models, processes
    models, processes = options.models, options.processes
    cache = options.work / "worked.pkl"
    if options.cached and cache.exists():
        dev, synthetic = pickle.loads(cache.read_bytes())
    else:
        tables, model = Tables.load(models), LanguageModel.load(models)
        dev = work_all(development(options.dev))
        synthetic = work_all(held(options.work, options.sentences, tables, model))
        cache.write_bytes(pickle.dumps((dev, synthetic)))
    cut = len(synthetic) * 3 // 4
    weights = {"odw": options.dev_weight, "law": options.dev_weight}
    results: dict[str, list[tuple[Sample, list[tuple[Edit, float]]]]] = {}
    for fold in range(options.folds):
        forest = train([*synthetic[:cut], *(one for one in dev if _fold(one.sample) != fold)], weights)
        judge = Judge(**grown(forest))
        chosen = [one.sample for one in dev if _fold(one.sample) == fold]
        if not fold:
            chosen += [one.sample for one in synthetic[cut:]]
        for sample, told in zip(chosen, judge_all(judge, chosen), strict=True):
            results.setdefault("held" if sample.source in ("clean", "spoiled") else sample.source, []).append(
                (sample, told)
            )
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        parts = []
        for name in ("odw", "law", "held"):
            found = measure(results[name], threshold)
            parts.append(name + " " + " ".join(f"{key} {value:.3f}" for key, value in found.items()))
        print(f"{threshold:.2f} | " + " | ".join(parts))
    ceiling = {
        name: sum(sum(map(any, one.right)) for one in dev if one.sample.source == name)
        / sum(one.slips for one in dev if one.sample.source == name)
        for name in ("odw", "law")
    }
    print("proposed and right:", ceiling, "places:", sum(len(one.edits) for one in dev))
    forest = train([*synthetic, *dev], weights)
    gains = sorted(zip(forest.feature_importance("gain"), NAMES, strict=True), reverse=True)
    print(" ".join(f"{name} {value:.0f}" for value, name in gains[:20]))
    if options.write:
        data = {"features": NAMES, **grown(forest)}
        (DATA / "judge.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
