// The rows of items: added, deleted, numbered.

function addRow(form, item = {}, modelIndex = null) {
  const row = form.template.content.firstElementChild.cloneNode(true);
  if (modelIndex !== null) row.dataset.modelIndex = modelIndex;
  fillCategories(form, cell(row, "category"), item.category ?? "");
  for (const column of ["name", "count", "price"]) setText(form, cell(row, column), item[column] ?? "");
  form.table.append(row);
  return row;
}

function insertRow(form) {
  const row = addRow(form);
  renumber(form);
  cell(row, "name").focus();
  onTyping(form, cell(row, "name"));
}

function deleteRow(form, row, column = "name") {
  const neighbour = nextRow(row) ?? previousRow(row);
  row.remove();
  renumber(form);
  judgeAgain(form);
  (neighbour ? cell(neighbour, column) : headField(form, "location")).focus();
  changed(form);
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
