// The box for the question: what is typed is kept until it is asked, and comes back on request.
let recalled = -1;
let early = false; // Enter was pressed before the page could ask anything
const scope = { collection: "", documents: [], metadata: {} };

function setQuestion(text) {
  const box = $("#question");
  box.value = text;
  noteTyping();
}

// What is not certain to have reached the server is kept with what is typed, for when this tab is gone; a page
// that is only opened anew asks it again.
const DRAFT = ownKey("draft");
const QUEUE = ownKey("queue");
const underway = () => (running?.accepted === false ? [asBefore(running)] : []);
function noteTyping() {
  const box = $("#question");
  const unheard = [...underway(), ...queued].map(({ question }) => question);
  localStorage.setItem(DRAFT, joined(...unheard, box.value));
  sessionStorage.setItem(DRAFT, box.value);
  sessionStorage.setItem(QUEUE, JSON.stringify([...underway(), ...queued]));
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

const joined = (...texts) => texts.filter((text) => text.trim()).join("\n");

// Puts back what could not be asked, before what was typed since.
function giveBack(question) {
  setQuestion(joined(question, $("#question").value));
}

function boxProblem(words) {
  $("#box-problem").textContent = words;
  $("#box-problem").hidden = !words;
  $("#question").setAttribute("aria-invalid", String(Boolean(words)));
}

function submit() {
  const question = $("#question").value;
  if (!question.trim()) return;
  if (!away) boxProblem("");
  hideSuggestions();
  recalled = -1;
  askOrQueue(question, false);
  setQuestion("");
}

// Arrow up, from the first line: the questions asked before, the latest first.
function recall(step) {
  const asked = keptChats().flatMap((chat) => chat.turns.map((turn) => turn.question).reverse());
  const place = Math.max(-1, Math.min(recalled + step, asked.length - 1));
  if (place === recalled) return;
  recalled = place;
  setQuestion(place < 0 ? "" : asked[place]);
}

function boxKey(event) {
  const box = event.target;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  } else if (event.key === "ArrowUp" && (recalled >= 0 || !box.value)) {
    event.preventDefault();
    recall(1);
  } else if (event.key === "ArrowDown" && recalled >= 0) {
    event.preventDefault();
    recall(-1);
  }
}

function askOnly(documents) {
  scope.documents = documents;
  showScope();
}

// What the next question is asked of, where that is not everything.
function showScope() {
  const number = scope.documents.length;
  const filters = Object.entries(scope.metadata).map(([key, value]) => `${key}=${value}`);
  const chosen = $("#chosen");
  chosen.hidden = !number && !filters.length;
  const documents = number ? `${number} ${number === 1 ? "document" : "documents"}` : "documents";
  const words = `Asking ${documents}${filters.length ? ` with ${filters.join(", ")}` : ""}`;
  const label = "Ask all documents again";
  chosen.replaceChildren(
    made("span", { dir: "auto" }, words),
    made("button", { type: "button", class: "icon", id: "ask-all", title: label, "aria-label": label }, "×"),
  );
}
onClick("#ask-all", () => {
  askOnly([]);
  if (Object.keys(scope.metadata).length) {
    scope.metadata = {};
    showChips();
  }
  $("#question").focus();
});

function waitingRow(words) {
  const row = made("li");
  row.append(made("span", { dir: "auto" }, words));
  return row;
}

const SOON = 400;
function showQueue() {
  noteTyping();
  // Mostly the server has it before anybody misses it in the box.
  const missed = underway().length && Date.now() - running.began >= SOON;
  $("#queue").hidden = !queued.length && !missed;
  $("#queue").replaceChildren(
    ...(missed ? [waitingRow(`Asking: ${running.question}`)] : []),
    ...queued.map(({ question }, place) => {
      const row = waitingRow(`Next: ${question}`);
      const label = "Don’t ask this";
      row.append(made("button", { type: "button", class: "icon", "data-unqueue": place, "aria-label": label }, "×"));
      return row;
    }),
  );
}
onClick("[data-unqueue]", (button) => {
  const [{ question }] = queued.splice(Number(button.dataset.unqueue), 1);
  if (!$("#question").value) setQuestion(question);
  showQueue();
  $("#question").focus();
});

function startComposer() {
  const box = $("#question");
  box.addEventListener("keydown", boxKey);
  box.addEventListener("input", () => {
    if (!away) boxProblem("");
    noteTyping();
  });
  $("#box").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("#asked-of").addEventListener("change", ({ target }) => (scope.collection = target.value));
  queued.push(...JSON.parse(sessionStorage.getItem(QUEUE) ?? "[]"));
  // Until this script was read, Enter began a new line.
  early = /\S\s*\n$/.test(box.value);
  setQuestion(box.value.trim() || (sessionStorage.getItem(DRAFT) ?? localStorage.getItem(DRAFT) ?? ""));
  if (!phone.matches) box.focus({ preventScroll: true });
}

// Goes on with what waited when the page was left.
function goOn() {
  showQueue();
  if (!running) askNext();
  if (early) submit();
}
