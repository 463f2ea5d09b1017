import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import Document, Library, check, rebuild
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

DIMENSION = HashedEmbedder().dimension


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library = Library.open(tmp_path / "library", HashedEmbedder())
    for name in "abc":
        library.add([Document(name, f"The document {name} says something.", metadata={"tags": "x, y"})])
    library.wait_until_embedded(PATIENCE)
    library.close()
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    opened = Library.open(folder, HashedEmbedder())
    yield opened
    opened.close()


def change(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "library.sqlite3")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def found(folder: Path) -> list[tuple[str, bool]]:
    library = Library.open(folder, HashedEmbedder())
    problems = check(library)
    library.close()
    return [(problem.what, problem.mendable) for problem in problems]


def test_nothing_is_wrong_with_a_library_that_is_whole(library: Library) -> None:
    assert check(library) == []


def test_passages_that_wait_for_their_vectors_are_not_wrong(folder: Path) -> None:
    library = Library.open(folder, HashedEmbedder())
    for info in library.documents():
        library.store.embed_again(info.id)
    assert library.store.waiting() == 3
    assert check(library) == []
    library.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE documents SET text = 'changed' WHERE name = 'b'",
            "b in the collection 'default': its text is not",
        ),
        ("UPDATE documents SET id = 'wrong' WHERE name = 'b'", "its text is not what was added"),
        ("UPDATE documents SET pages = '[' WHERE name = 'b'", "its row can't be read"),
        ("DELETE FROM labels WHERE document = 2", "filters miss some of its metadata"),
        ("DELETE FROM passages WHERE id = 2", "b: 1 of its passages are missing"),
        ("UPDATE passages SET end = 999 WHERE id = 2", "b: 1 of its passages reach out of its text"),
        ("INSERT INTO passages VALUES (77, 'nobody', 0, 1, x'00')", "1 passages belong to no document"),
        ("INSERT INTO vectors VALUES (78, x'00')", "1 vectors belong to no passage"),
    ],
)
def test_what_can_not_be_mended_is_named(folder: Path, statement: str, words: str) -> None:
    change(folder, statement)
    assert any(words in what and not mendable for what, mendable in found(folder))


@pytest.mark.parametrize(
    "vector",
    [
        None,
        b"short",
        np.zeros(DIMENSION, np.float16).tobytes(),
        np.full(DIMENSION, np.nan, np.float16).tobytes(),
        np.full(DIMENSION, 9.0, np.float16).tobytes(),
    ],
    ids=["missing", "short", "zeros", "no numbers", "long"],
)
def test_bad_vectors_are_named_and_made_again(folder: Path, vector: bytes | None) -> None:
    change(folder, "DELETE FROM vectors WHERE passage = 2")
    if vector is not None:
        change(folder, "INSERT INTO vectors VALUES (2, ?)", vector)
    assert any("1 vectors are missing or damaged" in what and mendable for what, mendable in found(folder))
    assert rebuild(folder, HashedEmbedder()) == []
    assert found(folder) == []


def test_an_index_that_disagrees_is_named_and_made_again(folder: Path) -> None:
    library = Library.open(folder, HashedEmbedder())
    assert isinstance(library.passage_search, LocalSearch)
    dense, lexical = library.passage_search.indexes()
    with library.store.transaction() as connection:
        connection.execute("DELETE FROM changes")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'changes'")
    # Both indexes believe that they are up to date, as after a fault in the way changes are followed.
    library.store.add(
        Document("d", "A document that no index knows."), [(0, 10)], np.eye(1, DIMENSION, dtype=np.float32)
    )
    words = [problem.what for problem in check(library)]
    assert words == [
        "the word index lacks 1 passages, 0 are too many",
        "the dense index has 3 vectors instead of 4",
        "the dense index doesn't find 1 of 4 vectors",
    ]
    assert len(dense) == len(lexical) == 3
    library.close()
    assert rebuild(folder, HashedEmbedder()) == []


def test_a_damaged_file_is_named_and_left_alone(folder: Path) -> None:
    path = folder / "library.sqlite3"
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'documents_by_passage'"
    ).fetchone()
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    content = bytearray(path.read_bytes())
    content[size * (page - 1) + 100 : size * page] = bytes(size - 100)
    path.write_bytes(content)
    assert any("library.sqlite3 is damaged" in what and not mendable for what, mendable in found(folder))
    assert any("library.sqlite3 is damaged" in problem.what for problem in rebuild(folder, HashedEmbedder()))
    assert path.read_bytes() == bytes(content)
