import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.ranking import by_coverage, fuse

CANDIDATES = st.dictionaries(
    st.integers(1, 30), st.tuples(st.floats(-1.0, 1.0), st.none() | st.floats(0.01, 60.0)), max_size=20
)


def fuse_all(candidates: dict[int, tuple[float, float | None]]) -> list[tuple[int, float]]:
    """Fuses candidates given as id: (cosine, BM25 score or None where the words were not found)."""
    cosines = {id: cosine for id, (cosine, _) in candidates.items()}
    near = sorted(cosines.items(), key=lambda pair: -pair[1])
    worded = sorted(
        ((id, words) for id, (_, words) in candidates.items() if words is not None),
        key=lambda pair: -pair[1],
    )
    return fuse(near, worded, cosines)


def test_no_candidates_give_no_ranking() -> None:
    assert fuse([], [], {}) == []


def test_the_score_is_the_formula() -> None:
    ranked = fuse([(1, 0.8), (2, 0.6), (3, 0.1)], [(2, 10.0), (4, 5.0)], {1: 0.8, 2: 0.6, 3: 0.1, 4: 0.4})
    expected = {
        2: 0.65 * 0.6 + 0.35 * 1.0,
        1: 0.65 * 0.8,
        4: 0.65 * 0.4 + 0.35 * 0.5,
        3: 0.65 * 0.1,
    }
    assert [id for id, _ in ranked] == list(expected)
    assert dict(ranked) == pytest.approx(expected)


def test_a_passage_that_only_the_words_found_keeps_its_cosine() -> None:
    near, worded = [(1, 0.5)], [(2, 9.0)]
    assert dict(fuse(near, worded, {1: 0.5, 2: 0.45}))[2] == pytest.approx(0.65 * 0.45 + 0.35)


def test_beyond_a_word_list_that_was_cut_half_of_its_last_score_is_taken() -> None:
    ranked = dict(fuse([(1, 0.9), (2, 0.5)], [(2, 10.0), (3, 8.0)], {1: 0.9, 2: 0.5, 3: 0.2}))
    assert ranked[1] == pytest.approx(0.65 * 0.9 + 0.35 * 0.4)


def test_without_words_the_ranking_is_by_cosine() -> None:
    near = [(3, 0.7), (1, 0.4), (2, 0.1)]
    ranked = fuse(near, [], dict(near))
    assert [id for id, _ in ranked] == [3, 1, 2]
    assert dict(ranked) == pytest.approx({id: 0.65 * cosine for id, cosine in near})


def test_without_vectors_the_ranking_is_by_words() -> None:
    ranked = fuse([], [(5, 12.0), (4, 3.0)], {})
    assert [id for id, _ in ranked] == [5, 4]
    assert dict(ranked) == pytest.approx({5: 1.0, 4: 0.25})


def test_a_passage_without_a_vector_ranks_by_its_words_beside_those_that_have_one() -> None:
    near, worded = [(1, 0.8), (2, 0.6)], [(3, 10.0), (2, 9.0), (4, 2.0)]
    ranked = fuse(near, worded, {1: 0.8, 2: 0.6})
    assert [id for id, _ in ranked] == [3, 2, 1, 4]
    scores = dict(ranked)
    assert scores[3] == pytest.approx(0.65 * 0.8 + 0.35)
    assert scores[4] == pytest.approx(0.65 * 0.8 * 0.2 + 0.35 * 0.2)


def test_cosines_outside_their_range_do_not_leave_the_score_s() -> None:
    assert dict(fuse([(1, 1.0000002), (2, -0.3)], [], {1: 1.0000002, 2: -0.3})) == {
        1: pytest.approx(0.65),
        2: 0.0,
    }


def test_equal_scores_are_ordered_by_id() -> None:
    assert [id for id, _ in fuse([(9, 0.5), (2, 0.5), (4, 0.5)], [], {9: 0.5, 2: 0.5, 4: 0.5})] == [2, 4, 9]


@given(CANDIDATES)
def test_every_candidate_comes_once_best_first_between_0_and_1(
    candidates: dict[int, tuple[float, float | None]],
) -> None:
    ranked = fuse_all(candidates)
    assert sorted(id for id, _ in ranked) == sorted(candidates)
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 + 1e-9 for score in scores)


@given(CANDIDATES, st.integers(1, 30))
def test_what_is_nearer_with_the_same_words_never_ranks_lower(
    candidates: dict[int, tuple[float, float | None]], id: int
) -> None:
    if id not in candidates:
        return
    cosine, words = candidates[id]
    before = dict(fuse_all(candidates))[id]
    after = dict(fuse_all({**candidates, id: (min(cosine + 0.1, 1.0), words)}))[id]
    assert after >= before


def test_coverage_changes_the_order_and_no_score() -> None:
    ranked = [(1, 0.8), (2, 0.75), (3, 0.2)]
    assert by_coverage(ranked, {2: 1.0, 3: 1.0}) == [(2, 0.75), (1, 0.8), (3, 0.2)]
    assert by_coverage(ranked, {}) == ranked
