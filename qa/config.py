"""``shenjiao.toml``: which rules run, what blocks, and the site's own words.

Everything unknown is an error with a suggestion: a misspelt rule that silently switches nothing
off would be worse than none.  This module knows no rule; the caller hands them over.
"""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from qa.files import PathMatcher, cause, display, is_database
from qa.finding import Finding, Level, Pass
from qa.lexicon import Entry, TermRule
from qa.passes import Gates
from qa.rule import Official, Pack, Rule, RuleError, Settings
from qa.source import MAX_BYTES, Source, UnreadableError

if TYPE_CHECKING:
    from qa.site.entries import SiteEntry, Sites
    from qa.site.model import SiteRule

FILE_NAME = "shenjiao.toml"

_GATE_NONE = ("none", "无")


class ConfigError(Exception):
    """Something wrong in a configuration or on the command line; the message is Chinese."""


def suggest(name: str, known: Iterable[str]) -> str:
    """``，是不是“x”？`` for a near miss, else empty."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"，是不是“{near[0]}”？" if near else ""


# --- names of rules -----------------------------------------------------------------------------


class Names:
    """What may be selected: rule ids, families, passes and levels, in any of their names.

    Args:
        rules: the rules that are loaded, of pages and of sites.
        unloaded: ids of rules that exist and are not loaded (those of sites, where single pages
            are checked): a configuration may name them all the same.
        load: loads those; called where a name is known to nothing else (their titles are).
    """

    def __init__(
        self,
        rules: Sequence[Rule | SiteRule],
        unloaded: Iterable[str] = (),
        load: Callable[[], Sequence[SiteRule]] | None = None,
    ) -> None:
        self.rules = tuple(rules)
        self._load = load
        self._late: tuple[SiteRule, ...] = ()
        self._groups: dict[str, frozenset[str]] = {}
        groups: dict[str, set[str]] = {}
        for one in rules:
            keys = [one.id, *one.aliases, one.title, one.family, f"{one.family}/*", one.passes.key]
            keys += [one.passes.short, one.passes.label, one.level.key, one.level.label]
            for key in keys:
                groups.setdefault(key, set()).add(one.id)
        for identifier in unloaded:
            family = identifier.partition("/")[0]
            for key in (identifier, family, f"{family}/*"):
                groups.setdefault(key, set()).add(identifier)
        for pass_ in Pass:
            for key in (pass_.key, pass_.short, pass_.label):
                groups.setdefault(key, set())
        for level in Level:
            for key in (level.key, level.label):
                groups.setdefault(key, set())
        self._groups = {key: frozenset(found) for key, found in groups.items()}
        self.ids = frozenset((*(one.id for one in rules), *unloaded))

    def resolve(self, name: str) -> frozenset[str] | None:
        """Ids a name stands for, or ``None``."""
        found = self._groups.get(name.strip())
        if found is None and self._load is not None:
            self._late, self._load = tuple(self._load()), None
            late = {key: frozenset({one.id}) for one in self._late for key in (one.title, *one.aliases)}
            self._groups = late | self._groups
            found = self._groups.get(name.strip())
        return found

    def rule(self, name: str) -> str | None:
        """The id of a single rule, given by id, alias or title."""
        found = self.resolve(name)
        if found is None or len(found) != 1:
            return None
        (identifier,) = found
        one = next((one for one in (*self.rules, *self._late) if one.id == identifier), None)
        names = (one.id, *one.aliases, one.title) if one is not None else (identifier,)
        return identifier if name.strip() in names else None

    def options(self, identifier: str) -> list[str]:
        """Options of a rule: those its examples use."""
        one = next((one for one in self.rules if one.id == identifier), None)
        if not isinstance(one, Rule):
            return []
        examples = [bad.settings for bad in one.bad] + [good.settings for good in one.good]
        return sorted(
            {key for settings in examples if settings for key in settings.options.get(identifier, ())}
        )

    def expand(self, names: Iterable[str], where: str) -> frozenset[str]:
        """Ids of all names.

        Raises:
            ConfigError: an unknown name.
        """
        found: set[str] = set()
        for name in names:
            ids = self.resolve(name)
            if ids is None:
                raise ConfigError(f"{where}：没有名为“{name}”的规则、类别、环节或级别{self.near(name)}")
            found |= ids
        return frozenset(found)

    def near(self, name: str) -> str:
        """A suggestion for an unknown name; of ids also by their last part."""
        titled = sorted(one.id for one in (*self.rules, *self._late) if one.title == name.strip())
        if titled:
            return f"（这个名称对应多条规则，请写编号：{'、'.join(titled)}）"
        if name.strip() in self._groups:
            return "（它是类别、环节或级别，这里要写一条规则）"
        hint = suggest(name, self._groups)
        if not hint:
            tails = {identifier.partition("/")[2]: identifier for identifier in self.ids}
            close = difflib.get_close_matches(name.rpartition("/")[2], list(tails), n=1, cutoff=0.6)
            hint = f"，是不是“{tails[close[0]]}”？" if close else ""
        return hint


# --- checking tables ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One TOML table with its place in words; its methods read values of one kind or raise."""

    data: Mapping[str, Any]
    where: str

    def known(self, keys: Iterable[str]) -> None:
        allowed = list(keys)
        for key in self.data:
            if key not in allowed:
                raise ConfigError(f"{self.where}：不认识的键“{key}”{suggest(key, allowed)}")

    def fail(self, key: str, wanted: str) -> ConfigError:
        return ConfigError(f"{self.where}：“{key}”应为{wanted}，实际是 {self.data[key]!r}")

    def text(self, key: str, default: str = "") -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.fail(key, "文字")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(key, "文字或文字列表（不能有空项）")
        return tuple(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, " true 或 false")
        return value

    def number(self, key: str, default: int, least: int = 0) -> int:
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fail(key, f"不小于 {least} 的整数")
        return value

    def real(self, key: str, default: float) -> float:
        value = self.data.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
            raise self.fail(key, "不小于 0 的数")
        return float(value)

    def day(self, key: str) -> date | None:
        value = self.data.get(key)
        if value is None:
            return None
        found = as_date(value)
        if found is None:
            raise self.fail(key, "日期，如 2025-03-01")
        return found

    def table(self, key: str) -> Table:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise ConfigError(f"{self.where}：“{key}”应为表，写作 [{key}]")
        return Table(value, f"{self.where} [{key}]")

    def tables(self, key: str) -> list[Table]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ConfigError(f"{self.where}：“{key}”应为表的列表，写作 [[{key}]]")
        return [Table(item, f"{self.where} 第 {n} 个 [[{key}]]") for n, item in enumerate(value, 1)]


def as_date(value: object) -> date | None:
    """A date from TOML or from text: ``2025-03-01``, ``2025-03`` (its first day)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = value.strip()
        try:
            return date.fromisoformat(f"{text}-01" if re.fullmatch(r"\d{4}-\d\d", text) else text)
        except ValueError:
            return None
    return None


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file.

    Raises:
        ConfigError: it cannot be read or parsed.
    """
    name = display(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{name}：{cause(error)}") from None
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{name}：应当是 UTF-8 编码") from None
    except tomli.TOMLDecodeError as error:
        raise ConfigError(f"{name}：不是合法的 TOML（{_toml_words(str(error))}）") from None


def _toml_words(message: str) -> str:
    """The place and kind of a mistake, from the parser's message."""
    kind = "重复定义" if re.search(r"twice|overwrite|mutate", message) else "写法有误"
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    return f"第 {place.group(1)} 行第 {place.group(2)} 列{kind}" if place else f"文件末尾{kind}"


# --- gates --------------------------------------------------------------------------------------


def gate_level(word: str, where: str) -> Level | None:
    """A gate's level; ``None`` for ``none``.

    Raises:
        ConfigError: an unknown level.
    """
    if word.strip().lower() in _GATE_NONE:
        return None
    for level in Level:
        if word.strip().lower() == level.key or word.strip() == level.label:
            return level
    keys = [*(level.key for level in Level), "none"]
    raise ConfigError(f"{where}：不认识的级别“{word}”，应为 {'、'.join(keys)}{suggest(word, keys)}")


def gate_pass(word: str, where: str) -> Pass:
    """A pass by key or Chinese name.

    Raises:
        ConfigError: an unknown pass.
    """
    for pass_ in Pass:
        if word.strip().lower() == pass_.key or word.strip() in (pass_.short, pass_.label):
            return pass_
    keys = [pass_.key for pass_ in Pass]
    raise ConfigError(f"{where}：不认识的环节“{word}”，应为 {'、'.join(keys)}{suggest(word, keys)}")


@dataclass(frozen=True)
class PathGates(Gates):
    """Gates that differ by path; the last override that matches and names the pass decides."""

    overrides: tuple[tuple[Callable[[str], bool], Mapping[Pass, Level | None]], ...] = ()

    def blocks(self, finding: Finding) -> bool:
        """Whether a finding stops publication."""
        for matches, levels in reversed(self.overrides):
            if finding.pass_ in levels and matches(finding.path):
                return Gates(levels, None).blocks(finding)
        return super().blocks(finding)


# --- site packs ---------------------------------------------------------------------------------

_PACK_KEYS = ("silence", "allow", "word", "phrase", "official", "institution", "document", "title", "note")
_WORD_KEYS = [
    "term",
    "terms",
    "replace",
    "except",
    "boundary",
    "quoted",
    "safe",
    "level",
    "note",
    "advice",
    "since",
    "until",
    "source",
]
_OFFICIAL_KEYS = ("name", "title", "order", "since", "until", "source")
_PHRASE_KEYS = ("phrase", "allowed", "since", "until", "source", "note")
_INSTITUTION_KEYS = ("old", "new", "level", "since", "until", "source", "notes")
_DOCUMENT_KEYS = ("number", "title", "since", "until", "source", "note")


def _dated(table: Table) -> dict[str, Any]:
    """A table with its dates as dates, its period checked."""
    found = dict(table.data)
    for key in ("since", "until"):
        day = table.day(key)
        if day is not None:
            found[key] = day
    since, until = found.get("since"), found.get("until")
    if since and until and until < since:
        raise ConfigError(f"{table.where}：止期（until）{until} 早于起期（since）{since}")
    return found


def _required(table: Table, keys: Sequence[str]) -> None:
    for key in keys:
        if not table.text(key).strip():
            raise ConfigError(f"{table.where}：缺少 {key}")


def _words(root: Table, today: date | None, notices: list[str]) -> Iterable[Mapping[str, Any]]:
    for table in root.tables("word"):
        table.known(_WORD_KEYS)
        item = _dated(table)
        for key in ("terms", "replace", "except"):
            if key in item:
                item[key] = list(table.texts(key))
        for key in ("boundary", "quoted", "safe"):
            table.flag(key)
        try:
            entries = Entry.of(item)
        except RuleError as error:
            raise ConfigError(f"{table.where}：{error}") from None
        if today is not None and not _in_force(item, today):
            notices.append(f"{table.where}：“{entries[0].term}”不在有效期内，没有使用")
            continue
        yield item


def _in_force(item: Mapping[str, Any], today: date) -> bool:
    since, until = item.get("since"), item.get("until")
    return not ((since and today < since) or (until and today > until))


def _phrases(root: Table) -> Iterable[Mapping[str, Any]]:
    for table in root.tables("phrase"):
        table.known(_PHRASE_KEYS)
        table.texts("allowed")
        _required(table, ("phrase",))
        if len(table.text("phrase").strip()) < 4:
            raise ConfigError(f"{table.where}：“{table.text('phrase')}”太短，固定表述至少要有四个字")
        yield _dated(table)


_LONGEST_NAME = 40


def _officials(root: Table) -> Iterable[Official]:
    seen: set[tuple[str, str, date | None]] = set()
    for table in root.tables("official"):
        table.known(_OFFICIAL_KEYS)
        _required(table, ("name", "title"))
        item = _dated(table)
        one = Official(
            table.text("name").strip(),
            table.text("title").strip(),
            table.number("order", 0),
            item.get("since"),
            item.get("until"),
            table.text("source"),
        )
        if len(one.name) > _LONGEST_NAME:
            raise ConfigError(f"{table.where}：姓名“{one.name[:10]}……”过长（{len(one.name)} 字）")
        key = (one.name, one.title, one.since)
        if key in seen:
            raise ConfigError(f"{table.where}：“{one.name} {one.title}”重复")
        seen.add(key)
        yield one


def _mappings(
    root: Table, key: str, required: Sequence[str], known: Sequence[str]
) -> Iterable[Mapping[str, Any]]:
    for table in root.tables(key):
        table.known(known)
        _required(table, required)
        item = _dated(table)
        if "level" in item:
            level = gate_level(table.text("level"), f"{table.where} level")
            if level is None:
                raise ConfigError(f"{table.where}：“level”不能设为 none")
            item["level"] = level.key
        yield item


def load_pack(path: Path, today: date | None, notices: list[str]) -> Pack:
    """One site pack.

    Raises:
        ConfigError: it cannot be read or breaks the format.
    """
    root = Table(read_toml(path), display(path))
    root.known(_PACK_KEYS)
    pack = Pack(
        words=tuple(_words(root, today, notices)),
        silence=frozenset(root.texts("silence")),
        allow=root.texts("allow"),
        phrases=tuple(_phrases(root)),
        officials=tuple(_officials(root)),
        institutions=tuple(_mappings(root, "institution", ("old", "new"), _INSTITUTION_KEYS)),
        documents=tuple(_mappings(root, "document", ("number", "title"), _DOCUMENT_KEYS)),
    )
    if pack == Pack():
        notices.append(f"{root.where}：词库是空的，没有起作用")
    return pack


def merge(packs: Iterable[Pack]) -> Pack:
    """Several packs as one."""
    items = list(packs)
    return Pack(
        words=tuple(word for pack in items for word in pack.words),
        silence=frozenset().union(*(pack.silence for pack in items)),
        allow=tuple(dict.fromkeys(word for pack in items for word in pack.allow)),
        phrases=tuple(phrase for pack in items for phrase in pack.phrases),
        officials=tuple(dict.fromkeys(one for pack in items for one in pack.officials)),
        institutions=tuple(item for pack in items for item in pack.institutions),
        documents=tuple(item for pack in items for item in pack.documents),
    )


# --- the file -----------------------------------------------------------------------------------

_MAIN_KEYS = [
    "select",
    "ignore",
    "preview",
    "thorough",
    "gate",
    "format",
    "exclude",
    "include",
    "links",
    "last-year",
    "today",
    "domains",
    "baseline",
    "packs",
    "max-size",
    "jobs",
]
TOP_KEYS = ("shenjiao", "gates", "levels", "rules", "overrides", "hook", "sites", "ledger")


@dataclass(frozen=True)
class Override:
    """``[[overrides]]``: other rules for some paths."""

    matches: PathMatcher
    select: frozenset[str] | None
    ignore: frozenset[str]
    gates: Mapping[Pass, Level | None]


@dataclass
class Config:
    """What was configured; the command line may change it before :meth:`active` is asked.

    Attributes:
        select: ids to run; ``None``: all but preview rules.
        base: folder that paths of the file are relative to.
        approvals: where the hook records what passed: a file, or the address of a ledger; empty for nowhere.
        notices: Chinese remarks that are no errors.
    """

    names: Names
    path: Path | None = None
    base: Path = field(default_factory=Path)
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    preview: bool = False
    thorough: bool = False
    gate: Level | None = Level.ERROR
    gates: dict[Pass, Level | None] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    format: str = ""
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    links: bool = False
    last_year: Path | None = None
    today: date | None = None
    domains: tuple[str, ...] = ()
    baseline: Path | None = None
    approvals: str = ""
    packs: tuple[Path, ...] = ()
    max_bytes: int = MAX_BYTES
    jobs: int = 0
    notices: list[str] = field(default_factory=list)
    pack: Pack = field(default_factory=Pack)
    found_sites: Sites | None = None

    @property
    def sites(self) -> tuple[SiteEntry, ...]:
        """The sites of ``[[sites]]``, in their order."""
        return self.all_sites.entries

    @property
    def ledger_url(self) -> str:
        """Address of the ledger; see :attr:`qa.site.entries.Sites.ledger_url`."""
        return self.all_sites.ledger_url

    @property
    def all_sites(self) -> Sites:
        """Sites and ledger; none where there is no file."""
        from qa.site.entries import Sites

        return self.found_sites or Sites(base=self.base)

    @property
    def where(self) -> str:
        """Name of the file in messages."""
        return display(self.path) if self.path else "命令行"

    def matcher(self, patterns: Sequence[str]) -> PathMatcher | None:
        """A matcher of globs, ``None`` for none."""
        return PathMatcher(patterns, self.base) if patterns else None

    def chosen(self) -> frozenset[str]:
        """Ids in force where no override says otherwise."""
        if self.select is not None:
            return self.select - self.ignore
        return frozenset(r.id for r in self.names.rules if self.preview or not r.preview) - self.ignore

    def rules(self) -> list[Rule]:
        """The rules of pages that may run on any path at all."""
        wanted = set(self.chosen())
        for override in self.overrides:
            wanted |= override.select or frozenset()
        return [one for one in self.names.rules if isinstance(one, Rule) and one.id in wanted]

    def site_rules(self) -> list[SiteRule]:
        """The rules of sites in force; none where they are not loaded."""
        chosen = self.chosen()
        return [one for one in self.names.rules if not isinstance(one, Rule) and one.id in chosen]

    def active(self, path: str | Path) -> frozenset[str] | None:
        """Ids in force for a path; ``None`` where no override bears on it and all rules run."""
        if not self.overrides:
            return None
        found = self.chosen()
        for override in self.overrides:
            if override.matches(path):
                found = (found if override.select is None else override.select) - override.ignore
        return found

    def all_gates(self) -> Gates:
        """What blocks."""
        by_path = tuple((o.matches, o.gates) for o in self.overrides if o.gates)
        return (
            PathGates(dict(self.gates), self.gate, by_path) if by_path else Gates(dict(self.gates), self.gate)
        )

    def settings(self) -> Settings:
        """What rules may know besides the document.

        Raises:
            ConfigError: last year's report cannot be read.
        """
        return Settings(
            self.pack, self.options, self._previous(), self.today, self.domains, thorough=self.thorough
        )

    def _previous(self) -> Source | None:
        if self.last_year is None:
            return None
        from qa.readers import media_of

        name = display(self.last_year)
        try:
            data = self.last_year.read_bytes()
            source = Source.from_bytes(data, name, media=media_of(name) or "html", path=self.last_year)
        except OSError as error:
            raise ConfigError(f"上年度报告 {name} 无法读取：{cause(error)}") from None
        except UnreadableError as error:
            raise ConfigError(f"上年度报告 {name} 无法读取：{error}") from None
        if not source.text.strip():
            raise ConfigError(f"上年度报告 {name} 是空的")
        return source

    def load_packs(self) -> None:
        """Read the packs and remark on what has no effect.

        Raises:
            ConfigError: a pack that breaks the format.
        """
        self.pack = merge(load_pack(path, self.today, self.notices) for path in self.packs)
        if self.pack.silence:
            tables = [one for one in self.names.rules if isinstance(one, TermRule)]
            known = {entry.term for one in tables for entry in one.table(Settings())}
            self.notices.extend(
                f"词库 silence 中的“{term}”不在任何词表里，没有起作用"
                for term in sorted(self.pack.silence - known)
            )


def find(start: Path) -> Path | None:
    """``shenjiao.toml`` in a folder or above it."""
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        if os.path.isfile(candidate):  # noqa: PTH113 - Path.is_file raises where a folder is out of bounds
            return candidate
    return None


def load(path: Path, names: Names) -> Config:
    """A configuration file, with its packs.

    Raises:
        ConfigError: see :func:`parse`.
    """
    config = parse(read_toml(path), names, path)
    config.load_packs()
    return config


def parse(data: Mapping[str, Any], names: Names, path: Path) -> Config:
    """A configuration from its tables.

    Raises:
        ConfigError: an unknown key, rule, level or pass, or a value of the wrong kind.
    """
    root = Table(data, display(path))
    root.known(TOP_KEYS)
    base = path.parent
    config = Config(names, path, base)
    main = root.table("shenjiao")
    main.known(_MAIN_KEYS)
    if "select" in main.data:
        config.select = names.expand(main.texts("select"), f"{main.where} select")
    config.ignore = names.expand(main.texts("ignore"), f"{main.where} ignore")
    config.preview = main.flag("preview")
    config.thorough = main.flag("thorough")
    if "gate" in main.data:
        config.gate = gate_level(main.text("gate"), f"{main.where} gate")
    config.format = main.text("format")
    config.exclude = main.texts("exclude")
    config.include = main.texts("include")
    config.links = main.flag("links")
    config.today = main.day("today")
    config.domains = main.texts("domains")
    config.packs = tuple(base / name for name in main.texts("packs"))
    config.max_bytes = main.number("max-size", MAX_BYTES // 1048576, 1) * 1048576
    config.jobs = main.number("jobs", 0)
    if main.text("last-year"):
        config.last_year = base / main.text("last-year")
    if main.text("baseline"):
        config.baseline = base / main.text("baseline")
    hook = root.table("hook")
    hook.known(("approvals",))
    if hook.text("approvals"):
        config.approvals = _approvals(hook, base)
    config.gates = _gates(root.table("gates"))
    levels = root.table("levels")
    for name in levels.data:
        level = gate_level(levels.text(name), f"{levels.where} {name}")
        if level is None:
            raise ConfigError(f"{levels.where}：“{name}”不能设为 none，要停用规则请用 ignore")
        config.levels.update(dict.fromkeys(names.expand([name], levels.where), level))
    options = root.table("rules")
    for name in options.data:
        table = options.table(name)
        identifier = names.rule(name)
        if identifier is None:
            raise ConfigError(f"{options.where}：没有名为“{name}”的规则{names.near(name)}")
        allowed = names.options(identifier)
        if table.data and not allowed:
            raise ConfigError(f"{table.where}：这条规则没有可设的选项")
        table.known(allowed)
        config.options[identifier] = dict(table.data)
    config.overrides = tuple(_override(table, names, base) for table in root.tables("overrides"))
    if "sites" in data or "ledger" in data:
        from qa.site.entries import parse_sites

        config.found_sites = parse_sites(root, base)
    return config


def _gates(table: Table) -> dict[Pass, Level | None]:
    return {
        gate_pass(name, table.where): gate_level(table.text(name), f"{table.where} {name}")
        for name in table.data
    }


def _approvals(hook: Table, base: Path) -> str:
    place = hook.text("approvals")
    if not is_database(place):
        return str(base / place)
    from qa.site.entries import ledger_address

    return ledger_address(place, base, f"{hook.where} approvals")


def _override(table: Table, names: Names, base: Path) -> Override:
    table.known(("paths", "select", "ignore", "gates", "gate"))
    paths = table.texts("paths")
    if not paths:
        raise ConfigError(f"{table.where}：缺少 paths（对哪些路径生效）")
    select = names.expand(table.texts("select"), f"{table.where} select") if "select" in table.data else None
    gates: dict[Pass, Level | None] = {}
    if "gate" in table.data:
        gates = dict.fromkeys(Pass, gate_level(table.text("gate"), f"{table.where} gate"))
    gates |= _gates(table.table("gates"))
    ignore = names.expand(table.texts("ignore"), f"{table.where} ignore")
    return Override(PathMatcher(paths, base), select, ignore, gates)
