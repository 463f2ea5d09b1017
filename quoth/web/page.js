// What the page does without asking the server: citations, drops, and the two steps of a deletion.
(() => {
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scrollTo = (element, block) =>
    element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

  function showSource(chip) {
    const source = document.querySelector(chip.getAttribute("href"));
    if (!source) return;
    for (const group of document.querySelectorAll("#sources .group"))
      group.hidden = group.dataset.turn !== chip.dataset.turn;
    source.focus({ preventScroll: true });
    scrollTo(source, "center");
    source.classList.remove("flash");
    void source.offsetWidth; // starts the animation anew
    source.classList.add("flash");
  }

  let opener = null;
  function closeOpened() {
    const opened = document.querySelector("#opened .opened");
    if (opened) opened.hidden = true;
    opener?.focus();
  }

  // The document whose deletion waits to be confirmed; the list may be written anew in between.
  let confirming = null;
  const offerDeletion = (row) => {
    confirming = row?.querySelector("[data-remove]").dataset.remove;
    for (const each of document.querySelectorAll("ul.documents li"))
      each.classList.toggle("confirming", each === row);
  };

  window.quoth = {
    listed(element) {
      const rows = [...element.querySelectorAll("ul.documents li")];
      offerDeletion(rows.find((row) => row.querySelector("[data-remove]").dataset.remove === confirming));
    },
    newAnswer(element) {
      const turn = element.querySelector(".turn:last-child");
      if (turn) scrollTo(turn, "start");
    },
    opened(element) {
      const opened = element.querySelector(".opened");
      if (!opened) return;
      opened.hidden = false;
      opened.querySelector("mark").scrollIntoView({ block: "center" });
      opened.querySelector("[data-close]").focus();
    },
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const link = on("a.chip, a.back");
    if (link) {
      event.preventDefault();
      if (link.classList.contains("chip")) return showSource(link);
      const turn = document.querySelector(link.getAttribute("href"));
      turn?.focus({ preventScroll: true });
      if (turn) scrollTo(turn, "start");
    } else if (on("[data-document]")) {
      opener = on("[data-document]");
      // The server sends nothing anew for what it sent last.
      const { document: id, start, end } = opener.dataset;
      const again = document.querySelector(`#opened .opened[data-place="${id}-${start}-${end}"]`);
      if (again) window.quoth.opened(again.parentElement);
    } else if (on("[data-close]")) {
      closeOpened();
    } else if (on("[data-dismiss]")) {
      on(".coming").hidden = true;
    } else if (on("[data-ask]")) {
      const row = on("li");
      offerDeletion(row);
      row.querySelector("[data-keep]").focus();
    } else if (on("[data-keep]")) {
      const row = on("li");
      offerDeletion(null);
      row.querySelector("[data-ask]").focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeOpened();
  });

  // A large file takes a while to get to the server, which knows nothing of it until then.
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file]") && event.target.files.length)
      document.body.classList.add("uploading");
  });
  new PerformanceObserver((ended) => {
    if (ended.getEntries().some(({ name }) => name.includes("/gradio_api/upload")))
      document.body.classList.remove("uploading");
  }).observe({ type: "resource" });

  // Files may be dropped anywhere: they go the way of the button.
  let inside = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const lit = (on) => document.body.classList.toggle("dropping", on);
  window.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) lit(++inside > 0);
  });
  window.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) lit(--inside > 0);
  });
  window.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    lit((inside = 0) > 0);
    const input = document.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
