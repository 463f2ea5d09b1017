// A document beside the chat: its quotes one by one, words found in it, and the way back.
let opener = null;
let wanted = null;

function openDocument(button, from = button) {
  const { document: id, start, end, places } = button.dataset;
  if (!button.closest("#viewer, #sheet, #preview")) opener = from;
  else if (previewed) opener = previewed;
  $("#sheet").close();
  hidePreview();
  wanted = { document: id, start, end, places, as: shownAs() };
  // Room is made at once, so that nothing moves under the reader's eyes when the document comes.
  $("#panes").classList.add("opening");
  send("viewer", "open", wanted);
}

// PDFs open as their pages, on phones as their text; what a person chose once stays.
const shownAs = () => localStorage.getItem(ownKey("as")) ?? (phone.matches ? "text" : "pages");
function showAs(kind) {
  wanted = { ...wanted, as: kind };
  send("viewer", "open", wanted);
}
onClick("#viewer [data-as]", (button) => {
  localStorage.setItem(ownKey("as"), button.dataset.as);
  showAs(button.dataset.as);
});
onClick("[data-document]", (button) => openDocument(button));

receivers.viewer = (patch) => {
  const { document: id, start, as } = patch.asked;
  if (id !== wanted?.document || start !== wanted.start || as !== wanted.as) return;
  $("#panes").classList.remove("opening");
  if (patch.failed) return toast(patch.failed);
  $("#viewer").replaceChildren(parsed(patch.html));
  if (!document.body.classList.contains("viewing")) history.pushState({ quoth: "viewer" }, "");
  document.body.classList.add("viewing");
  showTab("beside");
  startViewer(patch.asked);
};

const viewed = () => $("#viewer .viewer");
// A quote over several cells or lines has several marks of one place.
const quotes = () => [...new Set(every("#viewer mark").map((mark) => mark.dataset.at))];

function startViewer({ start }) {
  const there = quotes();
  $("#viewer .quotes").hidden = !there.length;
  $("#viewer h2").focus({ preventScroll: true });
  const at = there.findLastIndex((one) => Number(one) <= Number(start));
  if (there.length) showQuote(Math.max(0, at), false);
  $("#viewer .pages").addEventListener("scroll", () => requestAnimationFrame(showPage), { passive: true });
  const find = $("#viewer .finding input");
  find.addEventListener("input", () => ($("#viewer .picture") ? findInText(find.value) : findWords(find.value)));
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    showFound(event.shiftKey ? -1 : 1);
  });
  showPage();
  if (!typed) return;
  find.value = typed;
  typed = "";
  find.focus();
  findWords(find.value);
}

// Pictures have no words to find: the text is shown, with what is typed meanwhile.
let typed = "";
function findInText(words) {
  if (!typed) showAs("text");
  typed = words;
}

let quoteAt = 0;
function showQuote(place, smoothly = true) {
  const there = quotes();
  quoteAt = (place + there.length) % there.length;
  for (const mark of every("#viewer mark")) mark.classList.toggle("now", mark.dataset.at === there[quoteAt]);
  $("#viewer .quote-at").textContent = `Quote ${quoteAt + 1} of ${there.length}`;
  bring($("#viewer mark.now").getBoundingClientRect(), smoothly);
}
onClick("[data-quote]", (button) => showQuote(quoteAt + Number(button.dataset.quote)));

// Scrolls the text alone, on a phone the page, so that the place is at a third of its height.
function bring(place, smoothly) {
  const pages = $("#viewer .pages");
  const { top, height } = pages.getBoundingClientRect();
  const behavior = smoothly && !calm.matches ? "smooth" : "auto";
  if (phone.matches) return window.scrollBy({ top: place.top - innerHeight / 3, behavior });
  pages.scrollBy({ top: place.top - top - height / 3, behavior });
}

function showPage() {
  const pages = $("#viewer .pages");
  const total = viewed()?.dataset.pages;
  if (!pages || total === "0") return;
  const middle = pages.getBoundingClientRect().top + pages.clientHeight / 3;
  const sheets = every("[data-page]", pages);
  const sheet = sheets.findLast((one) => one.getBoundingClientRect().top <= middle) ?? sheets[0];
  $("#viewer .at").textContent = `Page ${Number(sheet.dataset.page).toLocaleString("en")} of ${Number(total).toLocaleString("en")}`;
}

let found = [];
let foundAt = -1;
function findWords(words) {
  found = words.trim() ? rangesOf(words.trim().toLowerCase()) : [];
  foundAt = -1;
  if (CSS.highlights) CSS.highlights.set("found", new Highlight(...found));
  $("#viewer .found-at").textContent = words.trim() && !found.length ? "not found" : "";
  if (found.length) showFound(1);
}

function rangesOf(words) {
  const ranges = [];
  const walker = document.createTreeWalker($("#viewer .pages"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    // Where a letter changes its length in lower case, places would not fit.
    if (text.length !== walker.currentNode.data.length) continue;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
      const range = new Range();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + words.length);
      ranges.push(range);
    }
  }
  return ranges;
}

function showFound(step) {
  if (!found.length) return;
  foundAt = (foundAt + step + found.length) % found.length;
  if (CSS.highlights) CSS.highlights.set("found-now", new Highlight(found[foundAt]));
  $("#viewer .found-at").textContent = `${foundAt + 1} of ${found.length}`;
  bring(found[foundAt].getBoundingClientRect(), true);
}

function closeViewer() {
  if (!document.body.classList.contains("viewing")) return;
  document.body.classList.remove("viewing");
  $("#viewer").replaceChildren();
  wanted = null;
  if (history.state?.quoth === "viewer") history.back();
  if (opener?.isConnected) {
    showTab(opener.closest(".pane")?.id ?? "chat");
    opener.focus({ preventScroll: true });
  }
}
onClick("#viewer [data-close]", closeViewer);
window.addEventListener("popstate", () => closeViewer());
