// Pasting cells of a spreadsheet: from the focused cell to the right and down, in rows that are added as needed. Who
// pastes into an empty row means to insert: what stands below it moves down and is not written over.

function onPaste(form, event) {
  const input = event.target;
  const row = input.dataset.field ? rowOf(input) : null;
  if (!row || form.data.readonly) return;
  const cells = parseCells(event.clipboardData.getData("text/plain"));
  if (cells.length === 1 && cells[0].length === 1) return; // One cell is a text like any other: the browser pastes it.
  event.preventDefault();
  pasteCells(form, row, input.dataset.column, cells);
}

// Lines and tabs; a cell in quotes may hold both, and quotes doubled. An empty line at the end is no row.
function parseCells(text) {
  const pieces = text.replace(/\r\n?/g, "\n").matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/g);
  const table = [[]];
  for (const [, quoted, bare, end] of pieces) {
    table.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).replace(/\s+/g, " ").trim());
    if (end === "\n") table.push([]);
    else if (end === "") break;
  }
  while (table.length > 1 && table.at(-1).every((cell) => cell === "")) table.pop();
  return table;
}

// Which column each cell of a row belongs to, and the rows without their heading. A heading names its columns itself.
function columnsOf(cells, first, spellings) {
  const named = cells[0].map((cell) => spellings.columns[cell.toLowerCase()] ?? null);
  const isHeading = cells.length > 1 && named.some(Boolean) && 2 * named.filter(Boolean).length >= named.length;
  if (isHeading) return { columns: named, table: cells.slice(1) };
  return { columns: COLUMNS.slice(COLUMNS.indexOf(first)), table: cells };
}

function pasteCells(form, row, first, cells) {
  const { columns, table } = columnsOf(cells, first, form.data.spellings);
  const restore = rowsAsTheyAre(form);
  const inserts = isBlank(row);
  let last = null;
  for (const texts of table) {
    last = last === null ? row : rowAfter(form, last, inserts);
    texts.forEach((text, index) => columns[index] && pasteInto(form, cell(last, columns[index]), text));
  }
  rowsChanged(form);
  notify(form, "");
  rows(form).forEach((each) => COLUMNS.forEach((column) => judge(form, cell(each, column), "leaving")));
  mark(form);
  keepForRestoring(form, word(form, "undo_paste"), restore, form.seq);
  enterByKey(form, cell(last ?? row, first));
}

// An empty row is filled in either case.
function rowAfter(form, row, inserts) {
  const next = nextRow(row);
  return next && (!inserts || isBlank(next)) ? next : addRow(form, {}, null, row);
}

function pasteInto(form, input, text) {
  forgetVerdicts(input);
  if (input.dataset.column === "category") {
    fillCategories(form, input, form.data.spellings.categories[text.toLowerCase()] ?? text);
  } else {
    setText(form, input, text);
  }
  input.dataset.before = input.value;
  countEdit(form, input);
}

function rowsAsTheyAre(form) {
  const before = rows(form).map((row) => [row, COLUMNS.map((column) => cell(row, column).value)]);
  return () => {
    rows(form).forEach((row) => row.remove());
    for (const [row, texts] of before) {
      form.table.append(row);
      COLUMNS.forEach((column, index) => (cell(row, column).value = texts[index]));
    }
    rowsChanged(form);
    inputs(form).forEach((input) => judge(form, input, "leaving"));
  };
}
