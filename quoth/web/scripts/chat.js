// Questions and answers: one is answered at a time, others wait for their turn.
let running = null;
const queued = [];

// As it would be asked now: queued, it is asked in this conversation and of these documents later.
const asNow = (question, literal = false) => ({ question, literal, chat: currentChat, scope: structuredClone(scope) });

function ask({ question, literal, chat, scope, again = false }) {
  const { turns } = chatOf(chat);
  const number = Math.max(0, ...turns.map((turn) => turn.number)) + 1;
  const history = literal ? [] : turns.map(earlier);
  running = { number, question, literal, chat, scope, again, accepted: false, record: null, began: Date.now() };
  showRunning();
  noteTyping();
  setTimeout(showQueue, SOON);
  send("chat", "ask", { question, number, history, scope });
}

// A turn as a follow-up needs it: what was asked and answered, and from which document.
function earlier({ question, answer }) {
  const answered = answer?.answered;
  return { question, answer: answered ? answer.text : "", title: answered ? answer.citations[0].name : "" };
}

function showRunning() {
  $("#stop").hidden = !running;
  document.body.classList.toggle("answering", Boolean(running));
}

receivers.chat = (patch) => {
  if (patch.stopped) return askNext();
  if (patch.number !== running?.number) return;
  if (patch.refused) return refuse(patch.refused);
  if (!running.accepted) accept();
  running.record = patch.record;
  if (running.chat === currentChat) showTurn(patch);
  const unfinished = patch.running ? { problem: "This question was interrupted. Ask it again." } : {};
  keepTurn(running.chat, { ...patch.record, ...unfinished });
  if (!patch.running) finish(patch.spoken);
};

function accept() {
  running.accepted = true;
  noteTyping();
  showQueue();
}

function refuse(problem) {
  const { question } = running;
  running = null;
  showRunning();
  giveBack(question);
  boxProblem(problem);
  $("#question").focus();
  askNext();
}

function finish(spoken) {
  running = null;
  showRunning();
  $("#spoken").textContent = spoken;
  askNext();
}

function askOrQueue(question, literal) {
  if (!running && !away) return ask(asNow(question, literal));
  queued.push(asNow(question, literal));
  showQueue();
}

function askNext() {
  const next = running || away ? null : queued.shift();
  if (next) ask(next);
  showQueue();
}

// While the server can't be reached, what is asked waits; what else is open stays as it is.
const UNREACHABLE = "Quoth can’t be reached just now. What you ask waits here until it can.";
let away = false;
function reached(there) {
  const said = $("#box-problem").textContent === UNREACHABLE;
  const back = there && away;
  away = !there;
  if (there && said) boxProblem("");
  // What Gradio could not load while it was away, it never asks for again.
  if (back && !connected()) return location.reload();
  if (back) askNext();
  if (away) askLater();
  if (away && !said) boxProblem(UNREACHABLE);
}

// What the server has not heard of is the first to be asked.
const asBefore = ({ question, literal, chat, scope }) => ({ question, literal, chat, scope });
function askLater(again = false) {
  if (running?.accepted !== false) return;
  queued.unshift({ ...asBefore(running), again });
  running = null;
  showRunning();
  noteTyping();
  showQueue();
}

// Once more where the server is there again by now; after that it is for the person to see why.
function notAsked(problem) {
  if (running.again) return refuse(problem);
  askLater(true);
  askNext();
}

function stop() {
  if (!running) return;
  const { chat, record, question, number, scope } = running;
  send("chat", "stop", {});
  running = null;
  noteTyping();
  showRunning();
  const blank = { number, question, scope, answer: null };
  const kept = { ...(record ?? blank), problem: "Stopped before everything was read." };
  keepTurn(chat, kept);
  if (chat === currentChat) send("kept", "restore", { id: chat, turns: [kept] });
  $("#spoken").textContent = "Stopped.";
  $("#question").focus();
}
onClick("#stop", stop);

// Puts the turn and its sources where they were, or at the end.
function showTurn({ number, article, cards, running: going }) {
  const before = $(`#turn-${number}`);
  const turn = parsed(article).firstElementChild;
  const focused = before?.contains(document.activeElement);
  if (before) before.replaceWith(turn);
  else $("#log").append(turn);
  if (focused) turn.focus({ preventScroll: true });
  if (!going) markVerdict(turn, number);
  showSources(number, cards);
  document.body.classList.add("talking");
  if (!before) scrollTo(turn, "start");
}

function clearLog() {
  $("#log").replaceChildren();
  $("#groups").replaceChildren();
  $("#no-sources").hidden = false;
  document.body.classList.remove("talking");
  closeViewer();
}
