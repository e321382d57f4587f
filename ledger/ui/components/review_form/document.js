// The document that the fields show: read out of them, written into them.

function readRow(form, row) {
  return Object.fromEntries(COLUMNS.map((column) => [column, textOf(form, cell(row, column))]));
}

function readDocument(form) {
  return {
    date: headField(form, "date").value,
    location: headField(form, "location").value,
    total_amount: textOf(form, headField(form, "total_amount")),
    currency: currency(form),
    items: rows(form).map((row) => readRow(form, row)),
    note: headField(form, "note").value,
  };
}

function writeDocument(form, doc) {
  fillCurrencies(form, doc.currency); // First: it says what the amounts mean.
  for (const column of HEAD) setText(form, headField(form, column), doc[column] ?? "");
  rows(form).forEach((row) => row.remove());
  const partners = alignItems(form, doc.items, form.data.model?.items ?? []);
  doc.items.forEach((item, index) => addRow(form, item, partners[index]));
  if (doc.items.length === 0 && !form.data.readonly) addRow(form);
  renumber(form);
  inputs(form).forEach((input) => judge(form, input, "loading"));
  mark(form);
}

// Which of the model's items each row began as. In a reading this is its own index; in a draft whose rows were deleted
// or added it is the pairing, in order, with the fewest differing cells.
function alignItems(form, items, modelItems) {
  const ALONE = 2.5; // More than half a pair in which all four cells differ, so that a row keeps its partner if it can.
  const isOther = (i, j) => (column) => differs(form, column, items[i][column], modelItems[j][column]);
  const difference = (i, j) => COLUMNS.filter(isOther(i, j)).length;
  const costs = [...items, null].map((_, i) => [...modelItems, null].map((_, j) => (i + j) * ALONE));
  const paired = (i, j) => costs[i - 1][j - 1] + difference(i - 1, j - 1);
  for (let i = 1; i <= items.length; i++) {
    for (let j = 1; j <= modelItems.length; j++) {
      costs[i][j] = Math.min(paired(i, j), costs[i - 1][j] + ALONE, costs[i][j - 1] + ALONE);
    }
  }
  const partners = Array(items.length).fill(null);
  for (let i = items.length, j = modelItems.length; i > 0 && j > 0; ) {
    if (costs[i][j] === paired(i, j)) partners[--i] = --j;
    else if (costs[i][j] === costs[i - 1][j] + ALONE) i--;
    else j--;
  }
  return partners;
}
