// The evaluation: a file of questions, or the judged answers, asked all at once by the server.
const LARGEST_QUESTIONS = 5_000_000; // characters
const EVALUATION_PAUSE = 600;
let evaluationSoon = 0;

const lookAtEvaluation = () => send("evaluation", "evaluation", {});

receivers.evaluation = ({ html, running: going, problem, judged, file }) => {
  if (file) return download(file);
  clearTimeout(evaluationSoon);
  const box = $("#evaluation");
  const stopping = document.activeElement?.id === "stop-evaluation";
  if (box.source !== html) {
    box.replaceChildren(parsed((box.source = html)));
    if (stopping) ($("#stop-evaluation") ?? $("#choose-questions")).focus();
  }
  if (box.going && !going) $("#spoken").textContent = "The evaluation has ended.";
  box.going = going;
  evaluationProblem(problem);
  const use = $("#use-judged");
  use.hidden = !judged;
  use.textContent = `Use ${judged.toLocaleString("en")} judged ${judged === 1 ? "answer" : "answers"}`;
  if (going) evaluationSoon = setTimeout(lookAtEvaluation, EVALUATION_PAUSE);
};

function evaluationProblem(words) {
  $("#evaluation-problem").textContent = words;
  $("#evaluation-problem").hidden = !words;
}

// Made for the occasion: the page's own box for files is for documents.
onClick("#choose-questions", () => {
  const input = made("input", { type: "file", accept: ".jsonl,.json,.ndjson,.txt,.gz" });
  input.addEventListener("change", () => evaluateFile(input.files[0]));
  input.click();
});
async function evaluateFile(file) {
  const unpacked = new DecompressionStream("gzip");
  const stream = file.name.endsWith(".gz") ? file.stream().pipeThrough(unpacked) : file.stream();
  const text = await new Response(stream).text().catch(() => "");
  if (!text) return evaluationProblem(`${file.name} can’t be read, or is empty.`);
  if (text.length > LARGEST_QUESTIONS) return evaluationProblem(`${file.name} is too large for this page. quoth evaluate takes it.`);
  send("evaluation", "evaluate", { name: file.name, text });
}
onClick("#use-judged", () => send("evaluation", "evaluate", { judged: true }));
onClick("#stop-evaluation", () => send("evaluation", "halt", {}));
onClick("#save-report", () => send("evaluation", "report", {}));
