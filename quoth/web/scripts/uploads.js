// Files on their way in: chosen or dropped anywhere, they go the way of the button.
receivers.uploads = ({ html, done, fresh }) => {
  const open = $("#uploads details")?.open;
  $("#uploads").replaceChildren(parsed(html));
  if (open) $("#uploads details")?.setAttribute("open", "");
  if (!done) return;
  lookAnew();
  tellOthers();
  suggestAdded(fresh);
};
onClick("[data-dismiss]", () => $("#uploads").replaceChildren());

// A large file takes a while to get to the server, which knows nothing of it until then.
document.addEventListener("change", ({ target }) => {
  if (target.matches("#files") && target.files.length) give(target.files);
});
onClick("#upload", () => $("#files").click());
function give(files) {
  document.body.classList.add("uploading");
  showTab("library");
  handOver(files);
}

// Gradio's own button takes them, as soon as it is there.
function handOver(files) {
  whenConnected(() =>
    whenThere("input[type=file]", (input) => {
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }),
  );
}
new PerformanceObserver((ended) => {
  if (ended.getEntries().some(({ name }) => name.includes("/gradio_api/upload")))
    document.body.classList.remove("uploading");
}).observe({ type: "resource" });

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
  give(event.dataTransfer.files);
});
