// The rows of items: added, moved, deleted and brought back, numbered.

function addRow(form, item = {}, modelIndex = null, below = null) {
  const row = form.template.content.firstElementChild.cloneNode(true);
  if (modelIndex !== null) row.dataset.modelIndex = modelIndex;
  fillCategories(form, cell(row, "category"), item.category ?? "");
  for (const column of ["name", "count", "price"]) setText(form, cell(row, column), item[column] ?? "");
  if (below) below.after(row);
  else form.table.append(row);
  return row;
}

function insertRow(form, below = null) {
  const row = addRow(form, {}, null, below);
  rowsChanged(form);
  enterByKey(form, cell(row, "name"));
}

// The other row is the one that is moved, so that this one keeps its focus and its caret.
function moveRow(form, row, direction, input) {
  const other = direction === "up" ? previousRow(row) : nextRow(row);
  if (!other) return;
  if (direction === "up") row.after(other);
  else row.before(other);
  rowsChanged(form);
  reveal(form, input);
}

function deleteRow(form, row, column = "name") {
  const neighbour = nextRow(row) ?? previousRow(row);
  const index = rows(form).indexOf(row);
  row.remove();
  keepForRestoring(form, word(form, "restore_row", { row: index + 1 }), () => putRowBack(form, row, index));
  rowsChanged(form);
  moveTo(form, neighbour ? cell(neighbour, column) : headField(form, "location"));
}

function putRowBack(form, row, index) {
  const above = rows(form)[index - 1];
  if (above) above.after(row);
  else form.table.tHead.after(row);
  rowsChanged(form);
  enterByKey(form, cell(row, "name"));
}

function rowsChanged(form) {
  renumber(form);
  judgeAgain(form);
  changed(form);
}

// What was taken away can be brought back, the latest first, as long as the receipt is on the desk.
function keepForRestoring(form, label, restore, seq = null) {
  form.restorable.push({ label, restore, seq });
  showRestorable(form);
}

function restoreLast(form) {
  form.restorable.pop()?.restore();
  showRestorable(form);
}

// What would overwrite something typed since then is not offered any more.
function showRestorable(form) {
  form.restorable = form.restorable.filter(({ seq }) => seq === null || seq === form.seq);
  const last = form.restorable.at(-1);
  form.restoreButton.hidden = !last || form.data.readonly;
  form.restoreButton.querySelector("span").textContent = last?.label ?? "";
}

// Paths like "items.2.price" always follow what is on the screen.
function renumber(form) {
  rows(form).forEach((row, index) => {
    const number = index + 1;
    row.querySelector(".number").textContent = number;
    row.querySelector(".problem").id = `problem-${number}`;
    row.querySelector(".near").id = `near-${number}`;
    for (const column of COLUMNS) {
      const input = cell(row, column);
      input.dataset.field = `items.${index}.${column}`;
      input.setAttribute("aria-label", word(form, "in_row", { field: word(form, column), row: number }));
      input.setAttribute("aria-describedby", `problem-${number} near-${number}`);
    }
    const button = row.querySelector(".delete");
    button.title = `${word(form, "delete_row", { row: number })} (Ctrl+Delete)`;
    button.setAttribute("aria-label", word(form, "delete_row", { row: number }));
  });
  inputs(form).forEach((input) => (input.disabled = form.data.readonly));
}
