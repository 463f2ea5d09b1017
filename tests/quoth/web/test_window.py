"""The part of the list that is in sight: the right rows, however many documents there are."""

from collections.abc import Iterator

import pytest

from benchmarks.page_load import fill
from index import DocumentInfo
from qa import Service
from qa.access.view import View
from qa.access.viewer import Viewer
from quoth.web.listing import Group
from quoth.web.window import MOST_ROWS, ListWindow, Wanted, wanted_of

DOCUMENTS, COLLECTIONS = 200, 20


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("many") / "library"
    fill(folder, DOCUMENTS)
    with Service.open(folder) as opened:
        opened.add_documents([("notes.txt", "The ship sailed.")], "year 2019", {"kind": "note"})
        yield opened


def named(window: ListWindow) -> list[str]:
    return [row.name if isinstance(row, DocumentInfo) else row.collection for row in window.rows]


def test_windows_one_after_another_are_the_whole_list_in_its_groups(service: Service) -> None:
    view = View(service)
    expected = []
    for collection in sorted({info.collection for info in service.documents()}):
        expected += [collection, *(one.name for one in service.documents() if one.collection == collection)]
    parts = [ListWindow.of(view, Wanted(start=start, rows=17)) for start in range(0, len(expected), 17)]
    assert [one for part in parts[:-1] for one in named(part)] == expected[: 17 * (len(parts) - 1)]
    assert {part.length for part in parts} == {len(expected)} == {DOCUMENTS + 1 + COLLECTIONS}
    assert parts[-1].start == len(expected) - 17 and named(parts[-1]) == expected[-17:]


def test_what_is_typed_is_found_in_all_names_and_not_in_those_in_sight_alone(service: Service) -> None:
    window = ListWindow.of(View(service), Wanted("Report-0019", start=150, rows=5))
    assert (window.found, window.total, window.length) == (10, DOCUMENTS + 1, 20)
    window = ListWindow.of(View(service), Wanted(" REPORT-00199 "))
    assert named(window) == ["year 2019", "report-00199.txt"] and window.start == 0


def test_a_folded_group_has_its_row_alone_and_its_number(service: Service) -> None:
    window = ListWindow.of(View(service), Wanted(folded=frozenset(("year 2000",)), rows=2))
    assert window.rows[0] == Group("year 2000", 10, folded=True)
    assert isinstance(window.rows[1], Group) and window.length == DOCUMENTS + 1 + COLLECTIONS - 10


def test_filters_limit_the_rows_and_not_the_totals(service: Service) -> None:
    window = ListWindow.of(View(service), Wanted(metadata=(("kind", "note"),)))
    assert named(window) == ["year 2019", "notes.txt"]
    assert (window.found, window.total, len(window.collections)) == (1, DOCUMENTS + 1, COLLECTIONS)


def test_what_is_hidden_from_somebody_is_in_no_row_and_no_figure(service: Service) -> None:
    viewer = Viewer("ann", hidden=tuple(f"year {2000 + number}" for number in range(1, COLLECTIONS)))
    window = ListWindow.of(View(service, viewer), Wanted(rows=MOST_ROWS))
    assert (window.total, window.length, window.collections) == (10, 10, frozenset(("year 2000",)))


@pytest.mark.parametrize("value", [None, -1, "7", [], {"a": 1}, 1.5])
def test_whatever_a_page_sends_is_a_window(service: Service, value: object) -> None:
    asked = {"wanted": value, "start": value, "rows": value, "folded": value, "metadata": value}
    wanted = wanted_of({**asked, "metadata": value if value != {"a": 1} else None})
    assert (wanted.start, wanted.folded, wanted.metadata) == (0, frozenset(), ())
    assert ListWindow.of(View(service), wanted).total == DOCUMENTS + 1
    assert wanted_of({"rows": 10**9}).rows == MOST_ROWS
