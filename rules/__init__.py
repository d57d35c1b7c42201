"""Judge: one file a rule; its path under this package is its id.

``load()`` walks the package, imports every module whose name has no leading underscore and
collects the one rule each of them holds.  It fails loudly: a rule that does not import, has no
example, shares an id, or a file with no rule or two, is an error, never a log line.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import tomli

from qa.rule import Rule, RuleError

if TYPE_CHECKING:
    from qa.site.model import SiteRule

_ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Precision:
    """Measured on real texts: ``right`` of ``checked`` findings were right when read by hand."""

    hits: int
    checked: int
    right: int
    sample: str = ""

    @property
    def share(self) -> float | None:
        """Share of right findings; ``None`` where nothing was found to check."""
        return self.right / self.checked if self.checked else None


def identifiers() -> list[str]:
    """Ids of all rule files, sorted, found by walking the package."""
    found = []
    for path in _ROOT.rglob("*.py"):
        parts = path.relative_to(_ROOT).with_suffix("").parts
        if len(parts) > 1 and not any(part.startswith("_") for part in parts):
            found.append("/".join(parts))
    return sorted(found)


SITE = "site/"
"""Rules of this family judge whole sites (``qa.site.model.SiteRule``), all others single pages."""


def _module(identifier: str) -> object:
    try:
        return importlib.import_module(f"{__name__}.{identifier.replace('/', '.')}")
    except Exception as error:
        raise RuleError(f"规则文件 {identifier} 无法载入：{error}") from error


def load_one(identifier: str) -> Rule:
    """Import one file of a rule of pages.

    Raises:
        RuleError: it does not import, or does not hold exactly one valid rule.
    """
    held = [value for value in vars(_module(identifier)).values() if isinstance(value, Rule)]
    if len(held) != 1:
        raise RuleError(f"规则文件 {identifier} 应当只含一条规则，实际有 {len(held)} 条")
    one = held[0]
    one.id = identifier
    one.validate()
    return one


def load_one_site(identifier: str) -> SiteRule:
    """Import one file of a rule of sites; raises as :func:`load_one`."""
    from qa.site.model import SiteRule

    held = [value for value in vars(_module(identifier)).values() if isinstance(value, SiteRule)]
    if len(held) != 1:
        raise RuleError(f"规则文件 {identifier} 应当只含一条全站规则，实际有 {len(held)} 条")
    one = held[0]
    one.id = identifier
    one.validate()
    return one


def _distinct(rules: Iterable[Rule | SiteRule]) -> None:
    seen: set[str] = set()
    for one in rules:
        for name in (one.id, *one.aliases):
            if name in seen:
                raise RuleError(f"规则编号重复：{name}")
            seen.add(name)


@cache
def load() -> tuple[Rule, ...]:
    """The rules of pages, by id.

    Raises:
        RuleError: see :func:`load_one`; also when an alias is also an id or another's alias.
    """
    rules = tuple(load_one(name) for name in identifiers() if not name.startswith(SITE))
    _distinct(rules)
    return rules


@cache
def load_site() -> tuple[SiteRule, ...]:
    """The rules of sites, by id; raises as :func:`load`."""
    rules = tuple(load_one_site(name) for name in identifiers() if name.startswith(SITE))
    _distinct((*load(), *rules))
    return rules


@cache
def precision() -> dict[str, Precision]:
    """Hand-checked precision by rule id, from ``rules/precision/*.toml``."""
    found: dict[str, Precision] = {}
    for path in sorted((_ROOT / "precision").glob("*.toml")):
        for identifier, item in tomli.loads(path.read_text(encoding="utf-8")).items():
            found[identifier] = Precision(
                int(item.get("hits", 0)),
                int(item.get("checked", 0)),
                int(item.get("right", 0)),
                str(item.get("sample", "")),
            )
    return found
