"""How often the answers are right, measured on questions whose answers are known."""

from qa.evaluate.figures import Figures, Judged, judge, measure, worst
from qa.evaluate.questions import Question, read_questions
from qa.evaluate.report import prepare, write_report
from qa.evaluate.result import Result, Seen, Way
from qa.evaluate.table import as_text, sections
from qa.evaluate.way import Asking, asking, choose

__all__ = [
    "Asking",
    "Figures",
    "Judged",
    "Question",
    "Result",
    "Seen",
    "Way",
    "as_text",
    "asking",
    "choose",
    "judge",
    "measure",
    "prepare",
    "read_questions",
    "sections",
    "worst",
    "write_report",
]
