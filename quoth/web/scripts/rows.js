// The rows of the list: of however many, only those near what is in sight are on the page, with room kept
// above and below for the others; and of those only the ones that changed are replaced.
const ROWS = 120;
const MARGIN = 30; // rows beyond what is in sight, below which others are asked for
let firstRow = 0;
let shown = { start: 0, length: 0 };
let rowHeight = 54;

function showRows({ rows, start, length, found }) {
  const list = $("#documents");
  list.hidden = !found;
  keepingPlace(() => {
    reconcile(list, parsed(rows));
    firstRow = start;
    shown = { start, length };
    makeRoom(list);
  });
  // Where rows are higher than was thought, others may be in sight by now.
  requestAnimationFrame(followScroll);
}

function makeRoom(list) {
  const rows = [...list.children];
  if (rows.length && list.offsetHeight) rowHeight = list.offsetHeight / rows.length;
  const after = Math.max(0, shown.length - shown.start - rows.length);
  $("#above").style.height = `${shown.start * rowHeight}px`;
  $("#below").style.height = `${after * rowHeight}px`;
  rows.forEach((row, place) => {
    row.setAttribute("aria-posinset", shown.start + place + 1);
    row.setAttribute("aria-setsize", shown.length);
  });
}

function reconcile(list, fresh) {
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  const focused = document.activeElement?.closest?.("#documents li")?.dataset.id;
  const focusedOn = document.activeElement?.className;
  const wantedRows = [...fresh.children].map((row) => {
    const source = row.outerHTML;
    const old = known.get(row.dataset.id);
    if (old?.source === source) return old;
    row.source = source;
    const pick = $(".pick", row);
    if (pick) pick.checked = picked.has(row.dataset.id);
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

// On phones the page is scrolled, elsewhere the pane.
const scroller = () => (phone.matches ? document.scrollingElement : $("#library"));
const sight = () => {
  if (phone.matches) return { top: 0, bottom: innerHeight };
  return $("#library").getBoundingClientRect();
};

// Below the head of the list, which stays where it is.
const topOfRows = () => sight().top + $("#part-library-head").offsetHeight + $("#finder").offsetHeight;

// The row at the top of what is in sight stays there, unless that is the top of the list; so does the end.
function keepingPlace(change) {
  const { scrollTop, scrollHeight, clientHeight } = scroller();
  const atEnd = scrollTop > 0 && scrollHeight - scrollTop - clientHeight < 2;
  const top = topOfRows();
  const first = $("#above").getBoundingClientRect().top < top - 1;
  const row = first && [...$("#documents").children].find((one) => one.getBoundingClientRect().bottom > top);
  const before = row ? row.getBoundingClientRect().top : 0;
  change();
  if (first && atEnd) scroller().scrollTop = scroller().scrollHeight;
  else if (row?.isConnected) scroller().scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
}

function fromTheTop() {
  firstRow = 0;
  const hidden = $("#above").getBoundingClientRect().top - topOfRows();
  if (hidden < 0 && $("#list").offsetHeight) scroller().scrollBy({ top: hidden, behavior: "instant" });
  lookAnew();
}

// Asks for other rows when those that are there come to an end, up or down.
function followScroll() {
  const list = $("#documents");
  if (!list.offsetHeight) return;
  const { top, bottom } = sight();
  const place = (y) => shown.start + (y - list.getBoundingClientRect().top) / rowHeight;
  const end = shown.start + list.children.length;
  const above = shown.start > 0 && place(top) < shown.start + MARGIN;
  const below = end < shown.length && place(bottom) > end - MARGIN;
  if (!above && !below) return;
  const last = Math.max(0, shown.length - ROWS);
  const start = Math.min(last, Math.max(0, Math.round((place(top) + place(bottom) - ROWS) / 2)));
  if (start === firstRow) return;
  firstRow = start;
  lookAnew();
}

function startRows() {
  let waiting = 0;
  const soon = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      followScroll();
    });
  };
  // The pane's own, or the page's: scrolling doesn't bubble.
  document.addEventListener("scroll", soon, { passive: true, capture: true });
}
