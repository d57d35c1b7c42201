"""``shenjiao rules``, ``explain`` and ``catalogue``."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli._base import CliError, Command, all_names, cells, complain, emit_text
from qa.drift_rules import FAMILY
from qa.finding import Level, Pass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa.config import Names
    from qa.rule import Bad, Good, Rule
    from qa.site.model import Reply, SiteExample, SiteRule


def _precision(one: Rule | SiteRule) -> str:
    import rules

    found = rules.precision().get(one.id)
    if found is None:
        return "尚未实测"
    if found.share is None:
        return f"样本中没有命中（共 {found.hits} 处）" if found.hits else "样本中没有命中"
    return f"{found.share:.0%}（核对 {found.checked} 处，属实 {found.right} 处）"


def _basis(one: Rule | SiteRule) -> str:
    clause = one.basis
    standard = clause.standard
    title = f"《{standard.title}》" if standard.code and standard.code != standard.title else ""
    return f"{clause.cite}{title}［{clause.trust.value}］"


_LONG, _AROUND, _SHOWN = 400, 80, 3
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_BODY_TAG = re.compile(r"<body[^>]*>")
_PAGES, _BODY = 6, 120
"""Of a site in an example: pages shown, and characters of each."""


def excerpt(text: str) -> str:
    """An example for people: of a long one what stands around its first mark, or its beginning."""
    if len(text) <= _LONG:
        return text
    low = max(0, text.find("⟦") - _AROUND)
    high = max(low + _LONG, text.find("⟧", low) + _AROUND)
    return ("…" if low else "") + text[low:high] + ("…" if high < len(text) else "")


def site_words(example: SiteExample) -> str:
    """An example of a rule of sites for people: its pages, one a line, and what is told of them."""
    lines = [f"网站：{example.home}（{example.today}）", *_pages(example.pages)]
    if example.before is not None:
        day, pages = example.before
        lines += [f"上次（{day}）：", *_pages(pages)]
    lines += [f"{folder} 下不存在的网址　{_reply(reply)}" for folder, reply in example.probes.items()]
    if example.hits:
        lines.append("应报：" + "；".join(f"“{quote}”（{count} 个网页）" for quote, count in example.hits))
    return "\n".join(lines)


def _pages(pages: Mapping[str, str | Reply]) -> Iterator[str]:
    for n, (path, reply) in enumerate(pages.items()):
        if n == _PAGES:
            yield f"……共 {len(pages)} 个网址"
            return
        yield f"{path}　{_reply(reply)}"


def _reply(reply: str | Reply) -> str:
    if isinstance(reply, str):
        title, body = _TITLE.search(reply), _BODY_TAG.search(reply)
        if title is not None and body is not None:  # what every page of a site has in its head tells little
            reply = f"《{title.group(1)}》 {reply[body.end() :]}"
        text = " ".join(reply.split())
        return text if len(text) <= _BODY else text[:_BODY] + "…"
    if reply.to:
        return f"{reply.status} 转到 {reply.to}"
    if reply.failure and not reply.status:
        return f"打不开（{reply.failure}）"
    return f"{reply.status} {_reply(reply.body)}".rstrip()


def _words(example: Bad | Good | SiteExample) -> str:
    from qa.site.model import SiteExample

    return site_words(example) if isinstance(example, SiteExample) else excerpt(example.text)


def _fixed(example: Bad | SiteExample) -> str | None:
    fixed: str | None = getattr(example, "fixed", None)
    return fixed if fixed is not None and len(fixed) <= _LONG else None


def listing(names: Names, family: str | None, pass_: str | None, level: str | None) -> list[Rule | SiteRule]:
    """Rules chosen by family, pass and level.

    Raises:
        ConfigError: an unknown name.
    """
    from qa.config import ConfigError, gate_level, gate_pass, suggest

    chosen = list(names.rules)
    if family:
        families = sorted({one.family for one in chosen})
        wanted = family.removesuffix("/*")
        if wanted not in families:
            hint = suggest(wanted, families)
            raise ConfigError(f"--family：没有“{wanted}”这一类{hint}（可用：{'、'.join(families)}）")
        chosen = [one for one in chosen if one.family == wanted]
    if pass_:
        key = gate_pass(pass_, "--pass")
        chosen = [one for one in chosen if one.passes is key]
    if level:
        grade = gate_level(level, "--level")
        chosen = [one for one in chosen if one.level is grade]
    return chosen


@click.command(cls=Command)
@click.option("--family", metavar="NAME", help="只列一类，如 typo")
@click.option("--pass", "pass_", metavar="PASS", help="只列一个环节，如 proof1 或 一校")
@click.option("--level", metavar="LEVEL", help="只列一个级别")
@click.option("-f", "--format", "format_", metavar="FORMAT", default="text", help="text 或 json")
def rules(family: str | None, pass_: str | None, level: str | None, format_: str) -> int:
    """列出规则。用 shenjiao explain 编号 看一条规则的理由和例子。"""
    from qa.config import ConfigError

    if format_ not in ("text", "json"):
        raise CliError(f"--format：没有“{format_}”这种格式，应为 text 或 json")
    try:
        chosen = listing(all_names(site=True), family, pass_, level)
    except ConfigError as error:
        raise CliError(str(error)) from None
    if format_ == "json":
        emit_text(json.dumps([_record(one) for one in chosen], ensure_ascii=False, indent=1) + "\n")
        return 0
    width = max((len(one.id) for one in chosen), default=0)
    for one in chosen:
        mark = "（试行）" if one.preview else ""
        emit_text(f"{one.id:<{width}}  {one.passes.short}  {_pad(one.level.label, 8)}  {one.title}{mark}\n")
    emit_text(f"共 {len(chosen)} 条\n")
    return 0


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _record(one: Rule | SiteRule) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "family": one.family,
        "pass": one.passes.key,
        "level": one.level.key,
        "confidence": one.confidence.value,
        "basis": one.basis.cite,
        "trust": one.basis.trust.value,
        "preview": one.preview,
        "aliases": list(one.aliases),
        "why": one.why,
    }


@click.command(cls=Command)
@click.argument("name", metavar="RULE")
def explain(name: str) -> int:
    """说明一条规则：找什么、为什么、依据、正反例、实测准确率、怎样忽略。"""
    names = all_names(site=True)
    identifier = names.rule(name)
    if identifier is None:
        raise CliError(f"没有名为“{name}”的规则{names.near(name)}")
    one = next(one for one in names.rules if one.id == identifier)
    emit_text(explanation(one))
    return 0


def explanation(one: Rule | SiteRule) -> str:
    """All that is known of a rule, for a terminal."""
    from qa.rule import Rule

    single = isinstance(one, Rule)
    lines = [
        f"{one.title}",
        f"编号：{one.id}" + (f"（曾用 {'、'.join(one.aliases)}）" if one.aliases else ""),
        f"环节：{one.passes.label}",
        f"级别：{one.level.label}；把握：{one.confidence.label}"
        + ("；试行，须用 --preview 启用" if one.preview else ""),
        f"依据：{_basis(one)}" + (f" {one.basis.url}" if one.basis.url else ""),
        f"实测准确率：{_precision(one)}",
        "",
        "为什么",
        *(f"  {line}" for line in one.why.splitlines()),
        "",
        "会报的例子（⟦⟧ 内是命中处）" if single else "会报的例子",
    ]
    for bad in one.bad:
        lines += _example("  ✗ ", _words(bad))
        if (fixed := _fixed(bad)) is not None:
            lines += _example("  → ", fixed)
    lines += ["", "不报的例子"]
    for good in one.good:
        lines += _example("  ✓ ", _words(good))
    if one.family == FAMILY:  # what was approved is beyond comments and configuration
        return "\n".join(lines) + "\n"
    lines += [
        "",
        "怎样忽略",
        *([f"  文中一处：<!-- 审校忽略 {one.id}：写明理由 -->"] if single else []),
        f'  整个网站：在 shenjiao.toml 的 [shenjiao] 中写 ignore = ["{one.id}"]',
    ]
    return "\n".join(lines) + "\n"


def _example(mark: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [mark + first, *(f"    {line}" for line in rest)]


@click.command(cls=Command)
@click.option("--check", "only_check", is_flag=True, help="只看是否过期，不写入")
@click.option("-o", "--output", metavar="FILE", help="写到别处")
def catalogue(only_check: bool, output: str | None) -> int:
    """重新生成规则目录 rules/catalogue.md。"""
    import rules as package
    from qa.files import cause, display, write_atomic

    path = Path(output) if output else Path(package.__file__).parent / "catalogue.md"
    data = catalogue_text([*package.load(), *package.load_site()]).encode("utf-8")
    try:
        if only_check:
            if path.read_bytes() == data:
                return 0
            complain(f"{display(path)} 已过期，请运行 shenjiao catalogue")
            return 1
        write_atomic(path, data)
    except OSError as error:
        raise CliError(f"{display(path)}：{cause(error)}") from None
    click.echo(f"已写入 {display(path)}")
    return 0


def _code(text: str) -> str:
    """An example as a fenced block, whatever it holds."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}\n"


def catalogue_text(chosen: Sequence[Rule | SiteRule]) -> str:
    """The catalogue of rules as Markdown: by pass, by family, then by id."""
    levels = Counter(one.level for one in chosen)
    summary = "、".join(f"{level.label} {levels[level]}" for level in sorted(Level, reverse=True))
    out = [
        "# 规则目录\n",
        "由 `shenjiao catalogue` 生成，请勿手改。\n",
        f"共 {len(chosen)} 条：{summary}。\n",
        "| 环节 | 类别 | 条数 |\n|---|---|---|",
    ]
    groups: dict[tuple[Pass, str], list[Rule | SiteRule]] = {}
    for pass_ in Pass:
        for one in sorted(chosen, key=lambda one: one.id):
            if one.passes is pass_:
                groups.setdefault((pass_, one.family), []).append(one)
    out += [f"| {pass_.label} | {family} | {len(items)} |" for (pass_, family), items in groups.items()]
    last = None
    for (pass_, family), items in groups.items():
        if pass_ is not last:
            out.append(f"\n## {pass_.label}")
            last = pass_
        out.append(f"\n### {family}（{len(items)} 条）\n")
        out += [_section(one) for one in items]
    return "\n".join(out).rstrip("\n") + "\n"


def _section(one: Rule | SiteRule) -> str:
    marks = [one.level.label, f"把握{one.confidence.label}"]
    if one.preview:
        marks.append("试行")
    parts = [
        f"#### {one.title}\n",
        f"`{one.id}` · {' · '.join(marks)}\n",
        f"- 依据：{_basis(one)}",
        f"- 实测准确率：{_precision(one)}",
    ]
    if one.score_item:
        parts.append(f"- 检查指标：{one.score_item}")
    parts.append(f"\n{one.why}\n")
    for bad in one.bad[:_SHOWN]:
        parts.append("会报：\n\n" + _code(_words(bad)))
        if (fixed := _fixed(bad)) is not None:
            parts.append("改为：\n\n" + _code(fixed))
    parts.append("不报：\n\n" + _code("\n".join(map(_words, one.good[:_SHOWN]))))
    more = len(one.bad) + len(one.good) - len(one.bad[:_SHOWN]) - len(one.good[:_SHOWN])
    if more:
        parts.append(f"另有 {more} 例，见 `shenjiao explain {one.id}`。\n")
    return "\n".join(parts)
