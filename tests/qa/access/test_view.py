"""A service as one user may see it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from index import Document, Filter, QuestionError, UnknownDocument
from index.store.pictures import DocumentPictures
from qa import Answer, Service, Turn
from qa.access.view import View
from qa.access.viewer import EVERYONE, NotAllowed, Viewer
from tests.waiting import PATIENCE

BOB = Viewer("bob", "editor", ("anns",))
CARA = Viewer("cara", "reader", ("anns",))
PROBE = Viewer("probe", "monitor")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service.open(tmp_path_factory.mktemp("view") / "library") as opened:
        opened.add_documents([("vault.txt", "The vault opened in 2008.")])
        opened.add_documents([("secret.txt", "The vault's keys lie in Karlsbad.")], "anns")
        assert opened.wait_until_embedded(PATIENCE)
        yield opened


def hidden_id(service: Service) -> str:
    (info,) = service.documents(Filter(collections=("anns",)))
    return info.id


def test_everyone_sees_what_the_service_has(service: Service) -> None:
    view = View(service, EVERYONE)
    assert view.documents() == service.documents()
    assert view.background() == service.background()
    assert view.document(hidden_id(service)) == service.document(hidden_id(service))


def test_a_former_id_of_a_hidden_document_does_not_lead_to_it(service: Service) -> None:
    now = service.document(hidden_id(service))
    before = replace(now, text=f"Its first line.\n\n{now.text}")
    with service.library.changing() as store:
        DocumentPictures(store).former(now.id, before)
    at = now.text.index("Karlsbad")
    assert View(service, EVERYONE).document_at(before.id, [before.text.index("Karlsbad")]) == (now, [at])
    with pytest.raises(UnknownDocument) as refused:
        View(service, BOB).document_at(before.id)
    assert now.id not in str(refused.value)


def test_what_is_hidden_stays_so_whatever_filter_is_given(service: Service) -> None:
    view = View(service, BOB)
    for filter in (Filter(), Filter(documents=(hidden_id(service),)), Filter(metadata={})):
        assert all(info.collection != "anns" for info in view.documents(filter))
        assert all(
            "Karlsbad" not in hit.passage.text for hit in view.search("Where are the keys?", 10, filter)
        )
        answer = view.ask("Where are the vault's keys?", [Turn("What opened?")], filter)
        assert "Karlsbad" not in str(answer.to_json())
    with pytest.raises(QuestionError, match=r"There is no collection 'anns'\. There are: default\."):
        view.search("keys", 10, Filter(collections=("anns",)))
    with pytest.raises(UnknownDocument):
        view.document(hidden_id(service))
    for document, collection in ((hidden_id(service), "default"), ("secret.txt", "anns")):
        with pytest.raises((UnknownDocument, NotAllowed)):
            view.remove(document, collection)
    assert hidden_id(service)


def test_a_filter_of_ones_own_goes_on_top(service: Service) -> None:
    assert View(service, BOB).documents(Filter(hidden=("default",))) == []


def test_what_goes_on_in_hidden_collections_is_not_told(service: Service, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    watcher = service.watch(folder, "anns")
    view = View(service, BOB)
    before = view.background()
    assert len(service.background().watched) == 1
    assert before.watched == ()
    service.library.add([Document("more.txt", "More of Ann's.", collection="anns")])
    service.library.store.embed_again(hidden_id_of("secret.txt", service))
    assert view.background() == before
    assert service.wait_until_embedded(PATIENCE)
    service.remove("more.txt", "anns")
    assert view.background() == before
    service.add_documents([("seen.txt", "Seen by all.")])
    assert view.background().change != before.change
    service.remove("seen.txt")
    watcher.stop()


def hidden_id_of(name: str, service: Service) -> str:
    found = service.library.find(name, "anns")
    assert found
    return found.id


def test_only_editors_change_anything_and_monitors_read_nothing(service: Service) -> None:
    for viewer in (CARA, PROBE):
        view = View(service, viewer)
        changes: list[Callable[[], object]] = [
            partial(view.add_texts, [("a", "b")]),
            partial(view.adding, []),
            partial(view.remove, "vault.txt"),
            view.go_on_embedding,
        ]
        for change in changes:
            with pytest.raises(NotAllowed, match="You may read here"):
                change()
    probe = View(service, PROBE)
    reads: list[Callable[[], object]] = [
        probe.documents,
        probe.background,
        partial(probe.ask, "Why?"),
        partial(probe.document, "a"),
    ]
    for read in reads:
        with pytest.raises(NotAllowed, match="figures alone"):
            read()
    with pytest.raises(NotAllowed, match="not one that you may add to"):
        View(service, BOB).add_texts([("a", "b")], "anns")
    (added,) = View(service, BOB).add_texts([("a", "A line of Bob's.")], "bobs")
    assert View(service, CARA).document(str(added.document_id)).name == "a"
    service.remove(str(added.document_id))


def test_whole_answers_are_noted_once_and_unfinished_ones_never(service: Service) -> None:
    noted: list[Answer] = []
    view = View(service, EVERYONE, noted.append)
    answer = view.ask("When did the vault open?")
    assert noted == [answer]
    view.stream("When did the vault open?").close()  # type: ignore[attr-defined]
    with pytest.raises(QuestionError):
        view.ask(" ")
    assert noted == [answer]
