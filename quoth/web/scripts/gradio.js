// What Gradio shows itself is not in sight: its failures are said by the page, and its page about the API is
// opened from below ours.
function listenToGradio() {
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      // One like it that has not gone yet is only counted there.
      const counted = node.matches?.(".toast-count") && node.closest(".toast-body.error");
      const notice = counted || (node.matches?.(".toast-body.error, :has(.toast-body.error)") && node);
      if (!notice) continue;
      failed($('[data-testid="toast-text"]', notice)?.textContent.trim() ?? "");
      $('[data-testid="toast-close"]', notice)?.click();
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

onClick("#about-api", () => $("gradio-app .show-api")?.click());
