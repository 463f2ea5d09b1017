"""How often the answers are right, measured on questions whose answers are known."""

from qa.evaluate.figures import Figures, Judged, judge, measure, worst
from qa.evaluate.outcome import Outcome, Seen, Way
from qa.evaluate.questions import Question, read_questions
from qa.evaluate.report import prepare, write_report
from qa.evaluate.table import as_text, sections
from qa.evaluate.way import Asking, asking, choose

__all__ = [
    "Asking",
    "Figures",
    "Judged",
    "Outcome",
    "Question",
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
