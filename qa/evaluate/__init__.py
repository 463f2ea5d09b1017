"""How often the answers are right, measured on questions whose answers are known."""

from qa.evaluate.asking import ask_library
from qa.evaluate.figures import OUTCOMES, Figures, Judged, Verdict, judge, measure, worst
from qa.evaluate.questions import Question, questions_in, read_questions
from qa.evaluate.report import prepare, write_report
from qa.evaluate.result import Result, Seen, Way
from qa.evaluate.table import as_text, sections
from qa.evaluate.way import Asking, asking, choose, spread

__all__ = [
    "OUTCOMES",
    "Asking",
    "Figures",
    "Judged",
    "Question",
    "Result",
    "Seen",
    "Verdict",
    "Way",
    "as_text",
    "ask_library",
    "asking",
    "choose",
    "judge",
    "measure",
    "prepare",
    "questions_in",
    "read_questions",
    "sections",
    "spread",
    "worst",
    "write_report",
]
