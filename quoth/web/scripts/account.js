// Who has signed in, if anybody has to: the server decides what they may see, this is how they are greeted.
const [who, role] = (document.cookie.match(/(?:^|; )quoth-user=([^;]*)/)?.[1] ?? "").split(":");
// What a browser keeps is kept for each user apart, since several may share it.
const ownKey = (name) => (who ? `quoth@${who}.${name}` : `quoth.${name}`);

function startAccount() {
  document.body.classList.toggle("reading-only", role === "reader");
  $("#account").hidden = !who;
  $("#account button").title = `Signed in as ${who}`;
}
