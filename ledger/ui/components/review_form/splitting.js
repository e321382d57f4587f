// Splitting a row: several pieces become one and the rest; otherwise the row below takes its part of the amount.

function splitRow(form, row) {
  const below = dividesIntoPieces(form, row) ? splitOffOne(form, row) : splitOpen(form, row);
  rowsChanged(form);
  enterByKey(form, cell(below, "name"));
}

function dividesIntoPieces(form, row) {
  const count = numberIn(form, cell(row, "count"));
  return count > 1 && Number.isInteger(numberIn(form, cell(row, "price")) / count) && hasNumber(form, row);
}

function hasNumber(form, row) {
  return Number.isFinite(numberIn(form, cell(row, "price")));
}

function splitOffOne(form, row) {
  const count = numberIn(form, cell(row, "count"));
  const amount = numberIn(form, cell(row, "price"));
  const piece = amount / count;
  const item = { ...readRow(form, row), count: String(count - 1), price: plainNumber(amount - piece, decimals(form)) };
  setText(form, cell(row, "count"), "1");
  setText(form, cell(row, "price"), plainNumber(piece, decimals(form)));
  return addRow(form, item, null, row);
}

function splitOpen(form, row) {
  const below = addRow(form, { category: cell(row, "category").value }, null, row);
  if (hasNumber(form, row)) below.rest = { row, amount: numberIn(form, cell(row, "price")) };
  return below;
}

// What is typed below is taken from the row above, until somebody types an amount there.
function shareRest(form, input) {
  if (input.dataset.column !== "price") return;
  const row = rowOf(input);
  rows(form).forEach((each) => each.rest?.row === row && delete each.rest);
  const part = numberIn(form, input);
  if (!row.rest?.row.isConnected || Number.isNaN(part)) return;
  const rest = row.rest.amount - part;
  if (Math.sign(rest) === Math.sign(row.rest.amount)) {
    setText(form, cell(row.rest.row, "price"), plainNumber(rest, decimals(form)));
    judge(form, cell(row.rest.row, "price"), "leaving");
  }
}
