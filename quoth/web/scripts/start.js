// Begins once everything is connected; keys that work on the whole page.
function start() {
  if (!$("#question") || !$("#documents") || !$("#viewer") || !$("#toast")) return setTimeout(start, 20);
  showTab("chat");
  startAccount();
  startComposer();
  startLibrary();
  startSearching();
  openChat(sessionStorage.getItem(ownKey("current")) ?? keptChats()[0]?.id ?? newId());
  goOn();
}

const typing = (element) => element?.matches?.("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    showTab("chat");
    $("#question").focus();
  } else if (event.key === "Escape" && !$("dialog[open]")) {
    if (previewed) hidePreview();
    else if (document.body.classList.contains("viewing")) closeViewer();
    else stop();
  }
});
