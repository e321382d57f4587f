// Marks: what differs from the model's reading, what may be wrong in it, and whether the items add up.

function mark(form) {
  for (const input of inputs(form)) {
    markDifference(form, input);
    markDoubt(form, input);
  }
  countDue(form);
  if (form.root.activeElement?.dataset.field) sayDoubt(form, form.root.activeElement);
  showSum(form);
  showOffers(form);
}

function markDifference(form, input) {
  const read = modelText(form, input);
  const isRead = input.dataset.column !== "note"; // A model reads no note.
  const isChanged = isRead && form.data.model !== null && differs(form, input.dataset.column, input.value, read);
  input.parentElement.classList.toggle("changed", isChanged);
  const shown = isChanged ? shownText(form, input, read) : "";
  const typed = isChanged ? shownText(form, input, input.value) : "";
  const compared = isComparable(input, shown, typed) ? compareTexts(shown, typed) : null;
  showWas(input, shown, compared);
  input.title = isChanged ? differenceTitle(form, shown, compared) : "";
}

// Of amounts the digits are compared place by place, which means something only where there are as many.
function isComparable(input, shown, typed) {
  if (!shown || !typed || input.tagName === "SELECT") return false;
  return !isNumber(input) || shown.length === typed.length;
}

const shownWas = new WeakMap(); // Written only when it is another one: every keystroke comes by here, for every field.

function showWas(input, shown, compared) {
  const last = shownWas.get(input);
  if (last?.shown === shown && last.compared === compared) return;
  shownWas.set(input, { shown, compared });
  writeLit(input.parentElement.querySelector(".was"), shown, compared?.left);
}

function differenceTitle(form, shown, compared) {
  const words = differenceInWords(form, compared);
  return word(form, shown ? "model_read" : "model_read_nothing", { value: shown }) + (words ? ` (${words})` : "");
}

function modelText(form, input) {
  const row = rowOf(input);
  if (!row) return form.data.model?.[input.dataset.column] ?? "";
  return form.data.model?.items[row.dataset.modelIndex]?.[input.dataset.column] ?? "";
}

function shownText(form, input, text) {
  if (input.dataset.column === "category") {
    return form.data.categories.find((choice) => choice.value === text)?.label ?? text;
  }
  const value = isNumber(input) ? parseNumber(text, decimalsOf(form, input), currency(form)) : null;
  return value === null || Number.isNaN(value) ? text : groupedNumber(value, decimalsOf(form, input));
}

// A hint, never a wall: receipts exist that do not add up.
function showSum(form) {
  const prices = rows(form).map((row) => numberIn(form, cell(row, "price"))).filter(Number.isFinite);
  const total = numberIn(form, headField(form, "total_amount"));
  const sum = prices.reduce((left, right) => left + right, 0);
  const amount = (value) => groupedNumber(value, decimals(form)).replace("-", "−");
  const parts = [word(form, "sum_items", { amount: amount(sum) })];
  const known = Number.isFinite(total); // parseNumber gives null for an empty total, which is not finite either.
  const discount = known && sum - total === form.data.discount ? form.data.discount : 0;
  const agrees = known && sum - total === discount;
  if (discount) parts.push(word(form, "sum_discount", { amount: amount(-discount) }));
  if (known) parts.push(word(form, "sum_total", { amount: amount(total) }) + (agrees ? " ✓" : ""));
  if (known && !agrees) parts.push(word(form, "sum_difference", { amount: amount(sum - total) }));
  form.sum.textContent = prices.length ? parts.join(" · ") : "";
  form.sum.classList.toggle("warning", known && !agrees);
  form.sum.classList.toggle("agrees", agrees);
}
