import threading
from pathlib import Path

import pytest

from index import (
    Document,
    Library,
    LibraryMismatch,
    ModelError,
    check,
)
from index.search.dense.sizes import DenseSizes
from index.testing.hashed_embedder import HashedEmbedder
from tests.index.library.embedders import (
    Gone,
    New,
    Old,
    Wide,
    begin,
    by_name,
    changing,
    documents,
    folder,
    held,
    is_right,
    let_go,
    local,
    opened,
    text,
)
from tests.waiting import PATIENCE

__all__ = ["changing", "folder", "held"]

IVF = DenseSizes(exact_up_to=20, save_fewest=1, asking_seconds=0.0)


@pytest.mark.parametrize("sizes", [DenseSizes(), IVF], ids=["exact", "inverted file"])
@pytest.mark.parametrize("kind", [New, Wide])
def test_a_library_that_is_opened_with_another_embedder_goes_over_to_it(
    folder: Path, kind: type[HashedEmbedder], sizes: DenseSizes
) -> None:
    library = opened(folder, kind(), sizes=sizes)
    assert library.embedder.name == "old"
    assert is_right(library)
    assert library.wait_until_changed(PATIENCE)
    assert library.embedder.name == kind.name
    local(library).wait()
    assert is_right(library)
    assert library.search("number7", 1)[0].passage.document.name == "7"
    library.close()
    again = opened(folder, sizes=sizes)
    assert again.embedder.name == kind.name
    assert is_right(again)
    again.close()


def test_the_old_embedder_answers_until_the_last_vector_is_there(changing: Library, held: New) -> None:
    shares: list[float] = []
    while changing.store.made_with() == "old":
        assert changing.search("number7", 1)[0].passage.document.name == "7"
        if changing.store.made_with() == "old":
            assert "number7" not in held.texts, "the question was embedded by the new one"
            shares.append(changing.next_embedder()[1])
        let_go(held, 1)
        threading.Event().wait(0.02)
    assert shares == sorted(shares)
    assert len(set(shares)) > 2
    assert changing.wait_until_changed(PATIENCE)
    assert changing.search("number7", 1)[0].passage.document.name == "7"
    assert held.texts[-1] == "number7"
    assert is_right(changing)


def test_what_comes_and_goes_meanwhile_is_right_in_both(changing: Library, held: New) -> None:
    changing.add(documents(150, 160))
    for number in (3, 70, 155):
        found = changing.find(str(number), "default")
        assert found
        changing.remove(found.id)
    changing.add([Document("5", "Another text stands here instead.")])
    let_go(held, 1)
    assert changing.wait_until_embedded(PATIENCE), "the new ones go before the change"
    assert changing.next_embedder()[0] == "new"
    assert changing.embedder.name == "old"
    assert is_right(changing)
    let_go(held, 1000)
    assert changing.wait_until_changed(PATIENCE)
    assert changing.embedder.name == "new"
    assert is_right(changing)
    names = {info.name for info in changing.documents()}
    assert names == {str(number) for number in range(160)} - {"3", "70", "155"}
    assert changing.search("another text instead", 1)[0].passage.document.name == "5"


def test_progress_ends_with_the_switch(folder: Path) -> None:
    library = opened(folder, New())
    shares: list[float] = []
    library.wait_until_changed(PATIENCE, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    library.close()


def test_others_that_have_it_open_go_over_too(folder: Path, changing: Library, held: New) -> None:
    other, idle = opened(folder, change=False), opened(folder, change=False)
    assert other.search("number7", 1)[0].passage.document.name == "7"
    let_go(held, 1000)
    assert changing.wait_until_changed(PATIENCE)
    assert other.search("number7", 1)[0].passage.document.name == "7"
    assert (other.embedder.name, other.store.embedder) == ("new", "new")
    assert is_right(other)
    idle.add(documents(150, 155))  # before it has looked at anything
    assert idle.wait_until_embedded(PATIENCE)
    for library in (idle, other, changing):
        assert is_right(library)
    other.close()
    idle.close()


def test_a_check_goes_over_to_an_embedder_that_another_process_changed_to(folder: Path) -> None:
    checking, changing = opened(folder, change=False), opened(folder, Wide())
    assert changing.wait_until_changed(PATIENCE)
    assert check(checking) == []
    changing.close()
    checking.close()


def test_searches_find_the_same_while_the_embedder_is_changed_back_and_forth(folder: Path) -> None:
    changing, other = opened(folder), opened(folder, change=False)
    wrong: list[object] = []
    stop = threading.Event()

    def search(library: Library) -> None:
        number = 0
        while not stop.is_set():
            number = (number + 1) % 150
            try:
                found = library.search(text(number), 1)[0].passage.document.name
                if found != str(number):
                    wrong.append((number, found))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=search, args=(library,)) for library in (changing, other)]
    for thread in threads:
        thread.start()
    for embedder in (New(), Wide(), Old()):
        changing.change_embedder(embedder)
        assert changing.wait_until_changed(PATIENCE)
        assert changing.store.made_with() == embedder.name
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert is_right(changing)
    assert is_right(other)
    changing.close()
    other.close()


def test_where_nothing_is_to_be_changed_another_embedder_is_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(LibraryMismatch, match=r"made with embedder 'old', but 'new' was.*quoth embedder new"):
        opened(folder, New(), change=False)
    library = opened(folder, Old(), change=False)
    assert library.next_embedder() == ("", 0.0)
    library.close()


def test_an_opening_with_the_next_embedder_or_none_answers_and_goes_on_if_it_may(folder: Path) -> None:
    begin(folder)
    for embedder in (New(), Old(), None):
        library = opened(folder, embedder, change=False)
        assert library.wait_until_changed(0.0)
        assert library.next_embedder()[0] == "new"
        assert library.embedder.name == "old"
        library.close()
    library = opened(folder)
    assert library.wait_until_changed(PATIENCE)
    assert library.embedder.name == "new"
    library.close()


def test_the_library_s_own_embedder_ends_the_change(folder: Path) -> None:
    begin(folder)
    library = opened(folder, change=False)
    library.change_embedder(Old())
    assert library.wait_until_changed(PATIENCE)
    assert library.next_embedder() == ("", 0.0)
    assert is_right(library)
    library.close()


def test_one_that_can_not_be_loaded_changes_nothing_and_is_told_of(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Missing(Gone):
        name = "missing"

    library = opened(folder)
    library.change_embedder(Missing())
    with pytest.raises(ModelError, match="it is gone"):
        library.wait_until_changed(PATIENCE)
    assert "The embedder can't be changed to missing now" in caplog.text
    library.add(documents(150, 152))
    assert is_right(library)
    library.change_embedder(New())
    assert library.wait_until_changed(PATIENCE)
    assert is_right(library)
    library.close()


def test_without_the_old_model_words_answer_until_the_new_one_s_vectors_are_there(
    folder: Path, held: New
) -> None:
    library = Library.open(folder, by_name=lambda name: Gone() if name == "old" else by_name(name))
    with pytest.raises(ModelError, match="it is gone"):
        library.search("number7", 1)
    library.change_embedder(held)
    assert library.search("number7", 1)[0].passage.document.name == "7"
    library.add(documents(150, 152))
    assert library.search("number151", 1)[0].passage.document.name == "151"
    let_go(held, 1000)
    assert library.wait_until_changed(PATIENCE)
    assert is_right(library)
    library.close()
