// The box for the question: what is typed is kept until it is asked, and comes back on request.
let recalled = -1;
const scope = { collection: "", documents: [], metadata: {} };

function setQuestion(text) {
  const box = $("#question");
  box.value = text;
  noteTyping();
}

function noteTyping() {
  const box = $("#question");
  localStorage.setItem(ownKey("draft"), box.value);
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

function boxProblem(words) {
  $("#box-problem").textContent = words;
  $("#box-problem").hidden = !words;
  $("#question").setAttribute("aria-invalid", String(Boolean(words)));
}

function submit() {
  const question = $("#question").value;
  if (!question.trim() || running?.accepted === false) return;
  boxProblem("");
  hideSuggestions();
  recalled = -1;
  if (!running) return ask(question);
  queued.push(question);
  setQuestion("");
  showQueue();
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
  const box = $("#question");
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

function showQueue() {
  $("#queue").hidden = !queued.length;
  $("#queue").replaceChildren(
    ...queued.map((question, place) => {
      const row = made("li", {}, `Next: ${question}`);
      const label = "Don’t ask this";
      row.append(made("button", { type: "button", class: "icon", "data-unqueue": place, "aria-label": label }, "×"));
      return row;
    }),
  );
}
onClick("[data-unqueue]", (button) => {
  const [question] = queued.splice(Number(button.dataset.unqueue), 1);
  if (!$("#question").value) setQuestion(question);
  showQueue();
  $("#question").focus();
});

function startComposer() {
  const box = $("#question");
  box.addEventListener("input", () => {
    boxProblem("");
    noteTyping();
  });
  box.addEventListener("keydown", boxKey);
  $("#box").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("#asked-of").addEventListener("change", ({ target }) => (scope.collection = target.value));
  setQuestion(localStorage.getItem(ownKey("draft")) ?? "");
  if (!phone.matches) box.focus({ preventScroll: true });
}
