"""An evaluation as HTML: how far it is, then its figures, plots and the questions that went wrong.

Whatever comes from a document or a person is escaped here.
"""

from collections import Counter
from collections.abc import Container, Sequence
from html import escape

from qa import Citation
from qa.evaluate import OUTCOMES, Figures, Judged, Verdict, plots
from qa.evaluate.running import EvaluationRun
from quoth.counted import counted
from quoth.web.cards import opener, where
from quoth.web.listing import progress_bar

_MOST_WRONG = 50
_LONGEST_SENTENCE = 400
_MEANS: dict[Verdict, tuple[str, str]] = {
    "served": ("Served", "The answer is right, or what is shown with it holds the right one."),
    "not served": ("Not served", "An answer was shown that helps nobody."),
    "refused": ("Refused", "No sure answer, though the right one was expected from your documents."),
    "rightly refused": ("Rightly refused", "No sure answer, and there is none."),
}
_FORMS = {"phrase": "A phrase", "list": "A list", "passage": "Sentences"}
_CAPTIONS = (
    (
        plots.reliability,
        "Reliability",
        "Each dot stands for the answers of one confidence. On the dashed line confidence is as often right "
        "as it says; below it, Quoth is too sure.",
    ),
    (
        plots.trade,
        "The threshold",
        "A higher threshold gives fewer answers, of which more should be right. The upright line is where it "
        "stands now.",
    ),
)


def progress(run: EvaluationRun) -> str:
    """How many questions have been asked, and how they turned out so far."""
    done, total = len(run.judged), len(run.questions)
    state = "Waiting for another evaluation" if run.state == "waiting" else f"{done:,} of {total:,} asked"
    served = Counter(one.outcome for one in list(run.judged))["served"]
    so_far = f" · {served:,} served so far" if done else ""
    name = escape(run.name)
    return (
        f'<section class="run" aria-label="Evaluation under way"><p class="name" dir="auto">{name}</p>'
        f'<p class="facts">{state}{so_far}</p>{progress_bar(done / total, "Questions asked")}'
        '<button type="button" class="plain" id="stop-evaluation">Stop</button></section>'
    )


def results(run: EvaluationRun, there: Container[str]) -> str:
    """What it came to; of one that was stopped, what it had come to by then.

    Nothing is shown of documents whose ids are not `there` any more.
    """
    problem = f'<p class="problem" role="alert">{escape(run.problem)}</p>' if run.problem else ""
    if not run.judged:
        return problem or '<p class="hint">Stopped before the first question was asked.</p>'
    figures, judged = run.figures, run.judged
    return (
        f'{problem}<section class="evaluation"><header><h3 dir="auto">{escape(run.name)}</h3>'
        f'<p class="facts">{_asked(run)}</p></header>{_outcomes(judged)}{_forms(figures)}{_drawn(figures)}'
        f"{_wrong(judged, there)}"
        '<p class="foot"><button type="button" class="plain" id="save-report">Save all of it as a report'
        "</button></p></section>"
    )


def _asked(run: EvaluationRun) -> str:
    asked = f"{counted(len(run.judged), 'question')}"
    if len(run.judged) < run.of:
        asked += f" of {run.of:,}"
    return f"{asked}, asked of your documents. An answer needs a confidence of {run.threshold:.0%}."


def _outcomes(judged: Sequence[Judged]) -> str:
    """A bar of all questions, and below it the number of each kind with what it means."""
    numbers = Counter(one.outcome for one in judged)
    there = [outcome for outcome in OUTCOMES if numbers[outcome]]
    summary = ", ".join(f"{numbers[one]:,} {_MEANS[one][0].lower()}" for one in there)
    parts = "".join(
        f'<i class="{one.replace(" ", "-")}" style="--share: {numbers[one]}"></i>' for one in there
    )
    rows = "".join(
        f'<li><i class="{one.replace(" ", "-")}"></i>'
        f'<span class="share">{numbers[one] / len(judged):.0%}</span>'
        f'<span><b>{_MEANS[one][0]}</b> <span class="facts">{numbers[one]:,} of {len(judged):,}</span>'
        f"<br>{_MEANS[one][1]}</span></li>"
        for one in there
    )
    bar = f'<div class="outcome-bar" role="img" aria-label="{summary}">{parts}</div>'
    return f'{bar}<ul class="outcomes">{rows}</ul>'


def _forms(figures: Figures) -> str:
    forms = [(_FORMS[form], rate) for form, rate in figures.shown.forms.items() if rate.total]
    if not forms:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{rate.total:,}</td><td>{rate.count:,}</td>'
        f"<td>{rate.share or 0:.0%}</td></tr>"
        for name, rate in forms
    )
    return (
        '<h4>By form of the answer</h4><table class="forms"><thead><tr><th scope="col">Answered with</th>'
        '<th scope="col">Answers</th><th scope="col">Served</th><th scope="col">Share</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _drawn(figures: Figures) -> str:
    drawn = "".join(
        f"<figure><h4>{title}</h4>{draw(figures)}<figcaption>{escape(caption)}</figcaption></figure>"
        for draw, title, caption in _CAPTIONS
    )
    return f'<div class="plots">{drawn}</div>'


def _wrong(judged: Sequence[Judged], there: Container[str]) -> str:
    """Those that were not served and those refused, the surest first."""
    wrong = [one for one in judged if one.outcome in ("not served", "refused")]
    if not wrong:
        return "<h4>What went wrong</h4><p>Nothing: every question was served or rightly refused.</p>"
    wrong.sort(key=lambda one: (one.outcome == "refused", -one.confidence))
    rest = len(wrong) - _MOST_WRONG
    more = f'<p class="facts">And {rest:,} more, in the report.</p>' if rest > 0 else ""
    rows = "".join(_went_wrong(one, there) for one in wrong[:_MOST_WRONG])
    title = f'<h4>What went wrong <span class="facts">{len(wrong):,}</span></h4>'
    return f'{title}<ul class="wrong">{rows}</ul>{more}'


def _went_wrong(one: Judged, there: Container[str]) -> str:
    answer, question = one.result.answer, one.result.question
    cited = (answer.citations or answer.closest)[:1]
    expected = escape("; ".join(question.golds)) if question.golds else "<em>no answer</em>"
    summary = escape(answer.text) if one.answered else "<em>No sure answer</em>"
    if any(citation.document_id not in there for citation in answer.citations or answer.closest):
        cited, summary = (), "<em>This document has been deleted or replaced since.</em>"
    nearest = "" if one.answered or not cited else '<span class="facts">Nearest:</span> '
    # Of sentences, the quote below is the answer itself.
    answered = "" if cited and answer.form == "passage" else f'<dd dir="auto">{summary}</dd>'
    shown = "".join(f"<dd>{nearest}{_place(citation)}</dd>" for citation in cited)
    kind = one.outcome.replace(" ", "-")
    return (
        f'<li class="{kind}"><p class="asked" dir="auto">{escape(question.question)}</p>'
        f'<p class="facts"><i class="{kind}"></i>{_MEANS[one.outcome][0]}'
        f" · confidence {one.confidence:.0%}</p>"
        f'<dl><dt>Expected</dt><dd dir="auto">{expected}</dd>'
        f"<dt>Shown</dt>{answered}{shown}</dl>"
        f'<button type="button" class="plain" data-example="{escape(question.question)}">Ask it in the chat'
        "</button></li>"
    )


def _place(citation: Citation) -> str:
    """The sentence, cut where it is long, and the way to its place."""
    sentence = " ".join(citation.sentence.split())
    if len(sentence) > _LONGEST_SENTENCE:
        sentence = f"{sentence[:_LONGEST_SENTENCE].rsplit(' ', 1)[0]} …"
    place = f' <span class="page">{escape(where(citation))}</span>' if where(citation) else ""
    content = f'<span class="file" dir="auto">{escape(citation.name)}</span>{place}'
    places = [(citation.sentence_start, citation.sentence_end)]
    return f'<q dir="auto">{escape(sentence)}</q> {opener(citation, places, content, "cited plain")}'
