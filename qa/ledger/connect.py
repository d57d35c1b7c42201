"""The two databases: addresses, connections, causes of failure in Chinese, and versions of the schema."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from qa.files import cause, display
from qa.ledger.shapes import LedgerError
from qa.ledger.tables import HEAD, VERSION_TABLE, metadata

_SQLITE = "sqlite:///"
_BUSY_MS = 60_000
_CONNECT_S = 10
_LOCK = 0x5348454E4A49414F  # "SHENJIAO": advisory lock while tables are made or changed


class Database:
    """One database: where it is, in words without a password, and how to reach it.

    Raises:
        LedgerError: the address is none, or the driver is missing.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self.sqlite = address.get_backend_name() == "sqlite"
        self._secrets = [str(word) for word in (address.password, address.query.get("password")) if word]
        if self.sqlite:
            self.path: Path | None = Path(str(address.database))
            self.where = f"台账“{display(self.path)}”"
            self.engine = self._sqlite(address, self.path)
        else:
            self.path = None
            host = f"{address.host or '本机'}{f':{address.port}' if address.port else ''}"
            self.where = f"台账（PostgreSQL，{host}，库 {address.database or '未写明'}）"
            self.engine = self._postgresql(address)

    def _sqlite(self, address: URL, path: Path) -> Engine:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{self.where}所在的文件夹不能建立：{cause(error)}") from None
        # A file is opened in no time; without a pool nothing keeps it open.
        engine = create_engine(
            address, poolclass=NullPool, json_serializer=_json, connect_args={"timeout": _BUSY_MS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgresql(self, address: URL) -> Engine:
        query = {"connect_timeout": str(_CONNECT_S), "application_name": "shenjiao", **address.query}
        address = address.set(drivername="postgresql+psycopg", query=query)
        try:
            return create_engine(
                address, pool_size=2, pool_pre_ping=True, client_encoding="utf8", json_serializer=_json
            )
        except (ImportError, NoSuchModuleError):
            raise LedgerError(
                f"{self.where}需要 PostgreSQL 驱动，请先安装：pip install 'shenjiao[postgresql]'"
            ) from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads one state of the ledger; long results are streamed."""
        with self._connected({"stream_results": True, "yield_per": 500}) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in one transaction: all is kept or nothing."""
        with self._connected({"write": True}) as connection, connection.begin():
            yield connection

    @contextmanager
    def _connected(self, options: dict[str, Any]) -> Iterator[Connection]:
        try:
            with self.engine.execution_options(**options).connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise LedgerError(f"{self.where}{self._cause(error)}") from None

    def _cause(self, error: SQLAlchemyError) -> str:
        root = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        words = str(root).strip()
        for secret in self._secrets:
            words = words.replace(secret, "***")
        table = _SQLITE_CAUSES if self.sqlite else _POSTGRESQL_CAUSES
        for pattern, cause_words in table:
            if re.search(pattern, words):
                return cause_words
        first = words.splitlines()[0] if words else type(root).__name__
        return f"读写出错：{first}"

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def version(self, connection: Connection) -> str | None:
        """Revision of the schema; ``None`` where there are no tables yet.

        Raises:
            LedgerError: tables of the same names that are not ours.
        """
        inspector = inspect(connection)
        if inspector.has_table(VERSION_TABLE):
            found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
            return found
        names = set(inspector.get_table_names())
        if (self.sqlite and names) or names & set(metadata.tables):
            raise LedgerError(f"{self.where}里已有别的数据，不是审校的台账，请另建一个库")
        return None

    def ensure(self, *, upgrade: bool) -> str | None:
        """Make the tables of a new ledger, and check those of an old one.

        Returns:
            The revision found before; ``None`` where there was none.

        Raises:
            LedgerError: an older ledger that was not to be upgraded, or a newer one.
        """
        with self._connected({}) as connection:
            found = self.version(connection)
        if found == HEAD:
            return found
        if found is not None:
            self._refuse(found, upgrade=upgrade)
        with self.writing() as connection:
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            migrate(connection, HEAD)
        return found

    def _refuse(self, found: str, *, upgrade: bool) -> None:
        if not re.fullmatch(r"\d{4}", found) or found > HEAD:
            raise LedgerError(
                f"{self.where}由更新的审校建立（版本 {found}，本程序只认到 {HEAD}），请升级审校"
            )
        if not upgrade:
            raise LedgerError(
                f"{self.where}的库表是旧版本（{found}，现为 {HEAD}），请先备份，再运行 shenjiao ledger upgrade"
            )


def _address(url: str) -> URL:
    if url.startswith(_SQLITE):
        path = url.removeprefix(_SQLITE)
        if not path or path == ":memory:" or path.startswith("file:"):
            raise LedgerError("台账地址缺少文件路径，应写作 sqlite:///文件路径")
        return URL.create("sqlite", database=path)
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in ("postgresql", "postgres"):
        raise LedgerError("台账地址应写作 sqlite:///文件路径 或 postgresql://用户@主机/库名")
    return address


def _json(value: Any) -> str:
    """JSON that people can read in the database; what cannot be encoded is no reason to fail."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions begin late and unlocked; ours begin in _begin_sqlite.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def migrate(connection: Connection, revision: str) -> None:
    """Bring the schema to a revision, up or down, in the connection's own transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    known = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    tables = inspect(connection).has_table(VERSION_TABLE)
    at = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) if tables else None
    down = at is not None and revision in known[known.index(at) + 1 :]
    (command.downgrade if down else command.upgrade)(config, revision)


_SQLITE_CAUSES = (
    ("database is locked", "正被别的程序占用，请稍后再试"),
    ("unable to open", "打不开，请检查路径和权限"),
    ("readonly|read-only", "没有写入权限"),
    ("not a database|malformed", "不是 SQLite 数据库，或者文件已损坏"),
    ("disk is full", "写不下了：磁盘空间不足"),
    ("disk I/O error", "读写失败：磁盘出错"),
)
_POSTGRESQL_CAUSES = (
    ("password authentication failed|no password supplied", "登录失败，请检查用户名和密码"),
    ("no pg_hba.conf entry|authentication failed", "登录被服务器拒绝，请检查用户和访问许可"),
    ('role ".*" does not exist', "登录失败：没有这个用户"),
    ('database ".*" does not exist', "不存在，请先在服务器上建库"),
    ("permission denied", "没有足够的权限，请为用户授予建表和读写权限"),
    ("too many clients|remaining connection slots", "连接数已满，请稍后再试"),
    ("starting up|shutting down|terminating connection", "的服务器正在启动或关闭，请稍后再试"),
    (
        "refused|time(d )?out|translate host|resolve host|unreachable|No such file|closed|connection failed|lost",
        "的服务器没有应答，请检查地址、端口和网络",
    ),
    ("disk full|No space left", "写不下了：服务器磁盘空间不足"),
)
