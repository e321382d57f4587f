// The inputs of the form: where they are, and what their texts mean.

const COLUMNS = ["name", "count", "price", "category"];
const HEAD = ["date", "location", "total_amount", "note"];
const FEWEST_DECIMALS = 0; // Of a currency that is not offered: none is invented.

function rows(form) {
  return [...form.table.tBodies];
}

function cell(row, column) {
  return row.querySelector(`[data-column="${column}"]`);
}

function headField(form, column) {
  return form.fields.querySelector(`[data-field="${column}"]`);
}

function fieldAt(form, path) {
  return inputs(form).find((input) => input.dataset.field === path);
}

function inputs(form) {
  return [...form.fields.querySelectorAll("[data-field]")]; // In the order of the Tab key.
}

function rowOf(input) {
  return input.closest("tbody");
}

function nextRow(row) {
  return row.nextElementSibling;
}

function previousRow(row) {
  return row.previousElementSibling?.tagName === "TBODY" ? row.previousElementSibling : null;
}

function isBlank(row) {
  return COLUMNS.every((column) => cell(row, column).value.trim() === "");
}

function isNumber(input) {
  return input.dataset.kind === "amount" || input.dataset.kind === "count";
}

function currency(form) {
  return form.currencyField.value;
}

// Digits after the point in the amounts of the chosen currency.
function decimals(form) {
  return form.data.currencies.find((each) => each.value === currency(form))?.decimals ?? FEWEST_DECIMALS;
}

function decimalsOf(form, input) {
  return input.dataset.kind === "amount" ? decimals(form) : 0;
}

function numberIn(form, input) {
  return parseNumber(input.value, decimalsOf(form, input), currency(form));
}

// What leaves the form: digits where the number is understood, otherwise the text exactly as it stands.
function textOf(form, input) {
  if (!isNumber(input)) return input.value;
  const value = numberIn(form, input);
  return value === null || Number.isNaN(value) ? input.value : plainNumber(value, decimalsOf(form, input));
}

function setText(form, input, text) {
  input.value = text;
  tidy(form, input);
}

// Numbers are grouped and dates made uniform while nobody is typing in them.
function tidy(form, input) {
  if (isNumber(input)) {
    const value = numberIn(form, input);
    if (value !== null && !Number.isNaN(value)) input.value = groupedNumber(value, decimalsOf(form, input));
  } else if (input.dataset.kind === "date") {
    input.value = parseDate(input.value) ?? input.value;
  }
}
