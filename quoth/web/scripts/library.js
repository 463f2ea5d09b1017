// What is known of the documents: looked at when something has changed, at most four times a second.
const PAUSE = 250;
// Milliseconds between two questions whether it has, and for how long to rest after a slow answer.
const LISTENS = 2000;
const RESTS = 20;
const news = new BroadcastChannel("quoth");
let seen = "";
let listensAgain = 0;
let total = 0;
let lookedAt = -PAUSE;
let lookSoon = 0;
const picked = new Map();
const folded = new Set();

const listRequest = () => ({
  ...{ wanted: $("#wanted").value, start: firstRow, rows: ROWS },
  ...{ folded: [...folded], metadata: scope.metadata },
});
const look = () => send("library", "look", listRequest());
function lookAnew() {
  lookSoon ||= setTimeout(() => {
    lookSoon = 0;
    lookedAt = performance.now();
    look();
  }, Math.max(0, lookedAt + PAUSE - performance.now()));
}
// Other tabs of this browser hear of a change at once.
const tellOthers = () => news.postMessage("changed");
news.onmessage = () => lookAnew();

// Other browsers, the shell, watched folders and vectors on their way change it too. A page that nobody sees
// doesn't ask.
async function listen() {
  clearTimeout(listensAgain);
  if (document.hidden) return;
  const began = performance.now();
  try {
    const reply = await fetch("/library-state");
    reached(true);
    if (reply.ok && (await reply.text()) !== seen) lookAnew();
  } catch {
    reached(false); // it may be back by the next time
  }
  clearTimeout(listensAgain);
  listensAgain = setTimeout(listen, Math.max(LISTENS, RESTS * (performance.now() - began)));
}
document.addEventListener("visibilitychange", listen);

receivers.library = (patch) => {
  // The reply to what was wanted before; the one to what is wanted now is on its way.
  if ((patch.wanted !== $("#wanted").value || patch.asked !== firstRow) && !patch.changed) return;
  ({ seen } = patch);
  if (patch.total < total && !patch.changed) showAnew();
  ({ total } = patch);
  showRows(patch);
  $("#count").textContent = patch.total.toLocaleString("en");
  const finding = $("#wanted").value.trim() || Object.keys(scope.metadata).length;
  $("#found").textContent = finding ? `${patch.found.toLocaleString("en")} of ${patch.total.toLocaleString("en")}` : "";
  const none = patch.total ? "No document is found by that." : "There are no documents yet.";
  $("#no-documents").textContent = none;
  $("#no-documents").hidden = patch.found > 0;
  $("#background").replaceChildren(parsed(patch.background));
  document.body.classList.toggle("trouble", Boolean($("#background .problem")));
  if ($("#welcome").source !== patch.welcome) $("#welcome").replaceChildren(parsed(($("#welcome").source = patch.welcome)));
  suggestFor(patch.total);
  showCollections(patch);
  showLibraryProblem(patch.problem ?? "");
  if (patch.changed) afterChange(patch);
};

function showCollections({ collections, used }) {
  const names = collections.map((name) => made("option", { value: name }, name));
  $("#collections").replaceChildren(...names);
  const choice = $("#asked-of");
  choice.replaceChildren(made("option", { value: "" }, "All documents"), ...names.map((one) => one.cloneNode(true)));
  choice.value = collections.includes(scope.collection) ? scope.collection : "";
  choice.hidden = used < 2;
}

function showLibraryProblem(words) {
  $("#library-problem").textContent = words;
  $("#library-problem").hidden = !words;
}

// What can be undone is kept in the browser, so that a page that is opened anew offers it again. The server
// forgets what was deleted after two minutes.
const UNDO = ownKey("undo");
const UNDO_TIME = 115_000;
function offerUndo(words, how) {
  keep(UNDO, { words, how, until: Date.now() + UNDO_TIME });
  showUndo();
}
function showUndo() {
  const kept = readKept(UNDO);
  if (kept?.until > Date.now()) toast(kept.words, () => takeBack(kept.how));
}
function takeBack({ key, back = [] }) {
  localStorage.removeItem(UNDO);
  if (key) send("library", "undo", { ...listRequest(), key });
  undoing += back.length;
  for (const [collection, ids] of back) send("library", "move", { ...listRequest(), ids, collection });
}

// What was quoted from a deleted document is shown no longer, and again when it is back.
function showAnew() {
  const { turns } = chatOf(currentChat);
  if (turns.length && !running) send("kept", "restore", { id: currentChat, turns });
}
let removed = [];
let undoing = 0; // moves on their way that take others back
const inWords = (number) => `${number.toLocaleString("en")} ${number === 1 ? "document" : "documents"}`;
function afterChange({ changed, undo: key, back = [], problem }) {
  tellOthers();
  showAnew();
  if (changed === "moved" && undoing) return undoing--;
  const moved = back.flatMap(([, ids]) => ids).length;
  if (moved) return offerUndo(`${inWords(moved)} moved.`, { back });
  if (changed !== "removed" || problem) return;
  if (removed.includes(viewed()?.dataset.of)) closeViewer();
  const words = `${inWords(removed.length)} deleted.`;
  if (key) offerUndo(words, { key });
  else toast(`${words} So much text can’t be brought back.`);
}

function forgetPicked(ids) {
  for (const id of ids) picked.delete(id);
  showPicked();
  askOnly(scope.documents.filter((id) => !ids.includes(id)));
}

function remove(ids) {
  removed = ids;
  forgetPicked(ids);
  send("library", "remove", { ...listRequest(), ids });
}
onClick("[data-remove]", (button) => {
  const row = button.closest("li");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  ($("[data-remove]", next ?? document) ?? $("#wanted")).focus();
  remove([button.dataset.remove]);
});

onClick("#move-picked", () => {
  const number = picked.size;
  $("#move-title").textContent = `Move ${number} ${number === 1 ? "document" : "documents"} to a collection`;
  $("#move").showModal();
  $("#move-to").select();
});
function movePicked(event) {
  event.preventDefault();
  const ids = [...picked.keys()];
  $("#move").close();
  forgetPicked(ids);
  send("library", "move", { ...listRequest(), ids, collection: $("#move-to").value });
}

onClick("[data-fold]", ({ dataset }) => {
  if (!folded.delete(dataset.fold)) folded.add(dataset.fold);
  lookAnew();
});
onClick("[data-within]", ({ dataset }) => {
  scope.collection = $("#asked-of").value = dataset.within;
  showTab("chat");
  $("#question").focus();
});

// Typed as key=value, what documents say of themselves limits the list and what is asked.
function showChips() {
  const chips = Object.entries(scope.metadata).map(([key, value]) => {
    const chip = made("li", { class: "filter-chip" }, `${key}=${value}`);
    const label = `Remove the filter ${key}=${value}`;
    chip.append(made("button", { type: "button", class: "icon", "data-unfilter": key, "aria-label": label }, "×"));
    return chip;
  });
  $("#filters").replaceChildren(...chips);
  $("#filters").hidden = !chips.length;
  showScope();
  fromTheTop();
}
function addChip(event) {
  const [, key, value] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec($("#wanted").value) ?? [];
  if (event.key !== "Enter" || !key) return;
  event.preventDefault();
  scope.metadata[key] = value;
  $("#wanted").value = "";
  showChips();
}
onClick("[data-unfilter]", ({ dataset }) => {
  delete scope.metadata[dataset.unfilter];
  showChips();
  $("#wanted").focus();
});

onClick("[data-again]", () => send("library", "again", listRequest()));

function showPicked() {
  $("#picked").hidden = !picked.size;
  $("#picked-count").textContent = `${picked.size} chosen`;
  $("#documents").classList.toggle("picking", picked.size > 0);
  for (const box of every("#documents .pick")) box.checked = picked.has(box.closest("li").dataset.id);
}
onClick("#clear-picked", () => {
  picked.clear();
  showPicked();
});
onClick("#ask-picked", () => {
  askOnly([...picked.keys()]);
  showTab("chat");
  $("#question").focus();
});
onClick("#remove-picked", () => {
  $("#sure-title").textContent = `Delete ${picked.size} ${picked.size === 1 ? "document" : "documents"}?`;
  $("#sure").showModal();
});
onClick("#sure-yes", () => {
  $("#sure").close();
  remove([...picked.keys()]);
});

// It came with the page; where it couldn't be had, the page looks again.
function firstLook() {
  const given = $("#first-look").textContent;
  if (given) receivers.library(JSON.parse(given));
  else lookAnew();
}

function startLibrary() {
  $("#documents").addEventListener("change", ({ target }) => {
    const row = target.closest("li");
    if (target.checked) picked.set(row.dataset.id, true);
    else picked.delete(row.dataset.id);
    showPicked();
  });
  $("#move form").addEventListener("submit", movePicked);
  $("#wanted").addEventListener("keydown", addChip);
  $("#wanted").addEventListener("input", fromTheTop);
  startRows();
  firstLook();
  listen();
  showUndo();
}
