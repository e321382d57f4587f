// Doubts: fields of the reading that may be wrong, with the reasons in words. A doubt is about what the model read, so
// it is gone as soon as somebody has typed something else there.

// Where the field stands in the reading: rows move, and rows that were added were never read.
function modelPath(input) {
  const row = rowOf(input);
  if (!row) return input.dataset.column;
  return row.dataset.modelIndex === undefined ? null : `items.${row.dataset.modelIndex}.${input.dataset.column}`;
}

function doubtsAbout(form, input) {
  const isRead = input.dataset.field && !input.parentElement.classList.contains("changed");
  return (isRead && form.data.doubts[modelPath(input)]) || [];
}

function markDoubt(form, input) {
  const doubts = doubtsAbout(form, input);
  const isChecked = input.dataset.checked !== undefined;
  input.parentElement.classList.toggle("doubtful", doubts.length > 0 && !isChecked);
  input.parentElement.classList.toggle("checked", doubts.length > 0 && isChecked);
  if (doubts.length) input.title = doubts.join("\n");
}

function countDue(form) {
  const count = due(form).length;
  form.toCheck.textContent = count ? word(form, "to_check", { count }) : "";
}

// Said in full under the field or row that is worked on, because a cell has no room for sentences.
function sayDoubt(form, input) {
  const place = input.closest("[data-scope]").querySelector(".doubt");
  const sentences = [...doubtsAbout(form, input)];
  if (isLost(form, input)) sentences.push(word(form, "not_on_photo"));
  place.replaceChildren(...sentences.map(doubtLine));
  sayNear(form, input);
}

// What somebody typed was never looked for.
function isLost(form, input) {
  const isRead = input.value.trim() !== "" && !input.parentElement.classList.contains("changed");
  return isRead && form.data.lost.includes(modelPath(input));
}

function doubtLine(sentence) {
  return Object.assign(document.createElement("span"), { textContent: sentence });
}

function hushDoubt(input) {
  input.closest("[data-scope]")?.querySelector(".doubt").replaceChildren();
  hushNear(input);
}
