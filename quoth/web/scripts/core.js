// What all parts of the page use: elements, channels to the server, short notices.
const $ = (selector, root = document) => root.querySelector(selector);
const every = (selector, root = document) => [...root.querySelectorAll(selector)];
const phone = window.matchMedia("(max-width: 999px)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const scrollTo = (element, block) =>
  element?.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });

// Only the server's own HTML comes here, in which every foreign text is escaped.
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// An element with text in it, never markup.
function made(tag, attributes = {}, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

// Each channel is a component of Gradio's: it carries events out and patches back. Gradio begins after the
// page is there, and what is sent before waits for it.
const channels = {};
const receivers = {};
const waiting = [];
const NEEDED = ["chat", "kept", "viewer", "found", "library", "suggested", "evaluation", "uploads"];
const connected = () => NEEDED.every((needed) => needed in channels);
function whenConnected(act) {
  if (connected()) act();
  else waiting.push(act);
}
const send = (channel, event, request) =>
  whenConnected(() => channels[channel].trigger(event, { request }));

window.quoth = {
  connect(name, _events, part) {
    channels[name] = part;
    part.watch("value", () => part.props.value && receivers[name](part.props.value));
    if (!connected()) return;
    for (const act of waiting.splice(0)) act();
    listenToGradio();
  },
};

// A tap or click on a matching element, now or later on the page.
const clicks = [];
const onClick = (selector, handle) => clicks.push([selector, handle]);
document.addEventListener("click", (event) => {
  for (const [selector, handle] of clicks) {
    const element = event.target.closest?.(selector);
    if (element) return handle(element, event);
  }
});

let undo = null;
let toastEnds = 0;
function toast(words, whenUndone = null) {
  const box = $("#toast");
  $("span", box).textContent = words;
  $("button", box).hidden = !whenUndone;
  undo = whenUndone;
  box.hidden = false;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => (box.hidden = true), whenUndone ? 20_000 : 3000);
}
onClick("#toast button", () => {
  $("#toast").hidden = true;
  undo?.();
});
onClick("[data-close-dialog]", (button) => button.closest("dialog").close());

function download({ name, text }) {
  const link = made("a", { download: name });
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// On a phone one part of the page is shown at a time, on narrow screens one beside the chat.
const narrow = window.matchMedia("(min-width: 1000px) and (max-width: 1279px)");
function showTab(name) {
  $("#panes").dataset.tab = name;
  const pressed = narrow.matches && name === "chat" ? "beside" : name;
  for (const button of every("[data-tab]", $("nav.tabs")))
    button.setAttribute("aria-pressed", String(button.dataset.tab === pressed));
}
narrow.addEventListener("change", () => showTab($("#panes").dataset.tab));
onClick("nav.tabs [data-tab]", (button) => showTab(button.dataset.tab));
