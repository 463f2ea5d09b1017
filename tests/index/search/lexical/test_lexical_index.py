import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Heading
from index.search.lexical import lexical_index as lexical_module
from index.search.lexical.lexical_index import LexicalIndex
from index.search.lexical.sizes import LexicalSizes
from index.store.store import Store
from tests.waiting import until

TEXTS = [
    "cats chase mice",
    "dogs chase cats and cats run",
    "mice eat cheese and cheese and cheese",
    "birds sing in the morning while everybody else is asleep",
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite3", "test", 2)


def add(store: Store, name: str, *texts: str) -> Document:
    places, text = [], ""
    for part in texts:
        places.append((len(text), len(text) + len(part)))
        text += part + "\n"
    document = Document(name, text)
    store.add(document, places, np.zeros((len(texts), 2), np.float32))
    return document


def index_of(tmp_path: Path, store: Store, sizes: LexicalSizes = LexicalSizes()) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical", store, sizes)
    index.catch_up()
    return index


def bm25(question: str, texts: list[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """The formula of Robertson and Zaragoza (2009), as Lucene and tantivy compute it."""
    stop = {"and", "in", "the", "is", "while", "else"} & {"and", "in", "the", "is"}
    bags = [Counter(word for word in text.split() if word not in stop) for text in texts]
    average = sum(bag.total() for bag in bags) / len(bags)
    scores = []
    for bag in bags:
        score = 0.0
        for term in question.split():
            containing = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - containing + 0.5) / (containing + 0.5))
            score += idf * bag[term] * (k1 + 1) / (bag[term] + k1 * (1 - b + b * bag.total() / average))
        scores.append(score)
    return scores


def test_scores_are_bm25(tmp_path: Path, store: Store) -> None:
    # Words of which the English stemmer leaves the plural alone would blur the formula, so none are used,
    # nor a pair of words of one text, which counts for more.
    texts = [" ".join(word.rstrip("s") for word in text.split()) for text in TEXTS]
    add(store, "a", *texts)
    found = dict(index_of(tmp_path, store).search("cat cheese", 10))
    expected = {number: score for number, score in enumerate(bm25("cat cheese", texts), 1) if score}
    assert found.keys() == expected.keys()
    assert all(math.isclose(found[id], expected[id], rel_tol=1e-4) for id in expected)


def test_words_that_only_ask_are_not_looked_up(tmp_path: Path, store: Store) -> None:
    add(store, "a", "who did what and why", "the cats")
    index = index_of(tmp_path, store)
    assert [id for id, _ in index.search("What did the cats do?", 5)] == [2]
    assert [id for id, _ in index.search("who?", 5)] == [1]


def test_neighbours_in_the_question_count_for_more_where_they_stand_close_together(
    tmp_path: Path, store: Store
) -> None:
    far = "red birds and green fish and yellow dogs in a small house"
    add(store, "a", far, "red house and green fish and yellow dogs in a small bird")
    ranked = index_of(tmp_path, store).search("red house", 5)
    assert [id for id, _ in ranked] == [2, 1]
    assert ranked[0][1] > ranked[1][1] * 1.1


def test_neighbours_that_are_both_common_count_no_more(tmp_path: Path, store: Store) -> None:
    one, none = LexicalSizes(pair_passages=1), LexicalSizes(pair_passages=0)
    add(store, "a", "red birds and green house", "red house and green birds", "a blue house", "a grey bird")
    found = dict(index_of(tmp_path, store, one).search("red house", 5))
    assert math.isclose(found[1], found[2])
    found = dict(index_of(tmp_path, store, one).search("blue house", 5))
    assert found[3] > 1.1 * dict(index_of(tmp_path, store, none).search("blue house", 5))[3]


def test_words_are_found_in_any_form_case_and_accent(tmp_path: Path, store: Store) -> None:
    add(store, "a", "The companies stopped selling it.", "Café culture", "nothing")
    index = index_of(tmp_path, store)
    assert [id for id, _ in index.search("company SELLS stop", 5)] == [1]
    assert [id for id, _ in index.search("cafe", 5)] == [2]


def test_a_question_of_small_words_or_signs_finds_nothing_and_breaks_nothing(
    tmp_path: Path, store: Store
) -> None:
    add(store, "a", *TEXTS)
    index = index_of(tmp_path, store)
    for question in ("is it the", "", '"', "text:cats AND (", "a* OR ~", "\\", '+-&|!(){}[]^"~*?:/'):
        assert index.search(question, 5) == [] or "cats" in question


def test_runs_limit_the_search_and_leave_the_scores(tmp_path: Path, store: Store) -> None:
    add(store, "a", *TEXTS[:2])
    second = add(store, "b", *TEXTS[2:])
    index = index_of(tmp_path, store)
    everything = dict(index.search("mice chase", 10))
    found = index.search("mice chase", 10, store.runs(Filter(documents=(second.id,))))
    assert found == [(3, everything[3])]
    assert index.search("mice chase", 10, []) == []


def test_replaced_and_removed_text_is_no_longer_found(tmp_path: Path, store: Store) -> None:
    add(store, "a", "zebras graze")
    index = index_of(tmp_path, store)
    add(store, "a", "lions hunt")
    index.catch_up()
    assert index.search("zebras", 5) == []
    assert len(index.search("lions", 5)) == 1
    store.remove(store.documents()[0].id)
    index.catch_up()
    assert index.search("lions", 5) == []
    assert len(index) == 0


def test_what_was_replaced_before_the_first_look_is_not_in_it(tmp_path: Path, store: Store) -> None:
    add(store, "a", "zebras graze")
    add(store, "a", "lions hunt")
    index = index_of(tmp_path, store)
    assert len(index) == 1
    assert index.search("zebras", 5) == []


@pytest.mark.parametrize("damage", ["no state", "damaged state", "no segments", "damaged meta"])
def test_a_damaged_index_is_made_again(tmp_path: Path, store: Store, damage: str) -> None:
    add(store, "a", *TEXTS)
    index_of(tmp_path, store)
    state = tmp_path / "lexical.state"
    if damage == "no state":
        state.unlink()
    elif damage == "damaged state":
        state.write_bytes(b"nonsense")
    elif damage == "no segments":
        for path in (tmp_path / "lexical").iterdir():
            path.unlink()
    else:
        (tmp_path / "lexical" / "meta.json").write_text("{")
    assert [id for id, _ in index_of(tmp_path, store).search("cheese", 5)] == [3]


def test_a_change_applied_twice_does_no_harm(tmp_path: Path, store: Store) -> None:
    add(store, "a", *TEXTS)
    index = index_of(tmp_path, store)
    index.applied = 0
    index._save(index._checksum())
    again = LexicalIndex(tmp_path / "lexical", store)
    again.catch_up()
    assert len(again) == 4
    assert [id for id, _ in again.search("cheese", 5)] == [3]


def test_a_second_index_sees_what_the_first_wrote(tmp_path: Path, store: Store) -> None:
    add(store, "a", *TEXTS)
    first = index_of(tmp_path, store)
    second = LexicalIndex(tmp_path / "lexical", store)
    add(store, "b", "penguins swim")
    first.catch_up()
    second.refresh()
    assert second.applied == first.applied
    assert [id for id, _ in second.search("penguins", 5)] == [5]


def test_what_a_killed_process_has_committed_does_not_stand_twice(tmp_path: Path, store: Store) -> None:
    first = index_of(tmp_path, store)
    empty = (tmp_path / "lexical.state").read_bytes()
    add(store, "a", *TEXTS)
    index_of(tmp_path, store)
    # As after a kill between the commit and the state; the first process has seen neither.
    (tmp_path / "lexical.state").write_bytes(empty)
    first.catch_up()
    assert len(first) == len(TEXTS)


@pytest.mark.parametrize("checked", [10, 2_000])
def test_a_filter_of_many_runs_is_exact(tmp_path: Path, store: Store, checked: int) -> None:
    # Both ways are taken: checking the best, and a filter in tantivy when too few of those pass.
    sizes = LexicalSizes(checked=checked)
    for number in range(150):
        add(store, str(number), "cat " * (150 - number) + "mouse")
    index = index_of(tmp_path, store, sizes)
    everything = index.search("cat mouse", 150)
    for runs in ([(id, id + 1) for id in range(2, 151, 2)], [(id, id + 2) for id in range(40, 150, 3)]):
        passing = {id for first, end in runs for id in range(first, end)}
        expected = [pair for pair in everything if pair[0] in passing]
        assert len(runs) > sizes.most_ranges
        for limit in (5, 20, 150):
            assert dict(index.search("cat mouse", limit, runs)) == pytest.approx(dict(expected[:limit]))


def test_what_a_killed_writer_left_is_no_hindrance(tmp_path: Path, store: Store) -> None:
    add(store, "a", *TEXTS)
    index = index_of(tmp_path, store)
    segment = next((tmp_path / "lexical").glob("*.term")).stem
    for name in (f"{segment}.999.del", "0123456789abcdef0123456789abcdef.idx"):
        (tmp_path / "lexical" / name).write_bytes(b"left over")
    add(store, "b", "penguins swim")
    index.catch_up()
    assert [id for id, _ in index.search("penguins", 5)] == [5]
    assert not (tmp_path / "lexical" / f"{segment}.999.del").exists()


def test_a_kill_between_the_commit_and_the_state_is_made_good(tmp_path: Path, store: Store) -> None:
    add(store, "a", *TEXTS)
    index = index_of(tmp_path, store)
    before = (tmp_path / "lexical.state").read_bytes()
    add(store, "b", "penguins swim")
    index._save(lexical_module._COMMITTING)
    committing = (tmp_path / "lexical.state").read_bytes()
    index.catch_up()
    (tmp_path / "lexical.state").write_bytes(committing)
    again = LexicalIndex(tmp_path / "lexical", store)
    assert again.behind()
    again.catch_up()
    assert again.ids() == {1, 2, 3, 4, 5}
    assert (again.problem(), before == committing) == ("", False)


def test_damage_in_a_large_index_is_found_while_it_is_used(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    add(store, "a", *TEXTS)
    index_of(tmp_path, store)
    (path,) = (tmp_path / "lexical").glob("*.store")
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)
    index = LexicalIndex(tmp_path / "lexical", store, LexicalSizes(verified_at_once=0))
    until(index.behind)
    index.catch_up()
    assert "is damaged" in caplog.text and path.name in caplog.text
    assert index.problem() == ""
    assert [id for id, _ in index.search("cheese", 5)] == [3]


@pytest.mark.parametrize("covering", [0, 2_000])
def test_coverage_is_the_weighted_share_of_the_terms_anywhere_in_a_document(
    tmp_path: Path, store: Store, covering: int
) -> None:
    add(store, "heron", "granite boulder", "a volcano")
    add(store, "b", "granite", "granite", "glacier")
    index = index_of(tmp_path, store, LexicalSizes(covering=covering))

    def weight(documents: int, entries: int = 5) -> float:
        return math.log(1 + (entries - documents + 0.5) / (documents + 0.5))

    # "heron" is the first one's name, "glacier" the second one's last passage, "unicorn" in neither.
    found = index.coverage("granite heron volcano glacier unicorn", {1, 3})
    every = weight(2) + 3 * weight(1)
    assert found == pytest.approx(
        {1: (weight(2) + 2 * weight(1)) / every, 3: (weight(2) + weight(1)) / every}
    )
    assert index.coverage("granite", {3}) == {3: pytest.approx(1.0)}
    assert index.coverage("unicorn", {1, 3}) == {}


def test_coverage_follows_what_is_added_removed_and_reopened(tmp_path: Path, store: Store) -> None:
    first = add(store, "a", "granite", "volcano")
    index = index_of(tmp_path, store)
    add(store, "b", "glacier")
    store.remove(first.id)
    index.catch_up()
    again = LexicalIndex(tmp_path / "lexical", store)
    for one in (index, again):
        assert one.coverage("granite volcano glacier", {1, 3}) == {3: pytest.approx(1.0)}


def test_a_passage_is_found_by_its_document_s_name_and_the_headings_above_it(
    tmp_path: Path, store: Store
) -> None:
    text = "Animals\nBirds\nThey fly."
    headings = (Heading(0, 7, 1), Heading(8, 13, 2))
    store.add(Document("zoo_report.pdf", text, "A title", headings=headings), [(14, len(text))])
    add(store, "b", "stones")
    index = index_of(tmp_path, store)
    for question in ("zoo", "report", "title", "animals", "birds", "fly"):
        assert [id for id, _ in index.search(question, 5)] == [1], question
