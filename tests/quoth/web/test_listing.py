"""The list of documents, and what goes on by itself beside it."""

from dataclasses import replace

import pytest

from index import DocumentInfo, Outcome, WatchStatus
from index.loaders.later import BEING_READ
from qa import Background, EmbedderChange
from quoth.web import listing
from quoth.web.listing import Group
from quoth.web.upload_progress import upload_progress
from quoth.web.uploads import UploadingFile
from tests.quoth.web.parsed import Parsed


def test_only_a_document_that_waits_for_vectors_says_so() -> None:
    info = DocumentInfo("1", "a.txt", "default", "", {}, "", 9, 1_400, 2)
    whole = replace(info, id="2", name="b.txt", embedded=1_400)
    parsed = Parsed(listing.rows([replace(info, embedded=120), whole]))
    assert parsed.text.count("By meaning too") == 1
    assert "By meaning too: 120 of 1,400 passages so far." in parsed.text


def test_a_document_whose_pictures_are_read_says_how_far_that_is() -> None:
    info = DocumentInfo("1", "a.pdf", "default", "", {}, "", 9, 3, 2, 3)
    reading = replace(info, id="2", pictures=1_050, pictures_read=11)
    parsed = Parsed(listing.rows([info, reading]))
    assert parsed.text.count("Reading") == 1
    assert "Reading the text in its pictures: 12 of 1,050." in parsed.text


def test_pictures_that_nobody_reads_are_not_said_to_be_read() -> None:
    info = DocumentInfo("1", "a.pdf", "default", "", {}, "", 9, 3, 2, 3, pictures=5, pictures_read=1)
    assert "The text in 4 pictures is not read yet." in Parsed(listing.rows([info], reads=False)).text
    waiting = replace(info, unread=(f"pages 1-5: {BEING_READ}", "page 7: it is damaged"))
    text = Parsed(listing.rows([waiting], reads=False)).text
    assert BEING_READ not in text and "Not read: page 7: it is damaged" in text, "it is said once"
    failed = Background(1, 0, "", (), pictures=4, pictures_failure="The disk is full.")
    assert not failed.busy
    parsed, lost = Parsed(listing.background(failed)), "The text in 4 pictures can’t be found"
    assert f"{lost}, since something went wrong: The disk is full." in parsed.text
    assert "data-again" in parsed.attributes


def test_several_collections_are_groups_that_can_be_folded() -> None:
    info = DocumentInfo("1", "a.txt", "default", "", {}, "", 9, 3, 2)
    other = replace(info, id="2", name="b.txt", collection="<b>")
    groups = Group("<b>", 1), Group("default", 1), Group("third", 1_200, folded=True)
    parsed = Parsed(listing.rows([groups[0], other, groups[1], info, groups[2]]))
    assert parsed.text.index("<b>") < parsed.text.index("b.txt") < parsed.text.index("default")
    assert parsed.attributes["aria-expanded"] == ["true", "true", "false"]
    assert "1,200" in parsed.text


def test_what_of_a_document_could_not_be_read_stands_in_the_list() -> None:
    info = DocumentInfo("1", "a.pdf", "default", "", {}, "", 9, 1, 5, 1)
    lacking = replace(info, unread=("page 1: <a stamp>", "b", "c", "d", "e"))
    parsed = Parsed(listing.rows([info, lacking]))
    assert parsed.text.count("Not read") == 1
    assert "Not read: page 1: <a stamp>; b; c and 2 more" in parsed.text


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (WatchStatus("~/a", "default"), "Looking through it…"),
        (WatchStatus("~/a", "default", "syncing"), "Looking through it…"),
        (WatchStatus("~/a", "default", "syncing", reading=400, read=120), "Reading 120 of 400 new files"),
        (WatchStatus("~/a", "default", "watching", 1_000, synced="2024"), "Watched · 1,000 files"),
        (WatchStatus("~/a", "default", "syncing", 1_000, synced="2024"), "Watched · 1,000 files"),
        (WatchStatus("~/a", "b", "watching", 2, synced="2024"), "Watched · 2 files · into b"),
        (WatchStatus("~/a", "default", "missing", message="It is gone."), "It is gone. Quoth keeps trying."),
        (WatchStatus("~/a", "default", "stopped", 2, synced="2024"), "No longer watched"),
        (
            WatchStatus("~/a", "default", "watching", 2, 9, failures=(Outcome("c.pdf", "failed"),)),
            "and 8 more",
        ),
    ],
)
def test_a_watched_folder_says_how_it_stands_with_it(status: WatchStatus, said: str) -> None:
    parsed = Parsed(listing.background(Background(1, 0, "", (status,))))
    assert "~/a" in parsed.text and said in parsed.text


def test_a_change_of_the_embedder_says_how_far_it_is_or_what_ended_it() -> None:
    going = Background(1, 0, "", (), EmbedderChange("e5-small", 0.4))
    assert "New embedder: e5-small" in Parsed(listing.background(going)).text
    assert "40% · the present one answers until then" in Parsed(listing.background(going)).text
    assert going.busy and not going.idle
    ended = Background(1, 0, "", (), EmbedderChange("e5-small", 0.4, "The disk is full."))
    assert "Not changed." in Parsed(listing.background(ended)).text
    assert "The disk is full." in Parsed(listing.background(ended)).text
    assert not ended.busy


def test_nothing_is_said_of_what_goes_on_while_nothing_does() -> None:
    assert listing.background(Background(7, 0, "", ())) == ""
    assert listing.background(Background(7, 12, "", ())) == "", "each document says it of itself"


def test_of_many_files_on_their_way_the_failed_ones_stand_first_and_the_read_ones_are_folded() -> None:
    failed = UploadingFile("z.txt", 1.0, Outcome("z.txt", "failed", reason="it is empty"))
    done = [UploadingFile(f"{n}.txt", 1.0, Outcome(f"{n}.txt", "added", "id", 3)) for n in range(9)]
    parsed = Parsed(upload_progress([*done, failed]))
    assert "10 files, 1 not added" in parsed.text
    assert parsed.text.index("z.txt") < parsed.text.index("0.txt")
    assert "9 files read" in parsed.text and "details" in parsed.tags
    assert Parsed(upload_progress(done)).text.count("9 files read") == 1
    assert "Reading 10 of 11 files" in Parsed(upload_progress([*done, failed, UploadingFile("a.txt")])).text
