// Steps from field to field. Enter goes where somebody has to look: to the next field that is doubted, wanting or
// refused. Leaving a field with Enter says that it was looked at.

function isDue(form, input) {
  if (input.dataset.problem) return true;
  return input.dataset.checked === undefined && (doubtsAbout(form, input).length > 0 || isWanting(form, input));
}

// Empty where something is expected. A count may stay empty: it means one piece, as its placeholder says.
function isWanting(form, input) {
  if (input.value.trim() !== "" || ["count", "note", "currency"].includes(input.dataset.column)) return false;
  const row = rowOf(input);
  if (!row || !isBlank(row)) return true;
  return input.dataset.column === "name" && rows(form).length === 1;
}

function due(form) {
  return form.data.readonly ? [] : inputs(form).filter((input) => isDue(form, input));
}

function checkOff(form, input) {
  input.dataset.checked = "";
  mark(form);
}

// Past the last one it begins again from the top, so that the button is reached only when nothing is left.
function stepOn(form, input) {
  if (!form.data.readonly) checkOff(form, input);
  const all = inputs(form);
  const at = all.indexOf(input);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((each) => isDue(form, each));
  enterByKey(form, next ?? confirmButton(form));
}

function stepBack(form, from) {
  const all = inputs(form);
  const before = all.slice(0, all.includes(from) ? all.indexOf(from) : all.length).reverse();
  const found = before.find((each) => isDue(form, each) || each.dataset.checked !== undefined);
  if (found) enterByKey(form, found);
}

function confirmButton(form) {
  return form.actions.querySelector("[data-action=confirm]");
}

// The total stands below the amounts of the items.
function below(form, input) {
  const row = rowOf(input);
  if (!row) return null;
  if (nextRow(row)) return cell(nextRow(row), input.dataset.column);
  return input.dataset.column === "price" ? headField(form, "total_amount") : null;
}

function above(form, input) {
  const row = rowOf(input) && previousRow(rowOf(input));
  if (row) return cell(row, input.dataset.column);
  const last = rows(form).at(-1);
  return last && input.dataset.column === "total_amount" ? cell(last, "price") : null;
}

function stepTo(form, input) {
  if (input) enterByKey(form, input);
}

// What is reached by keyboard is selected whole: typing replaces it, an arrow key keeps it.
function enterByKey(form, element) {
  moveTo(form, element);
  element.select?.();
}

// The first field that wants attention; the page itself stays where it is.
function focusFirst(form) {
  if (form.data.readonly || dialogIsOpen()) return;
  const first = due(form)[0] ?? form.fields.querySelector('[data-field="items.0.name"]');
  if (first) moveTo(form, first);
}
