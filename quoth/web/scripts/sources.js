// Sources beside the answer: a citation leads to its passage, and shows it where the pointer or focus is.
function showSources(number, cards) {
  let group = $(`.group[data-turn="${number}"]`);
  if (!group) {
    group = made("div", { class: "group", "data-turn": number });
    $("#groups").append(group);
  }
  group.replaceChildren(parsed(cards || '<p class="empty">No sources.</p>'));
  $("#no-sources").hidden = true;
  showBeside("sources");
  onlyGroup(String(Math.max(...every(".group").map((one) => Number(one.dataset.turn)))));
}

function onlyGroup(turn) {
  for (const group of every(".group")) group.hidden = group.dataset.turn !== turn;
}

const sourceOf = (chip) => document.getElementById(chip.getAttribute("href").slice(1));

function showSource(chip) {
  const source = sourceOf(chip);
  if (!source) return;
  hidePreview();
  const opener = $("[data-document]", source);
  if (phone.matches) return openSheet(chip, source);
  if (document.body.classList.contains("viewing") && opener) return openDocument(opener, chip);
  showBeside("sources");
  onlyGroup(chip.dataset.turn);
  source.focus({ preventScroll: true });
  scrollTo(source, "nearest");
  source.classList.remove("flash");
  void source.offsetWidth; // starts the animation anew
  source.classList.add("flash");
}

// The passage without what only makes sense in its place.
function excerpt(source) {
  const copy = source.cloneNode(true);
  $(".back", copy)?.remove();
  return [...copy.children];
}

function openSheet(chip, source) {
  const sheet = $("#sheet");
  const close = made("button", { type: "button", class: "close", "data-close-dialog": "" }, "Close");
  sheet.replaceChildren(...excerpt(source), close);
  sheet.showModal();
}

let previewed = null;
let previewEnds = 0;
function showPreview(chip) {
  const source = sourceOf(chip);
  if (!source || phone.matches) return;
  clearTimeout(previewEnds);
  previewed = chip;
  const preview = $("#preview");
  preview.replaceChildren(...excerpt(source));
  preview.hidden = false;
  const at = chip.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = preview;
  const below = at.bottom + 8 + height < innerHeight || at.top < height + 8;
  preview.style.left = `${Math.max(12, Math.min(at.left - 24, innerWidth - width - 12))}px`;
  preview.style.top = `${below ? Math.min(at.bottom + 8, innerHeight - height - 8) : at.top - height - 8}px`;
}

function hidePreview() {
  clearTimeout(previewEnds);
  previewed = null;
  $("#preview").hidden = true;
}
const hidePreviewSoon = () => {
  clearTimeout(previewEnds);
  previewEnds = setTimeout(hidePreview, 200);
};

for (const kind of ["pointerover", "focusin"])
  document.addEventListener(kind, (event) => {
    const on = (selector) => event.target.closest?.(selector);
    if (event.pointerType === "touch") return;
    if (on("a.chip")) showPreview(on("a.chip"));
    else if (on("#preview")) clearTimeout(previewEnds);
    else if (previewed) hidePreviewSoon();
  });

onClick("a.chip", (chip, event) => {
  event.preventDefault();
  showSource(chip);
});
onClick("a.back", (link, event) => {
  event.preventDefault();
  showTab("chat");
  const turn = document.getElementById(link.getAttribute("href").slice(1));
  turn?.focus({ preventScroll: true });
  scrollTo(turn, "start");
});
