"""turbohtml's tokenizer alone.

``import turbohtml`` also imports its whole toolkit (article extraction, XPath, minifiers), some
60 ms that a cold start has no use for.  The tokenizer lives in one extension module that works
by itself, so it is loaded by itself; where that should ever fail, the package is imported.
"""

from __future__ import annotations

import importlib.util
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from pathlib import Path
from types import ModuleType


def _extension() -> ModuleType | None:
    spec = importlib.util.find_spec("turbohtml")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder, f"_html{suffix}")
            if path.is_file():
                loader = ExtensionFileLoader("turbohtml._html", str(path))
                made = importlib.util.spec_from_file_location("turbohtml._html", path, loader=loader)
                if made:
                    module = importlib.util.module_from_spec(made)
                    loader.exec_module(module)
                    return module
    return None


def _load() -> ModuleType:
    try:
        module = _extension()
    except ImportError:
        module = None
    if module is None or not hasattr(module, "tokenize"):
        module = importlib.import_module("turbohtml")
    return module


_module = _load()
tokenize = _module.tokenize
TokenType = _module.TokenType
