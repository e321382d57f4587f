// What would balance the sum, as chips beside it. Nothing is changed but by the operator.

const BALANCE = { list: balanceOffers, show: (form, chips) => form.balance.replaceChildren(...chips) };
const DOUBTED = 2.5;
const LOOKED_AT = 0.3; // By somebody who typed it or left it with Enter.

function balanceOffers(form) {
  return proposals(receiptShown(form)).map((edit) => balanceOffer(form, edit));
}

function receiptShown(form) {
  const input = headField(form, "total_amount");
  const total = numberIn(form, input);
  const shown = rows(form).map((row) => rowShown(form, row));
  const sum = shown.reduce((left, { price }) => left + (price || 0), 0);
  if (total === null || Number.isNaN(total) || sum === total) return { rows: shown, total: sum };
  // A discount between the items was taken off the total: what they have to come to is more.
  return { rows: shown, total: total + form.data.discount, totalDoubt: form.data.discount ? 0 : trust(form, input) };
}

function rowShown(form, row) {
  const [name, count, price] = ["name", "count", "price"].map((column) => cell(row, column));
  return { name: name.value, count: numberIn(form, count), price: numberIn(form, price), doubt: trust(form, price) };
}

function trust(form, input) {
  const byPerson = input.dataset.checked !== undefined || input.parentElement.classList.contains("changed");
  if (byPerson) return LOOKED_AT;
  return doubtsAbout(form, input).length || isLost(form, input) ? DOUBTED : 1;
}

function balanceOffer(form, edit) {
  const row = rows(form)[edit.index];
  if (edit.kind === "drop") return { label: dropLabel(form, edit, row), apply: () => deleteRow(form, row) };
  const input = edit.kind === "total" ? headField(form, "total_amount") : cell(row, "price");
  const field = input.getAttribute("aria-label") ?? word(form, "total_amount");
  const [from, to] = [edit.from, edit.to].map((amount) => shownAmount(form, amount));
  return { label: `${field} ${from} → ${to}`, apply: () => applyAmount(form, input, edit.to) };
}

function dropLabel(form, { index, from }, row) {
  const values = { row: index + 1, name: cell(row, "name").value.trim(), amount: shownAmount(form, from) };
  return word(form, "drop_row", values);
}

function shownAmount(form, amount) {
  return amount === null ? "—" : groupedNumber(amount, decimals(form)).replace("-", "−");
}

// The field that was changed is the one to compare with the photo, so it is gone to.
function applyAmount(form, input, amount) {
  delete rowOf(input)?.rest; // What balances the sum is not taken from the row above.
  takeSuggestion(form, input, plainNumber(amount, decimals(form)));
  enterByKey(form, input);
}
