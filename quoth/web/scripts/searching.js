// Passages without an answer: they follow what is typed.
const SEARCH_PAUSE = 250;
let searchSoon = 0;

function showBeside(name) {
  for (const part of ["sources", "searching", "evaluating"]) $(`#${part}`).hidden = part !== name;
  for (const button of every("[data-beside]"))
    button.setAttribute("aria-pressed", String(button.dataset.beside === name));
}
onClick("[data-beside]", ({ dataset }) => {
  showBeside(dataset.beside);
  if (dataset.beside === "searching") $("#search-words").focus();
  if (dataset.beside === "evaluating") lookAtEvaluation();
});

function search() {
  clearTimeout(searchSoon);
  const words = $("#search-words").value;
  if (words.trim()) return send("found", "search", { words, scope: structuredClone(scope) });
  $("#hits").replaceChildren();
  $("#search-status").textContent = "";
}

receivers.found = ({ words, html, status }) => {
  if (words !== $("#search-words").value) return;
  $("#hits").replaceChildren(parsed(html));
  $("#search-status").textContent = status;
};

function startSearching() {
  $("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  $("#search-words").addEventListener("input", () => {
    clearTimeout(searchSoon);
    searchSoon = setTimeout(search, SEARCH_PAUSE);
  });
}
