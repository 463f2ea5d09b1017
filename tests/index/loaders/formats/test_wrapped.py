"""Text whose lines were broken to a width, beside lines that mean something."""

import pytest

from index.documents.document import normalise
from index.loaders import load_bytes


def text_of(content: str, name: str = "a.txt") -> str:
    return load_bytes(content.encode(), name).text


GUIDE = """\
Setting up the pump
-------------------

The pump comes with a controller that opens a small port on the local
network, and which accepts the commands below from any machine that is
allowed to see it. Those that are too old for it must be asked through
the console.

* The ``level`` command learned to give the height of the water in the
  tank as a figure.
* New ``stop`` and
  ``start`` commands take the number of a valve.

    pump = connect("tank-3", port=4711, timeout=12)
    pump.start(valve=2, until="full", report=print_to_the_screen, again=True, tries=3, wait=0.25, log="a.log")
    pump.stop(valve=2)

Valves that were never opened are left as they are; so are those which
somebody else has in hand.

    name      litres   colour of its handle
    north     120      red
    south     80       green
"""


def test_prose_beside_code_and_tables_is_joined_paragraph_by_paragraph() -> None:
    lines = text_of(GUIDE).split("\n")
    for line in [
        "The pump comes with a controller that opens a small port on the local network, and which accepts "
        "the commands below from any machine that is allowed to see it. Those that are too old for it must "
        "be asked through the console.",
        "* The ``level`` command learned to give the height of the water in the tank as a figure.",
        "Valves that were never opened are left as they are; so are those which somebody else has in hand.",
    ]:
        assert line in lines


def test_code_and_tables_beside_prose_keep_their_lines() -> None:
    lines = [line.strip() for line in text_of(GUIDE).split("\n")]
    for paragraph in GUIDE.split("\n\n"):
        if "pump.start" in paragraph or "litres" in paragraph:
            assert [line.strip() in lines for line in paragraph.strip().split("\n")] == [True] * 3


OPTIONS = """\
--level METRES         Stop as soon as the water stands this high. The
                       default is 1.2, and 0 means that it is never
                       stopped
-q, --quiet            Say nothing
"""


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_the_description_beside_an_option_is_one_sentence_after_the_other(name: str) -> None:
    text = text_of(f"# Options\n\n```\n{OPTIONS}```\n" if name == "a.md" else f"{GUIDE}\n{OPTIONS}", name)
    assert text.endswith(
        "--level METRES         Stop as soon as the water stands this high. The default is 1.2, and 0 means "
        "that it is never stopped\n-q, --quiet            Say nothing"
    )


def test_a_manual_page_has_its_words_and_sentences_whole() -> None:
    page = """
     The pump reads its config-
     uration from the file that is given, and a keyword-argu-
     ment pair a line is what it  expects  there.   Only
     the first argument of a keyword counts.

     Level   How high the water may stand in the largest
             of all tanks.
"""
    text = (
        "The pump reads its configuration from the file that is given, and a keyword-argument pair a line "
        "is what it expects there. Only the first argument of a keyword counts.\n\n"
        "Level   How high the water may stand in the largest of all tanks."
    )
    assert text_of(page) == text
    assert text_of(page.replace("-", "\u2010")) == text.replace("-", "\u2010")


@pytest.mark.parametrize(
    "lines",
    [
        [
            "error in the pump house, as the northern valve is still closed",
            "error in the boat house, as the southern gate is still locked",
            "error in the pump house, as the southern valve is still closed",
            "error in the tool house, as the northern lamp is still burning",
        ],
        [
            "x = 1      # the northern valve, which is opened",
            "           # by hand",
        ],
        [
            "Slowly the boats came home in the dark before the rain began",
            "And nobody was left to count them, nor to hold up the light",
            "Only the dog sat waiting on the quay as it had done for days",
            "And heard the oars, and one by one the voices, and was quiet",
        ],
        [
            "north     red and green, and the one that nobody ever sees",
            "          4.25",
        ],
    ],
)
def test_lines_that_are_entries_stay_lines(lines: list[str]) -> None:
    assert text_of("\n".join(lines)) == normalise("\n".join(lines))
    assert text_of(GUIDE + "\n" + "\n".join(lines)).endswith("\n\n" + "\n".join(lines).lstrip())
