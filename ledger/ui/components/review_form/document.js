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
  const pairs = pairUp([...items.keys()], [...modelItems.keys()], difference, () => ALONE);
  return pairs.filter(([i]) => i !== null).map(([, j]) => j);
}
