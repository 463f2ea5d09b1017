// Questions that the documents answer: before the first question, and after an upload.
let triedOf = -1; // how many documents there were when questions were last asked for
function suggestFor(total) {
  if (total === triedOf) return;
  triedOf = total;
  if (total) send("suggested", "suggest", { documents: [] });
  else $("#tries").hidden = true;
}

function suggestAdded(documents) {
  if (documents.length) send("suggested", "suggest", { documents });
}

receivers.suggested = ({ html, added }) => {
  const box = $(added ? "#suggested" : "#tries");
  $("ul", box).replaceChildren(parsed(html));
  box.hidden = !html;
};

function hideSuggestions() {
  $("#suggested").hidden = true;
}
onClick("#no-suggestions", () => {
  hideSuggestions();
  $("#question").focus();
});
onClick("[data-example]", (button) => {
  const question = button.dataset.example;
  hideSuggestions();
  askOrQueue(question, false);
});
