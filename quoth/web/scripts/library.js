// The list of documents: rows come a hundred at a time, and only those that changed are replaced.
const ROWS = 100;
const news = new BroadcastChannel("quoth");
let rows = ROWS;
let seen = "";
let confirming = null;
let lookAgain = 0;
const picked = new Map();

const listRequest = () => ({ wanted: $("#wanted").value, rows, seen });
const look = () => send("library", "look", listRequest());
function lookAnew() {
  seen = "";
  look();
}
// Other tabs of this browser hear of a change at once.
const tellOthers = () => news.postMessage("changed");
news.onmessage = () => lookAnew();
document.addEventListener("visibilitychange", () => !document.hidden && seen && look());

receivers.library = (patch) => {
  clearTimeout(lookAgain);
  if (patch.rest) lookAgain = setTimeout(look, 1000 * patch.rest);
  if (patch.same) return;
  // The reply to what was typed before; the one to what is typed now is on its way.
  if (patch.wanted !== $("#wanted").value && !patch.removed) return;
  ({ seen } = patch);
  const list = $("#documents");
  reconcile(list, parsed(patch.rows));
  list.hidden = !patch.listed;
  $("#count").textContent = patch.total.toLocaleString("en");
  const finding = $("#wanted").value.trim();
  $("#found").textContent = finding ? `${patch.found.toLocaleString("en")} of ${patch.total.toLocaleString("en")}` : "";
  const none = patch.total ? "No document of that name." : "There are no documents yet.";
  $("#no-documents").textContent = none;
  $("#no-documents").hidden = patch.listed > 0;
  $("#more-documents").hidden = patch.listed >= patch.found;
  $("#background").replaceChildren(parsed(patch.background));
  if ($("#welcome").source !== patch.welcome) $("#welcome").replaceChildren(parsed(($("#welcome").source = patch.welcome)));
  suggestFor(patch.total);
  showCollections(patch);
  showLibraryProblem(patch.problem ?? "");
  if (patch.removed) afterRemoval();
};

function reconcile(list, fresh) {
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  const focused = document.activeElement?.closest?.("#documents li")?.dataset.id;
  const focusedOn = document.activeElement?.className;
  const wantedRows = [...fresh.children].map((row) => {
    const source = row.outerHTML;
    const old = known.get(row.dataset.id);
    if (old?.source === source) return old;
    row.source = source;
    $(".pick", row).checked = picked.has(row.dataset.id);
    row.classList.toggle("confirming", row.dataset.id === confirming);
    return row;
  });
  wantedRows.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
  while (list.children.length > wantedRows.length) list.lastElementChild.remove();
  if (focused && document.activeElement === document.body) {
    const row = wantedRows.find((one) => one.dataset.id === focused);
    if (row) every("button, input", row).find((one) => one.className === focusedOn)?.focus();
  }
}

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

// What was quoted from a deleted document is shown no longer.
function afterRemoval() {
  tellOthers();
  const { turns } = chatOf(currentChat);
  if (turns.length && !running) send("kept", "restore", { id: currentChat, turns });
  const of = viewed()?.dataset.of;
  if (of && !every("#documents li").some((row) => row.dataset.id === of)) closeViewer();
}

function offerDeletion(row) {
  confirming = row?.dataset.id ?? null;
  for (const each of every("#documents li")) each.classList.toggle("confirming", each === row);
}
onClick("[data-ask]", (button) => {
  offerDeletion(button.closest("li"));
  $("[data-keep]", button.closest("li")).focus();
});
onClick("[data-keep]", (button) => {
  offerDeletion(null);
  $("[data-ask]", button.closest("li")).focus();
});
function remove(ids) {
  for (const id of ids) picked.delete(id);
  showPicked();
  askOnly(scope.documents.filter((id) => !ids.includes(id)));
  send("library", "remove", { ...listRequest(), ids });
}
onClick("[data-remove]", (button) => remove([button.dataset.remove]));
onClick("[data-again]", () => send("library", "again", listRequest()));
onClick("#more-documents", () => {
  rows += ROWS;
  lookAnew();
});

function showPicked() {
  $("#picked").hidden = !picked.size;
  $("#picked-count").textContent = `${picked.size} chosen`;
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
  $("#sure-title").textContent = `Delete ${picked.size} ${picked.size === 1 ? "document" : "documents"} for good?`;
  $("#sure").showModal();
});
onClick("#sure-yes", () => {
  $("#sure").close();
  remove([...picked.keys()]);
});

function startLibrary() {
  $("#documents").addEventListener("change", ({ target }) => {
    const row = target.closest("li");
    if (target.checked) picked.set(row.dataset.id, true);
    else picked.delete(row.dataset.id);
    showPicked();
  });
  $("#wanted").addEventListener("input", () => {
    rows = ROWS;
    lookAnew();
  });
  new IntersectionObserver(([entry]) => entry.isIntersecting && $("#more-documents").click()).observe($("#more-documents"));
  lookAnew();
}
