import gzip
import json
from pathlib import Path

import pytest

from index import SettingError
from qa.evaluate import Question, read_questions


def written(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_with_everything(tmp_path: Path) -> None:
    row = {
        "id": "q1",
        "question": "Who  left?",
        "context": "IBM left. Amazon too.\r\n",
        "answers": [{"text": "IBM", "start": 0}, {"text": "Amazon", "start": 10}],
        "multi": True,
        "title": "Facial_recognition",
        "is_impossible": False,
        "src": "ours",
    }
    assert read_questions(written(tmp_path, row)) == [
        Question(
            id="q1",
            question="Who left?",
            golds=("IBM", "Amazon"),
            context="IBM left. Amazon too.",
            multi=True,
            title="Facial recognition",
        )
    ]


def test_a_question_of_ones_own_needs_only_its_answers(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"question": "Who left?", "answers": ["IBM", "IBM Corp."], "document": "news.txt"},
        {"question": "Who stayed?", "answers": []},
        {"question": "Who came?", "is_impossible": True},
    )
    own, empty, impossible = read_questions(path)
    assert own == Question("1", "Who left?", ("IBM", "IBM Corp."), document="news.txt")
    assert own.answerable
    assert own.context is None
    assert not empty.answerable
    assert not impossible.answerable


def test_offsets_are_code_points(tmp_path: Path) -> None:
    row = {"question": "Who?", "context": "🦉🦉 Owls", "answers": [{"text": "Owls", "start": 3}]}
    assert read_questions(written(tmp_path, row))[0].golds == ("Owls",)


def test_gzip_a_mark_at_the_start_and_empty_lines_are_read(tmp_path: Path) -> None:
    row = json.dumps({"question": "Who?", "answers": ["a line\u2028end"]}, ensure_ascii=False)
    path = tmp_path / "questions.any"
    path.write_bytes(gzip.compress(f"\ufeff{row}\r\n\n{row}\n".encode()))
    assert [question.id for question in read_questions(path)] == ["1", "3"]


GOOD = {"question": "Who?", "answers": ["IBM"]}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{nonsense", "line 2: this is no JSON"),
        ("[" * 100_000, "line 2: this is no JSON"),
        ("[1, 2]", "line 2: each line must be one JSON object"),
        ('{"answers": ["x"]}', 'line 2: "question" is missing.'),
        ('{"question": 3, "answers": ["x"]}', 'line 2: "question" must be a text, not a number.'),
        ('{"question": " ? ", "answers": ["x"]}', 'line 2: "question": The question is empty'),
        ('{"question": "Who?"}', 'line 2: "answers" must be a list of texts'),
        ('{"question": "Who?", "answers": "IBM"}', 'line 2: "answers" must be a list of texts, empty when'),
        ('{"question": "Who?", "answers": [" "]}', 'line 2: each of the "answers" must be a text'),
        ('{"question": "Who?", "answers": [{"start": 1}]}', 'line 2: each of the "answers" must be a text'),
        ('{"question": "Who?", "answers": [null]}', 'line 2: each of the "answers" must be a text'),
        (
            '{"question": "Who?", "context": "It was IBM.", "answers": [{"text": "IBM", "start": 0}]}',
            "line 2: the answer 'IBM' does not stand at 0 of the context; 'It ' does.",
        ),
        (
            '{"question": "Who?", "context": "It was IBM.", "answers": [{"text": "IBM", "start": -4}]}',
            "line 2: the answer 'IBM' does not stand at -4",
        ),
        ('{"question": "Who?", "answers": [{"text": "IBM", "start": 0}]}', "line 2: the \"start\" of 'IBM'"),
        (
            '{"question": "Who?", "answers": [{"text": "IBM", "start": "0"}]}',
            "line 2: the \"start\" of 'IBM'",
        ),
        ('{"question": "Who?", "context": "", "answers": []}', 'line 2: "context" is empty'),
        (
            '{"question": "Who?", "context": ["IBM"], "answers": []}',
            'line 2: "context" must be a text, not a list.',
        ),
        ('{"question": "Who?", "answers": ["IBM"], "multi": "yes"}', 'line 2: "multi" must be true or false'),
        (
            '{"question": "Who?", "answers": ["IBM"], "is_impossible": true}',
            'line 2: "is_impossible" is true',
        ),
        ('{"id": "1", "question": "Who?", "answers": []}', "line 2: the id '1' stands in line 1 already."),
    ],
)
def test_a_malformed_row_is_named_by_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(SettingError) as raised:
        read_questions(path)
    assert str(raised.value).startswith(f"{path}, {message}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no questions."),
        (b"\n\n", "holds no questions."),
        (b'{"question": "\xff"}', "is not UTF-8 text (byte 14)."),
        (gzip.compress(b"x" * 1000, mtime=0)[:20], "is a damaged gzip file"),
        (b"\x1f\x8bnonsense", "is a damaged gzip file"),
    ],
)
def test_a_file_that_is_none_is_said_to_be(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(SettingError, match=r"questions\.jsonl") as raised:
        read_questions(path)
    assert message in str(raised.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="No such file"):
        read_questions(tmp_path / "missing.jsonl")
