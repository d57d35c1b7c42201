"""The command line: ``shenjiao``. Thin; each command lives in its own module, imported when asked for.

Exit codes: 0 clean, 1 findings at or above the gate, 2 wrong usage or configuration, 3 something
could not be checked.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from qa.cli._base import VERSION_TEXT, CliError, Group, complain, explain_usage

COMMANDS = {
    "check": ("qa.cli.check", "检查文件、文件夹、标准输入或网页"),
    "fix": ("qa.cli.fix", "改正有把握的问题，先看差异再写入"),
    "crawl": ("qa.cli.crawl", "抓取整个网站，记下事实和快照"),
    "judge": ("qa.cli.judge", "对已抓取的网站离线判定，重出报告"),
    "health": ("qa.cli.health", "网站体检：抓取、判定、出报告"),
    "recheck": ("qa.cli.recheck", "读网复查：已审稿件上线后是否走样"),
    "schedule": ("qa.cli.schedule", "每晚自动体检：生成定时任务，或在前台定时运行"),
    "ledger": ("qa.cli.ledger", "问题台账：查询、改状态、升级库表"),
    "rules": ("qa.cli.rules", "列出规则"),
    "explain": ("qa.cli.rules", "说明一条规则：理由、依据、例子"),
    "init": ("qa.cli.init", "生成配置文件和本站词库样例"),
    "hook": ("qa.cli.hook", "Git 提交前检查：安装、卸载、运行"),
    "catalogue": ("qa.cli.rules", "重新生成规则目录 rules/catalogue.md"),
}
"""Module and summary of every command; the command is the module's attribute of that name."""


@click.group(
    cls=Group,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.option("--version", is_flag=True, help="显示版本并退出")
@click.pass_context
def cli(context: click.Context, version: bool) -> int:
    """审校：政务网站发布前内容质检，离线运行，逐条引用标准。

    退出码：0 通过，1 有达到阻断级别的问题，2 用法或配置有误，3 有内容未能检查。
    """
    if version:
        click.echo(VERSION_TEXT)
        return 0
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        return 2
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the console script."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller (">&-"): as good as /dev/null
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        result = cli.main(
            list(argv) if argv is not None else None, prog_name="shenjiao", standalone_mode=False
        )
    except click.UsageError as error:
        complain(explain_usage(error))
        return 2
    except click.ClickException as error:
        complain(error.format_message())
        return 2
    except CliError as problem:
        complain(str(problem))
        return problem.code
    except (click.Abort, KeyboardInterrupt):
        complain("已中断，检查没有完成")
        return 130
    except Exception as error:  # noqa: BLE001 - a crash must not look like "findings" (1)
        import traceback

        traceback.print_exc()
        complain(f"程序内部出错，检查没有完成：{type(error).__name__}：{error}")
        return 3
    finally:
        gc.enable()
    return result if isinstance(result, int) else 0
