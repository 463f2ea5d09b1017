from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index import Document
from index.store.document_cache import DocumentCache, DocumentKey
from index.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "library.sqlite3", "test", 2)
    for number in range(4):
        made.add(Document(f"{number}.txt", "word " * 100 * (number + 1), title=f"Title {number}"), [(0, 4)])
    made.add(Document("long.txt", "x" * 60_000), [(0, 4)])
    return made


class Counting:
    """The store's rows, with a note of the statements."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.statements: list[str] = []

    def __call__(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        return self._store.rows(statement, *values)


def keys(store: Store) -> list[DocumentKey]:
    return [
        (int(number), str(id), str(title), str(metadata))
        for number, id, title, metadata in store.rows(
            "SELECT number, id, title, metadata FROM documents ORDER BY number"
        )
    ]


def test_all_documents_that_are_missing_are_read_at_once_and_only_once(store: Store) -> None:
    rows = Counting(store)
    cache = DocumentCache(rows)
    wanted = keys(store)
    found = cache.documents(wanted[:3] * 2)
    assert [found[key].name for key in wanted[:3]] == ["0.txt", "1.txt", "2.txt"]
    assert [found[key].text for key in wanted[:3]] == ["word " * 100 * number for number in (1, 2, 3)]
    assert len(rows.statements) == 1
    again = cache.documents(wanted[1:4])
    assert again[wanted[1]] is found[wanted[1]]
    assert len(rows.statements) == 2
    assert cache.documents(wanted[:4]).keys() == set(wanted[:4])
    assert len(rows.statements) == 2


def test_the_text_of_a_long_document_is_read_when_it_is_used(store: Store) -> None:
    rows = Counting(store)
    [document] = DocumentCache(rows).documents(keys(store)[-1:]).values()
    assert not document.loaded
    assert document.text == "x" * 60_000
    assert document.loaded
    assert len(rows.statements) == 2


def test_the_document_used_longest_ago_gives_way_when_there_is_no_room(store: Store) -> None:
    rows = Counting(store)
    first, second, third, *_ = keys(store)
    # Room for the first and one of the others, each with 500 characters besides its own.
    cache = DocumentCache(rows, room=3_500)
    cache.documents([first, second])
    cache.documents([first])
    cache.documents([third])
    assert len(rows.statements) == 2
    cache.documents([first])
    assert len(rows.statements) == 2
    cache.documents([second])
    assert len(rows.statements) == 3


def test_what_is_wanted_at_once_is_given_though_there_is_no_room(store: Store) -> None:
    rows = Counting(store)
    wanted = keys(store)
    assert [one.name for one in DocumentCache(rows, room=0).documents(wanted).values()] == [
        "0.txt", "1.txt", "2.txt", "3.txt", "long.txt",
    ]  # fmt: skip
