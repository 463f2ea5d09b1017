// What Gradio shows itself is not in sight: its failures are said by the page, and its page about the API is
// opened from below ours.
const FAILURE = ".toast-message-item.error";
function listenToGradio() {
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element);
    // One of them comes with the notice around it, another inside of a notice that has not gone yet.
    const notices = added.flatMap((node) => (node.matches(FAILURE) ? [node] : every(FAILURE, node)));
    for (const notice of new Set(notices)) {
      failed($('[data-testid="toast-text"]', notice)?.textContent.trim() ?? "");
      $('[data-testid="toast-close"]', notice.closest(".toast-body"))?.click();
    }
  }).observe($("gradio-app"), { childList: true, subtree: true });
}

// What fails while the server can't be reached is said at the box, and no failure of its own.
async function failed(words) {
  await listen();
  if (away) return;
  if (running && !running.accepted) notAsked(words);
  else toast(words);
}

// Gradio builds its parts after the page is there.
function whenThere(selector, use) {
  const part = $(`gradio-app ${selector}`);
  if (part) return use(part);
  const observer = new MutationObserver(() => {
    const built = $(`gradio-app ${selector}`);
    if (!built) return;
    observer.disconnect();
    use(built);
  });
  observer.observe($("gradio-app"), { childList: true, subtree: true });
}

// Once, however often it is asked for before it is there: another click would close it again.
let opening = false;
onClick("#about-api", () => {
  if (opening) return;
  opening = true;
  whenThere(".show-api", (button) => {
    opening = false;
    button.click();
  });
});
