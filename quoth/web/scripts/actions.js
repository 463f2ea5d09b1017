// What can be done with an answer: copy, edit, ask again, ask exactly, and say whether it was right.
const VERDICTS = ownKey("verdicts");
const turnOf = (element) => {
  const number = Number(element.closest(".turn").id.replace("turn-", ""));
  return chatOf(currentChat).turns.find((turn) => turn.number === number);
};

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that don't come over https or from this machine may not use the clipboard directly.
    const box = document.body.appendChild(made("textarea", { "aria-hidden": "true" }));
    box.value = text;
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  toast("Copied with file and page.");
}

onClick('[data-act="copy"]', (button) => copy(button.dataset.copy));
onClick('[data-act="edit"]', (button) => {
  setQuestion(turnOf(button).question);
  showTab("chat");
  $("#question").focus();
});
onClick('[data-act="again"]', (button) => askOrQueue(turnOf(button).question, false));
onClick('[data-act="literal"]', (button) => askOrQueue(turnOf(button).question, true));

const verdictKey = (number) => `${currentChat}-${number}`;

function markVerdict(turn, number) {
  const verdict = readKept(VERDICTS)?.[verdictKey(number)]?.verdict;
  for (const button of every("[data-verdict]", turn))
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
}

// Kept with the library; this browser remembers which button was pressed.
function keepVerdict(record, verdict, right) {
  const verdicts = readKept(VERDICTS) ?? {};
  const id = verdictKey(record.number);
  if (verdict) verdicts[id] = { verdict };
  else delete verdicts[id];
  keep(VERDICTS, verdicts);
  send("kept", "judge", { id, verdict, right, turn: record });
  markVerdict($(`#turn-${record.number}`), record.number);
}

onClick("[data-verdict]", (button) => {
  const turn = button.closest(".turn");
  $(".correction", turn)?.remove();
  const record = turnOf(button);
  const { verdict } = button.dataset;
  if (button.getAttribute("aria-pressed") === "true") return keepVerdict(record, null);
  keepVerdict(record, verdict, null);
  if (verdict !== "right") $(".actions", turn).after(correction(record, verdict));
  $(".correction textarea", turn)?.focus();
});

function correction(record, verdict) {
  const form = made("form", { class: "correction" });
  const label = made("label", {}, "What is the right answer? One a line; nothing if the documents don’t say.");
  const box = made("textarea", { rows: "2" });
  label.append(box);
  form.append(label, made("button", {}, "Save"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keepVerdict(record, verdict, box.value);
    form.remove();
    toast("Thank you. Chats has a file of all judged answers.");
  });
  return form;
}

function showJudged(number) {
  const button = $("#export-judged");
  button.hidden = !number;
  button.textContent = `Export ${number} judged ${number === 1 ? "answer" : "answers"} for quoth evaluate`;
}
onClick("#export-judged", () => send("kept", "export_judged", {}));
