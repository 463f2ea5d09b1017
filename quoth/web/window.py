"""The part of the list of documents that is in sight: of ten thousand, a hundred rows are made."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from index import DocumentInfo, Filter
from index.store.records import Named
from qa.access.view import View
from quoth.web.events import texts_of, whole_of
from quoth.web.listing import Group

# Rows that are made when nothing else is asked for, and at the most.
ROWS, MOST_ROWS = 120, 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page wants to see of the list: what was typed, the filters, and the place of the first row."""

    words: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    folded: frozenset[str] = frozenset()
    start: int = 0
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class ListWindow:
    """Rows of the list from its row `start` on, which is less than was wanted where the list is shorter.

    `length`: the rows of the whole list, those of the groups with them. `found`: the documents that fit what
    was typed, folded ones with them. `total` and `collections`: of all documents.
    """

    wanted: Wanted
    start: int
    rows: tuple[Group | DocumentInfo, ...]
    length: int
    found: int
    total: int
    collections: frozenset[str]

    @classmethod
    def of(cls, service: View, wanted: Wanted) -> Self:
        """Looks at the names of all documents, and at everything of those alone that are in sight."""
        named = service.names()
        chosen = service.names(Filter(metadata=dict(wanted.metadata))) if wanted.metadata else named
        collections = frozenset(one.collection for one in named)
        words = wanted.words.strip().casefold()
        found = [one for one in chosen if words in one.name.casefold()] if words else chosen
        listed = list(_in_groups(found, wanted.folded) if len(collections) > 1 else found)
        start = max(0, min(wanted.start, len(listed) - wanted.rows))
        rows = _whole(service, listed[start : start + wanted.rows])
        return cls(wanted, start, rows, len(listed), len(found), len(named), collections)


def wanted_of(request: Mapping[str, Any]) -> Wanted:
    """What the page's script sent, as far as it can be used."""
    metadata = request.get("metadata")
    pairs = metadata.items() if isinstance(metadata, dict) else ()
    return Wanted(
        str(request.get("wanted", "")),
        tuple((str(key), str(value)) for key, value in pairs),
        frozenset(texts_of(request, "folded")),
        whole_of(request, "start", 0),
        min(whole_of(request, "rows", ROWS), MOST_ROWS),
    )


def _in_groups(found: Sequence[Named], folded: frozenset[str]) -> Iterator[Group | Named]:
    """Collection by collection, a row for each before its documents."""
    groups = Counter(one.collection for one in found)
    apart: dict[str, list[Named]] = {collection: [] for collection in groups}
    for one in found:
        apart[one.collection].append(one)
    for collection in sorted(groups):
        yield Group(collection, groups[collection], collection in folded)
        if collection not in folded:
            yield from apart[collection]


def _whole(service: View, listed: Sequence[Group | Named]) -> tuple[Group | DocumentInfo, ...]:
    """The rows with all that is shown of a document; one that is gone since has none."""
    ids = tuple(one.id for one in listed if isinstance(one, Named))
    # A filter that names no document limits nothing.
    infos = {info.id: info for info in service.documents(Filter(documents=ids))} if ids else {}
    rows = (one if isinstance(one, Group) else infos.get(one.id) for one in listed)
    return tuple(row for row in rows if row)
