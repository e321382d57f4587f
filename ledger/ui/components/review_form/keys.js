// Keys: shortcuts of the whole page, and steps from field to field.

const COMPOSITION_END_MS = 30;

function dialogIsOpen() {
  return document.querySelector("[role=dialog]") !== null;
}

// `code` is the key itself: while a Hangul syllable is being composed, `key` only says "Process".
function actionOf(event) {
  const enter = event.code === "Enter" || event.code === "NumpadEnter";
  if ((event.ctrlKey || event.metaKey) && enter) return "confirm";
  if (!event.altKey || event.ctrlKey || event.metaKey) return null;
  if (/^(?:Digit|Numpad)[1-6]$/.test(event.code)) return `offer ${event.code.at(-1)}`;
  return { ArrowRight: "skip", KeyX: "reject", KeyN: "add" }[event.code] ?? null;
}

function isElsewhere(form, event) {
  const path = event.composedPath();
  return !path.includes(form.root) && path[0].matches?.("input, textarea, select, [contenteditable]");
}

function onPageKey(form, event) {
  const action = actionOf(event);
  if (!action || form.data.readonly || dialogIsOpen() || isElsewhere(form, event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat || !form.reject.hidden) return;
  const run = () => perform(form, action);
  if (!event.isComposing && event.keyCode !== 229) return run();
  form.root.activeElement?.blur(); // Ends the composition, so that the last syllable is part of the value.
  setTimeout(run, COMPOSITION_END_MS);
}

function perform(form, action) {
  if (["confirm", "skip", "reject"].includes(action)) return begin(form, action);
  if (form.sending) return;
  fieldInHand(form)?.focus({ preventScroll: true });
  if (action === "add") insertRow(form);
  else takeOffer(form, Number(action.split(" ")[1]) - 1);
}

function onFieldKey(form, event) {
  const input = event.target;
  if (!input.dataset.field || event.isComposing || event.keyCode === 229) return;
  if (event.altKey || event.metaKey) return;
  if (isHeldEnter(event)) return event.preventDefault();
  const row = rowOf(input);
  const inSelect = input.tagName === "SELECT"; // Its own arrows choose.
  let handled = true;
  if (event.key === "Enter" && !event.ctrlKey) stepByEnter(form, input, event.shiftKey);
  else if (event.key === "ArrowDown" && row && !inSelect) stepTo(form, nextRow(row), input);
  else if (event.key === "ArrowUp" && row && !inSelect) stepTo(form, previousRow(row), input);
  else if (event.key === "Delete" && event.ctrlKey && row) deleteRow(form, row, input.dataset.column);
  else handled = false;
  if (handled) event.preventDefault();
}

function stepTo(form, row, input) {
  if (row) enterByKey(form, cell(row, input.dataset.column));
}

// As in a spreadsheet: Enter goes down the column, and past the last row into a new one.
function stepByEnter(form, input, backwards) {
  const next = backwards ? before(form, input) : after(form, input);
  if (next) enterByKey(form, next);
}

function after(form, input) {
  const row = rowOf(input);
  if (!row) return afterHeadField(form, input);
  if (nextRow(row)) return cell(nextRow(row), input.dataset.column);
  if (isBlank(row)) return headField(form, "total_amount");
  const added = addRow(form);
  renumber(form);
  changed(form);
  return cell(added, input.dataset.column);
}

function afterHeadField(form, input) {
  const [first] = rows(form);
  const following = {
    date: headField(form, "location"),
    location: first ? cell(first, "name") : headField(form, "total_amount"),
    currency: form.actions.querySelector("[data-action=confirm]"),
    total_amount: form.actions.querySelector("[data-action=confirm]"),
  };
  return following[input.dataset.column];
}

function before(form, input) {
  const row = rowOf(input);
  const last = rows(form).at(-1);
  if (row) return previousRow(row) ? cell(previousRow(row), input.dataset.column) : headField(form, "location");
  const aboveTotal = last ? cell(last, "price") : headField(form, "location");
  const preceding = {
    location: headField(form, "date"),
    total_amount: aboveTotal,
    currency: headField(form, "total_amount"),
  };
  return preceding[input.dataset.column];
}

// What is reached by keyboard is selected whole: typing replaces it, an arrow key keeps it.
function enterByKey(form, element) {
  moveTo(form, element);
  element.select?.();
}
