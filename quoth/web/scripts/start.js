// Begins as soon as the page is read; keys that work on the whole page.
function start() {
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

start();
