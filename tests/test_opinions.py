"""Second opinions: pycorrector as it is installed, without its package's own imports and without a trace."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from qa.readers import read
from qa.rule import Official, Pack, Settings
from qa.source import Source
from qa.typo import opinions
from qa.typo.opinions import KenlmOpinion, Known, MacBertOpinion, OpinionError, Second, asked, opinion


def test_the_statistical_corrector_with_our_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    corrector = KenlmOpinion(Known((("让坐", "让座"),), ("晋江经验",)))
    sentence = "今天，少先队员为老人让坐。"
    assert corrector.suggest(sentence) == [Second(10, 12, "让坐", "让座")]
    assert sentence[10:12] == "让坐"
    assert [(one.original, one.replacement) for one in corrector.suggest("传承弘扬晋将经验。")] == [
        ("晋将经验", "晋江经验")
    ]
    assert list(tmp_path.iterdir()) == []
    assert opinions._module("corrector") is opinions._module("corrector")
    assert "torch" not in sys.modules
    assert list(tmp_path.iterdir()) == []


def test_where_its_folder_would_be_is_left_as_the_user_set_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYCORRECTOR_DATA_DIR", "/somewhere")
    with opinions._quietly():
        assert os.environ["PYCORRECTOR_DATA_DIR"] != "/somewhere"
    assert os.environ["PYCORRECTOR_DATA_DIR"] == "/somewhere"
    monkeypatch.delenv("PYCORRECTOR_DATA_DIR")
    with opinions._quietly():
        pass
    assert "PYCORRECTOR_DATA_DIR" not in os.environ


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pycorrector", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(OpinionError, match="pip install pycorrector"):
        KenlmOpinion()


def test_a_missing_dependency_of_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_name: str) -> ModuleType:
        raise ImportError(name="loguru")

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(OpinionError, match="pip install loguru"):
        KenlmOpinion()


def test_neural_weights_must_lie_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "")
    with pytest.raises(OpinionError, match="没有模型权重"):
        MacBertOpinion(None, tmp_path)
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(OpinionError, match="需要 torch"):
        MacBertOpinion(None, tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())

    class Fake:
        def __init__(self, weights: str) -> None:
            assert weights == str(tmp_path)

        def correct(self, _sentence: str) -> dict[str, Any]:
            return {"errors": [("坐", "座", 1)]}

    monkeypatch.setattr(opinions, "_module", lambda _name: SimpleNamespace(MacBertCorrector=Fake))
    assert MacBertOpinion(None, tmp_path).suggest("让坐") == [Second(1, 2, "坐", "座")]
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_engines_by_name() -> None:
    with pytest.raises(OpinionError, match="没有名为“x”的拼写引擎，可用的有：kenlm、macbert"):
        opinion("x", Known())


def test_thorough_adds_what_another_engine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from rules.typo.second_opinion import second_opinion

    made: list[tuple[Known, Path]] = []

    class Other:
        name = "某引擎"

        def __init__(self, known: Known, weights: Path) -> None:
            made.append((known, weights))

        def suggest(self, sentence: str) -> list[Second]:
            at = sentence.index("体系")
            wrong = sentence.index("太")
            return [Second(wrong, wrong + 1, "太", "态"), Second(at, at + 2, "体系", "题西")]

    monkeypatch.setitem(opinions.ENGINES, "other", Other)  # type: ignore[misc]
    page = read(Source.from_bytes("<p>加强生太环境保护，完善治理体系。</p>".encode(), "a.html"))
    options = {"typo/second_opinion": {"engine": "other", "weights": "/w"}}
    assert list(second_opinion.function(page, Settings(options=options))) == []
    pack = Pack(
        words=({"term": "晋江精验", "replace": "晋江经验"}, {"term": "某词"}),
        silence=frozenset({"按排布署"}),
        phrases=({"phrase": "固定提法一种"},),
        officials=(Official("某某某", "市长"),),
    )
    (hit,) = second_opinion.function(page, Settings(pack=pack, options=options, thorough=True))
    assert hit.message == "另一引擎认为“体系”应为“题西”"
    assert page.text[hit.span.start : hit.span.end] == "体系"
    allowed = Settings(pack=Pack(allow=("治理体系",)), options=options, thorough=True)
    assert list(second_opinion.function(page, allowed)) == []
    (known, weights), _ = made
    assert weights == Path("/w")
    assert known.names == ("固定提法一种", "某某某")
    pairs = dict(known.confusion)
    assert pairs["晋江精验"] == "晋江经验"
    assert pairs["跨跃"] == "跨越"
    assert "按排布署" not in pairs
    assert "某词" not in pairs
    assert asked.cache_info().currsize
    asked.cache_clear()
    opinion.cache_clear()
