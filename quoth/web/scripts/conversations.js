// Conversations are kept in this browser, each under a key of its own: every tab and every start finds them.
const CHAT = ownKey("chat.");
const MOST_CHATS = 200;
let currentChat = null;

const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

function readKept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Makes room by forgetting the oldest conversations; false when even that is not enough.
function keep(key, value) {
  for (;;) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      const oldest = keptChats().filter(({ id }) => id !== currentChat && CHAT + id !== key).pop();
      if (!oldest) {
        toast("This browser has no room left to keep the conversation.");
        return false;
      }
      localStorage.removeItem(CHAT + oldest.id);
    }
  }
}

// All conversations with a question in them, the latest first.
const keptChats = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(CHAT))
    .map(readKept)
    .filter((chat) => chat?.id && chat.turns?.length)
    .sort((a, b) => b.at - a.at);

const chatOf = (id) => readKept(CHAT + id) ?? { id, at: Date.now(), turns: [] };

function keepTurn(id, record) {
  const chat = chatOf(id);
  const place = chat.turns.findIndex((turn) => turn.number === record.number);
  if (place < 0) chat.turns.push(record);
  else chat.turns[place] = record;
  chat.at = Date.now();
  keep(CHAT + id, chat);
  for (const old of keptChats().slice(MOST_CHATS)) localStorage.removeItem(CHAT + old.id);
}

function forgetTurn(id, number) {
  const chat = chatOf(id);
  chat.turns = chat.turns.filter((turn) => turn.number !== number);
  if (chat.turns.length) keep(CHAT + id, chat);
  else localStorage.removeItem(CHAT + id);
}

const titleOf = (chat) => chat.turns[0]?.question ?? "New chat";

function setCurrent(id) {
  currentChat = id;
  sessionStorage.setItem(ownKey("current"), id);
}

function openChat(id) {
  setCurrent(id);
  clearLog();
  const { turns } = chatOf(id);
  if (turns.length) send("kept", "restore", { id, turns });
}

function newChat() {
  openChat(newId());
  $("#question").focus();
}

function listChats() {
  const chats = keptChats();
  $("#no-chats").hidden = chats.length > 0;
  $("#chat-list").replaceChildren(...chats.map(chatRow));
  send("kept", "judged", {});
}

function chatRow(chat) {
  const row = made("li", { "data-chat": chat.id });
  const title = made("button", { type: "button", class: "title", dir: "auto" }, titleOf(chat));
  if (chat.id === currentChat) title.setAttribute("aria-current", "true");
  const questions = `${chat.turns.length} ${chat.turns.length === 1 ? "question" : "questions"}`;
  const when = new Date(chat.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const named = { type: "button", class: "plain" };
  row.append(
    title,
    made("span", { class: "facts" }, `${questions} · ${when}`),
    made("button", { ...named, "data-export-chat": "", "aria-label": `Export ${titleOf(chat)}` }, "Export"),
    made("button", { ...named, "data-delete-chat": "", "aria-label": `Delete ${titleOf(chat)}` }, "Delete"),
  );
  return row;
}

const chatAt = (element) => chatOf(element.closest("[data-chat]").dataset.chat);

onClick("#open-chats", () => {
  listChats();
  $("#chats").showModal();
});
onClick("#new-chat", newChat);
onClick("#chat-list .title", (button) => {
  $("#chats").close();
  showTab("chat");
  openChat(chatAt(button).id);
});
onClick("[data-export-chat]", (button) => {
  const chat = chatAt(button);
  send("kept", "export", { kind: "markdown", title: titleOf(chat), turns: chat.turns });
});
onClick("[data-delete-chat]", (button) => {
  const chat = chatAt(button);
  localStorage.removeItem(CHAT + chat.id);
  if (chat.id === currentChat) openChat(newId());
  listChats();
  $("#chats").close();
  toast("The conversation was deleted.", () => {
    keep(CHAT + chat.id, chat);
    openChat(chat.id);
  });
});

receivers.kept = (patch) => {
  if (patch.file) download(patch.file);
  if (patch.failed) toast(patch.failed);
  if (patch.judged !== undefined) showJudged(patch.judged);
  if (patch.restored && patch.conversation === currentChat) patch.restored.forEach(showTurn);
};

// Another tab went on with this conversation.
window.addEventListener("storage", ({ key }) => {
  if (key === CHAT + currentChat && !running) openChat(currentChat);
  if ($("#chats").open) listChats();
});
