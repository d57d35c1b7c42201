"""Pages that are one and the same under several addresses, and what makes two of them so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from qa.site.model import Site

_HOSTS = re.compile(r"\A(?:www|m|wap|3g|mobile|h5)\.", re.IGNORECASE)
_VERSIONS = re.compile(r"/(?:m|wap|mobile|h5|3g|print|phone|wza|ipv6)(?=/)", re.IGNORECASE)
_PRINT = re.compile(
    r"(?:print|wap|mobile|from|source|isappinstalled|plg_\w+|t|v|_t|rand(?:om)?|timestamp)=", re.IGNORECASE
)
_INDEX = re.compile(r"/(?:index|default)\.\w+\Z", re.IGNORECASE)
_ENDING = re.compile(r"(?:_(?:m|wap|print|mobile))?\.[a-z]{3,5}\Z", re.IGNORECASE)


class Twin(NamedTuple):
    """One of several addresses: id, address, title, hash of the text, hash of the body."""

    url_id: int
    url: str
    title: str
    text_hash: str
    digest: str


def plain_address(url: str) -> str:
    """An address as all versions of a page share it: mobile, printing, with or without slash, upper or lower case."""
    parts = urlsplit(url)
    path = _ENDING.sub("", _INDEX.sub("/", _VERSIONS.sub("", parts.path)).rstrip("/"))
    query = "&".join(sorted(part for part in parts.query.split("&") if part and not _PRINT.match(part)))
    return f"{_HOSTS.sub('', parts.netloc)}{path}?{query}".lower()


def twins(site: Site, group: str, where: str) -> Iterator[list[Twin]]:
    """Groups of two live pages and more, each in order of depth and address.

    Args:
        site: the run.
        group: expression in SQL over ``live`` that members of a group share.
        where: condition over ``live``.
    """
    shared = f"SELECT {group} FROM live l WHERE {where} GROUP BY 1 HAVING count(*) > 1"
    rows = site.rows(
        "SELECT json_group_array(json_array(l.url_id, l.url, l.title, l.text_hash, hex(c.digest)))"
        f" FROM live l JOIN content c ON c.id = l.content_id WHERE {where} AND {group} IN ({shared})"
        f" GROUP BY {group} ORDER BY min(l.url)"
    )
    for (found,) in rows:
        yield sorted((Twin(*item) for item in json.loads(found)), key=lambda twin: (len(twin.url), twin.url))


def same_page(members: Sequence[Twin]) -> Iterator[list[Twin]]:
    """Members that show the same: equal bodies, or equal texts."""
    alike: dict[str, list[int]] = {}
    for at, twin in enumerate(members):
        for sign in {twin.digest, twin.text_hash} - {""}:
            alike.setdefault(sign, []).append(at)
    taken: set[int] = set()
    for at, twin in enumerate(members):
        if at in taken:
            continue
        equal = {at, *alike.get(twin.digest, ()), *alike.get(twin.text_hash, ())} - taken
        taken |= equal
        if len(equal) > 1:
            yield [members[one] for one in sorted(equal)]


def ids(members: Iterable[Twin]) -> list[int]:
    """Ids of the addresses."""
    return [twin.url_id for twin in members]


def common_start(a: str, b: str) -> int:
    """How many characters two strings begin with alike."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
