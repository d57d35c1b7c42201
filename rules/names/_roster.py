"""The site pack's roster of officials; nothing is built in."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from qa.document import Document
from qa.patterns import lazy
from qa.rule import Official, Settings
from rules.names._dates import document_date

ROLES = "书记|市长|县长|区长|镇长|乡长|省长|州长|盟长|旗长|主任|局长|厅长|部长|主席|秘书长|院长|检察长|政委|司令员|常委|巡视员|调研员|处长|科长"
ROLE_LEFT = lazy(rf"(?P<body>[一-鿿]{{0,6}}?)(?P<role>(?:常务)?副?(?:{ROLES}))(?:、|兼|（[^（）]*）)?\s*$")
ROLE_RIGHT = lazy(rf"\s*(?:同志|(?:常务)?副?(?:{ROLES}))")


def day_of(document: Document, settings: Settings) -> date | None:
    """The day to judge by: the document's, else today where given."""
    return document_date(document) or settings.today


def in_force(official: Official, day: date | None) -> bool:
    """Whether a line of the roster holds on a day; without a day, whether it is open-ended."""
    if day is None:
        return official.until is None
    return (official.since is None or official.since <= day) and (
        official.until is None or day <= official.until
    )


def by_name(settings: Settings) -> dict[str, list[Official]]:
    """Lines of the roster by name; an official may have several, one after another."""
    found: defaultdict[str, list[Official]] = defaultdict(list)
    for official in settings.pack.officials:
        if len(official.name) > 1:
            found[official.name].append(official)
    return dict(found)


def parts(official: Official) -> list[str]:
    """The posts in a title: 市委副书记、市长 → 市委副书记, 市长."""
    return [part for part in re.split(r"[、，,；;\s]+", official.title) if part]


def holds(post: str, role: str) -> bool:
    """Whether a post is of that role: 市委副书记 is no 书记, 常务副市长 is a 副市长."""
    if not post.endswith(role):
        return False
    return role.removeprefix("常务").startswith("副") or not post[: -len(role)].endswith("副")
