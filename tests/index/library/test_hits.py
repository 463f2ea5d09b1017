from pathlib import Path

from index import Document, Library
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

TEXT = "Lighthouses warn ships of rocks."


def filled(folder: Path, documents: list[Document]) -> Library:
    library = Library.open(folder, HashedEmbedder())
    library.add(documents)
    assert library.wait_until_embedded(PATIENCE)
    return library


def test_a_text_is_one_hit_that_names_the_other_documents(tmp_path: Path) -> None:
    # Titles differ, so that the documents do, but not the passages.
    copies = [Document(f"copy {number}", f"{TEXT}", collection=f"c{number}") for number in range(3)]
    with filled(tmp_path, [*copies, Document("other", "Ships carry grain.")]) as library:
        first, second = library.search("lighthouses warn ships", 2)
        assert first.passage.text == TEXT
        assert {first.passage.document.name, *first.also} == {"copy 0", "copy 1", "copy 2"}
        assert first.passage.document.name not in first.also
        assert (second.passage.document.name, second.also) == ("other", ())
        assert first.to_json()["also"] == list(first.also)


def test_many_copies_do_not_take_the_place_of_other_texts(tmp_path: Path) -> None:
    copies = [Document(f"copy {number}", TEXT, collection=f"c{number}") for number in range(150)]
    with filled(tmp_path, [*copies, Document("other", "Ships carry grain.")]) as library:
        names = [hit.passage.document.name for hit in library.search("lighthouses warn ships", 2)]
        assert names[1] == "other"


def test_a_hit_of_a_long_document_shows_its_passage_without_loading_the_document(tmp_path: Path) -> None:
    filler = "\n".join(f"Line number {number} says nothing of note." for number in range(3000))
    text = f"{filler}\nThe zanzibar clock strikes thirteen.\n{filler[:200]}"
    filled(tmp_path, [Document("long", text, "A title")]).close()
    with Library.open(tmp_path, HashedEmbedder()) as library:
        hit = library.search("zanzibar clock", 1)[0]
        assert "text" not in vars(hit.passage.document)
        shown, context = hit.passage.text, hit.passage.context
        assert "zanzibar" in shown
        assert context == "A title"
        assert hit.passage.document.text[hit.passage.start : hit.passage.end] == shown
