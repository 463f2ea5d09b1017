// Questions and answers: one is answered at a time, others wait for their turn.
let running = null;
const queued = [];

// As it would be asked now: queued, it is asked in this conversation and of these documents later.
const asNow = (question, literal = false) => ({ question, literal, chat: currentChat, scope: structuredClone(scope) });

function ask({ question, literal, chat, scope }) {
  const { turns } = chatOf(chat);
  const number = Math.max(0, ...turns.map((turn) => turn.number)) + 1;
  const history = literal ? [] : turns.map(earlier);
  running = { number, question, chat, scope, accepted: false, record: null, began: Date.now() };
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
  if (!running) return ask(asNow(question, literal));
  queued.push(asNow(question, literal));
  showQueue();
}

function askNext() {
  const next = running ? null : queued.shift();
  showQueue();
  if (next) ask(next);
}

// What the server has not heard of comes back into the box; what else is open stays as it is.
const UNREACHABLE = "Quoth can’t be reached just now. What you typed is kept here.";
function reached(there) {
  const said = $("#box-problem").textContent === UNREACHABLE;
  document.body.classList.toggle("away", !there);
  if (there) return said && boxProblem("");
  if (running?.accepted === false) {
    const { question } = running;
    running = null;
    showRunning();
    giveBack(question);
    showQueue();
  }
  if (!said) boxProblem(UNREACHABLE);
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
