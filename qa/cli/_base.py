"""What all commands share: Chinese help and errors, and the way from options to a checker."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qa import __version__

if TYPE_CHECKING:
    from qa.config import Config, Names
    from qa.files import Input
    from qa.pool import Checker
    from qa.rule import Rule

VERSION_TEXT = f"审校 {__version__}"
_CJK = re.compile("[\u4e00-\u9fff]")
_WIDTH = 96
_MOST_MEGABYTES = 1 << 40
_COLUMN = 30

F = TypeVar("F", bound=Callable[..., Any])


class CliError(Exception):
    """Ends the command with a Chinese message and an exit code."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def complain(message: str) -> None:
    """A message on standard error."""
    click.echo(f"错误：{message}", err=True)


def remark(message: str) -> None:
    """A remark on standard error."""
    click.echo(f"提示：{message}", err=True)


# --- help and usage errors in Chinese --------------------------------------------------------------


def _wide(char: str) -> int:
    import unicodedata

    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cells(text: str) -> int:
    """Width of a text in terminal cells."""
    return sum(map(_wide, text))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells; marks that may not begin a line stay with the line before."""
    lines, line, used = [], "", 0
    for piece in re.findall(r"[!-~]+|.", text.strip()):
        size = cells(piece)
        if used + size > width and line and piece not in "，。、；：？！）》”… ":
            lines.append(line.rstrip())
            line, used = "", 0
        line += piece
        used += size
    return [*lines, line.rstrip()] if line else lines


def _table(rows: Iterable[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    for name, words in rows:
        lines = wrap(words, _WIDTH - _COLUMN) or [""]
        if cells(name) + 4 > _COLUMN:
            formatter.write(f"  {name}\n")
        else:
            pad = " " * (_COLUMN - 2 - cells(name))
            formatter.write(f"  {name}{pad}{lines.pop(0)}\n")
        for line in lines:
            formatter.write(" " * _COLUMN + line + "\n")


class Command(click.Command):
    """A command whose help is Chinese throughout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示帮助并退出"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(f"用法：{ctx.command_path} {' '.join(self.collect_usage_pieces(ctx))}\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for line in (self.help or "").splitlines():
            formatter.write("".join(f"\n  {part}" for part in wrap(line.strip(), _WIDTH)) or "\n")
        formatter.write("\n")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments are explained in the help text."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)
        ]
        formatter.write("\n选项：\n")
        _table([record for record in records if record], formatter)


class Group(Command, click.Group):
    """A group of commands, imported when they are asked for."""

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "命令 …")
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}
        self.command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy:
            command: click.Command = getattr(importlib.import_module(self.lazy[cmd_name][0]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx):
            from qa.config import suggest

            ctx.fail(f"没有“{name}”这个命令{suggest(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        formatter.write("\n命令：\n")
        rows = []
        for name in self.list_commands(ctx):
            summary = self.lazy[name][1] if name in self.lazy else self.commands[name].get_short_help_str(80)
            rows.append((name, summary))
        _table(rows, formatter)


def _hint(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return (
        max(param.opts, key=len) if isinstance(param, click.Option) else (param.metavar or param.name or "")
    )


def explain_usage(error: click.UsageError) -> str:
    """A usage error in Chinese, with the way to the help."""
    help_line = f"\n用 {error.ctx.command_path} --help 查看用法" if error.ctx else ""
    return _usage_words(error) + help_line


def _usage_words(error: click.UsageError) -> str:
    words = error.message
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {error.possibilities[0]}？" if error.possibilities else ""
        return f"没有“{error.option_name}”这个选项{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {_hint(error.param)}"
    if isinstance(error, click.BadParameter):
        detail = words if _CJK.search(words) else "值不合法"
        return f"{_hint(error.param)}：{detail}" if error.param else detail
    if isinstance(error, click.BadOptionUsage):
        need = "不带值" if "not take" in words else "后面要写一个值"
        return f"选项 {error.option_name} {need}"
    if _CJK.search(words):
        return words
    extra = re.search(r"\((.*)\)", words)
    return f"多余的参数：{extra.group(1)}" if extra else "用法不对"


# --- options to a checker ------------------------------------------------------------------------


@dataclass(frozen=True)
class Options:
    """What the options shared by ``check``, ``fix`` and ``hook`` say; picklable for workers."""

    config: str = ""
    no_config: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    thorough: bool = False
    gate: tuple[str, ...] = ()
    max_size: float | None = None
    today: str = ""
    last_year: str = ""
    start: str = "."
    keep: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


def engine_options(function: F) -> F:
    """The options every checking command has; they arrive as one :class:`Options`."""

    def wrapped(**values: Any) -> Any:
        shared = Options(
            config=values.pop("config") or "",
            no_config=values.pop("no_config"),
            select=values.pop("select"),
            ignore=values.pop("ignore"),
            preview=values.pop("preview"),
            thorough=values.pop("thorough"),
            max_size=values.pop("max_size"),
            today=values.pop("today") or "",
        )
        return function(options=shared, **values)

    wrapped.__doc__ = function.__doc__
    wrapped.__name__ = function.__name__
    wrapped.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    decorators = [
        click.option("--config", metavar="FILE", help="配置文件；默认从被查路径向上找 shenjiao.toml"),
        click.option("--no-config", is_flag=True, help="不读配置文件"),
        click.option(
            "--select",
            metavar="RULE",
            multiple=True,
            help="只用这些规则：编号、类别、环节（proof1）或级别，可用逗号隔开",
        ),
        click.option("--ignore", metavar="RULE", multiple=True, help="不用这些规则，写法同上"),
        click.option("--preview", is_flag=True, help="也用试行规则"),
        click.option("--thorough", is_flag=True, help="把握不大的错别字也列为提示，供逐字校对"),
        click.option("--max-size", metavar="MB", type=float, help="单个文件的大小上限，默认 64 MB"),
        click.option(
            "--today", metavar="DATE", help="按哪一天判断（如 2025-03-01 或 today）；默认不作与日期有关的判断"
        ),
    ]
    for decorate in reversed(decorators):
        decorate(wrapped)
    return wrapped  # type: ignore[return-value]


@dataclass
class Session:
    """Configuration, names and rules of one command."""

    options: Options
    names: Names
    config: Config

    @property
    def rules(self) -> list[Rule]:
        """The rules that may run on a document; those of ``recheck`` compare two."""
        from qa.drift_rules import FAMILY

        return [one for one in self.config.rules() if one.family != FAMILY]


def all_names(*, site: bool = False) -> Names:
    """Every rule there is, those about suppression comments and of ``recheck`` included.

    Args:
        site: load the rules of sites too; otherwise only their ids are known.
    """
    import gc

    import rules
    from qa.config import Names
    from qa.drift_rules import RULES as RECHECK
    from qa.rule import RuleError
    from qa.suppress import RULES

    # Tens of thousands of table entries that live to the end: collecting while they load is wasted.
    gc.disable()
    try:
        loaded = (*rules.load(), *RULES, *RECHECK)
        if site:
            return Names((*loaded, *rules.load_site()))
        unloaded = [one for one in rules.identifiers() if one.startswith(rules.SITE)]
        return Names(loaded, unloaded, rules.load_site)
    except RuleError as error:
        raise CliError(f"规则库载入失败：{error}", 3) from None


def start_folder(paths: Sequence[str]) -> str:
    """Where the search for a configuration starts: the first path, or the current folder."""
    from qa.files import is_url

    for path in paths:
        if path != "-" and not is_url(path):
            # os.path, unlike Path.is_dir, is silent about names too long and folders out of bounds;
            # what is wrong with them is said when they are collected.
            return path if os.path.isdir(path) else os.path.dirname(path) or "."  # noqa: PTH112, PTH120
    return "."


def session(options: Options, *, site: bool = False) -> Session:
    """Read the configuration and apply the options on top of it; ``site``: see :func:`all_names`."""
    from qa import config as configuration
    from qa.files import split_names

    names = all_names(site=site)
    try:
        if options.no_config and options.config:
            raise CliError("--config 与 --no-config 不能同时使用")
        path = Path(options.config) if options.config else None
        if path is None and not options.no_config:
            path = configuration.find(Path(os.path.realpath(options.start)))
        config = configuration.load(path, names) if path else configuration.Config(names)
        if options.select:
            config.select = names.expand(split_names(options.select), "--select")
            config.ignore = frozenset()
            config.overrides = tuple(o for o in config.overrides if o.select is None)
        config.ignore |= names.expand(split_names(options.ignore), "--ignore")
        config.preview = config.preview or options.preview
        config.thorough = config.thorough or options.thorough
        for gate in options.gate:
            _gate(config, gate)
        if options.max_size is not None:
            if not options.max_size > 0:
                raise CliError("--max-size 应为大于 0 的数")
            config.max_bytes = int(min(options.max_size, _MOST_MEGABYTES) * 1048576)
        if options.today:
            config.today = _today(options.today)
        if options.last_year:
            config.last_year = Path(options.last_year)
        made = Session(options, names, config)
        if not (made.rules or config.site_rules()):
            raise CliError("选用（select）与停用（ignore）之后一条规则也不剩，检查没有意义")
    except configuration.ConfigError as error:
        raise CliError(str(error)) from None
    return made


def _gate(config: Config, word: str) -> None:
    from qa.config import gate_level, gate_pass

    left, equals, right = word.partition("=")
    if equals:
        config.gates[gate_pass(left, "--gate")] = gate_level(right, "--gate")
    else:
        config.gate = gate_level(word, "--gate")
        config.gates = {}


def _today(word: str) -> Any:
    from datetime import date

    from qa.config import as_date

    if word in ("today", "今天"):
        return date.today()  # noqa: DTZ011 - the editor's own day is meant
    found = as_date(word)
    if found is None:
        raise CliError(f"--today：“{word}”不是日期，应写作 2025-03-01")
    return found


def checker(current: Session) -> Checker:
    """An engine with the rules of a session, ready to check."""
    import gc

    from qa.config import ConfigError
    from qa.engine import Engine
    from qa.pool import Checker
    from qa.rule import RuleError
    from qa.suppress import Suppressor

    config = current.config
    try:
        engine = Engine(current.rules, config.settings(), levels=config.levels)
    except ConfigError as error:
        raise CliError(str(error)) from None
    except RuleError as error:
        raise CliError(f"规则词表有误：{error}") from None
    finally:
        gc.freeze()
        gc.enable()

    def active(item: Input) -> frozenset[str] | None:
        return config.active(item.path or item.name)

    return Checker(
        engine,
        active,
        Suppressor(current.names, config.levels),
        config.max_bytes,
        current.options.keep,
        current.options.extra.get("links"),
        current.options.extra.get("note"),
    )


_ready: list[Checker] = []


def share(made: Checker) -> None:
    """Let forked workers inherit this checker."""
    _ready[:] = [made]


def _rebuild(options: Options, *, site: bool) -> Checker:
    return _ready[0] if _ready else checker(session(options, site=site))


def builder(options: Options, *, site: bool = False) -> Callable[[], Checker]:
    """What workers call to get their checker; picklable."""
    return partial(_rebuild, options, site=site)


def fetch(item: Input, limit: int) -> Input:
    """An address as an input with its page's data; anything else as it is."""
    from dataclasses import replace

    if item.url is None:
        return item
    from crawler.fetch import Limits, fetch_page

    page = fetch_page(item.url, limits=Limits(bytes=limit))
    if page.failure is not None:
        return replace(item, problem=page.failure.message)
    media = {"text/plain": "text", "text/markdown": "markdown"}.get(page.content_type, "html")
    return replace(item, url=page.final_url or item.url, data=page.body, charset=page.charset, media=media)


def emit(data: bytes) -> None:
    """Bytes on standard output.

    Raises:
        CliError: whoever reads it has gone.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # Keep the interpreter from complaining on its way out. Left to click, this would exit with 1.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise CliError("读取输出的程序已经退出，报告没有写完", 141) from None
        from qa.files import cause

        raise CliError(f"输出没有写完：{cause(error)}", 3) from None


def emit_text(text: str) -> None:
    """Text on standard output, in its own encoding."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    emit(text.encode(encoding, "replace"))
