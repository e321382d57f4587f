// The review form. All typing stays in native inputs, because only they work with every Hangul input method, and
// because nothing that arrives from the server may overwrite what a person is typing.
//
// Three nets hold what is typed: every keystroke is backed up in this browser, a pause of 400 ms sends the draft to the
// server, and every action carries the whole document, so that no order of arrival can lose an edit.

const DRAFT_PAUSE_MS = 400;
const DRAFT_PATIENCE_MS = 5000;
const ANSWER_PATIENCE_MS = 5000;
const COMPOSITION_END_MS = 30;
const BOTTOM_MARGIN_PX = 16;
const COLUMNS = ["name", "count", "price", "category"];
const HEAD = ["date", "location", "total_amount"];
const ON_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

const forms = new WeakMap(); // One form per place in the page; the function below runs again with every answer.

export default function showReviewForm({ data, parentElement: root, setStateValue, setTriggerValue }) {
  const form = forms.get(root) ?? build(root);
  Object.assign(form, { data, setStateValue, setTriggerValue });
  applyWords(form);
  dropClosedBackups(form);
  if (form.receiptId !== data.receipt_id || form.load !== data.load) fillAnew(form);
  acknowledge(form);
  acceptDenial(form);
  fitWindow(form);
  return () => dismantle(form);
}

// ---- Building, once per place in the page

function build(root) {
  const find = (selector) => root.querySelector(selector);
  const form = {
    root,
    element: find(".form"),
    fields: find(".fields"),
    box: find(".items"),
    table: find("table"),
    template: find(".row-template"),
    sum: find(".sum"),
    notice: find(".notice"),
    status: find(".status"),
    actions: find(".actions"),
    reject: find(".reject"),
    seq: 0,
    ackedSeq: 0,
    touchedAt: 0,
    closedSeen: new Set(),
  };
  forms.set(root, form);
  if (ON_APPLE) root.querySelectorAll("kbd").forEach(showAppleKeys);
  listen(form);
  return form;
}

function showAppleKeys(key) {
  key.textContent = key.textContent.replace("Ctrl+Enter", "⌘↩").replace("Alt+", "⌥");
}

function listen(form) {
  form.fields.addEventListener("input", (event) => onTyping(form, event.target));
  form.fields.addEventListener("mousedown", (event) => onPress(form, event));
  form.fields.addEventListener("focusin", (event) => onEntering(form, event.target));
  form.fields.addEventListener("focusout", (event) => onLeaving(form, event.target, event.relatedTarget));
  form.fields.addEventListener("keydown", (event) => onFieldKey(form, event));
  form.fields.addEventListener("click", (event) => onFieldClick(form, event.target));
  form.actions.addEventListener("click", (event) => onActionClick(form, event.target));
  form.reject.addEventListener("keydown", (event) => onRejectKey(form, event));
  form.reject.addEventListener("change", () => showRejectWords(form));
  form.reject.querySelector(".now").addEventListener("click", () => rejectNow(form));
  form.reject.querySelector(".back").addEventListener("click", () => closeReject(form));
  form.onKey = (event) => onPageKey(form, event);
  form.observer = new ResizeObserver(() => fitWindow(form)); // What stands above the form may grow later.
  form.observer.observe(document.body);
  form.observer.observe(form.root.host.closest('[data-testid="stMainBlockContainer"]') ?? document.body);
  document.addEventListener("keydown", form.onKey, true); // Capture: Streamlit's own shortcuts must not come first.
}

function dismantle(form) {
  document.removeEventListener("keydown", form.onKey, true);
  form.observer.disconnect();
  stopTimers(form);
}

function stopTimers(form) {
  clearTimeout(form.draftTimer);
  clearTimeout(form.answerTimer);
}

// The form ends where the window ends, so that the rows scroll beside a photo that stays in sight.
function fitWindow(form) {
  const scrolled = document.querySelector('[data-testid="stMain"]')?.scrollTop ?? 0;
  const top = form.element.getBoundingClientRect().top + scrolled;
  form.element.style.setProperty("--room", `calc(100dvh - ${Math.round(top) + BOTTOM_MARGIN_PX}px)`);
}

// ---- Words

function word(form, key, values = {}) {
  const text = form.data.labels[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The language may change while a receipt is open: words are written again, values are left alone.
function applyWords(form) {
  const { labels, categories, reasons, currency, readonly } = form.data;
  const words = JSON.stringify([labels, categories, reasons, currency, readonly]);
  if (words === form.words) return;
  form.words = words;
  form.root.querySelectorAll("[data-word]").forEach((element) => {
    element.textContent = word(form, element.dataset.word);
  });
  form.root.querySelector(".currency").textContent = currency;
  form.table.setAttribute("aria-label", word(form, "items"));
  rows(form).forEach((row) => fillCategories(form, cell(row, "category"), cell(row, "category").value));
  offerReasons(form);
  renumber(form);
  judgeAgain(form);
}

function fillCategories(form, select, value) {
  const choices = [{ value: "", label: word(form, "no_category") }, ...form.data.categories];
  // A category that is not offered any more stays choosable in the row that has it: a select would silently drop it.
  if (!choices.some((choice) => choice.value === value)) choices.push({ value, label: value });
  select.replaceChildren(...choices.map((choice) => new Option(choice.label, choice.value)));
  select.value = value;
}

function offerReasons(form) {
  const choices = form.data.reasons.map((reason, index) => {
    const label = document.createElement("label");
    const create = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const radio = create("input", { type: "radio", name: "reason", value: reason.value });
    label.append(radio, create("kbd", { textContent: index + 1 }), create("span", { textContent: reason.label }));
    return label;
  });
  form.reject.querySelector(".reasons").replaceChildren(...choices);
}

// ---- Rows

function rows(form) {
  return [...form.table.tBodies];
}

function cell(row, column) {
  return row.querySelector(`[data-column="${column}"]`);
}

function headField(form, column) {
  return form.fields.querySelector(`[data-field="${column}"]`);
}

function inputs(form) {
  return [...form.fields.querySelectorAll("[data-field]")]; // In the order of the Tab key.
}

function rowOf(input) {
  return input.closest("tbody");
}

function addRow(form, item = {}, modelIndex = null) {
  const row = form.template.content.firstElementChild.cloneNode(true);
  if (modelIndex !== null) row.dataset.modelIndex = modelIndex;
  fillCategories(form, cell(row, "category"), item.category ?? "");
  for (const column of ["name", "count", "price"]) setText(form, cell(row, column), item[column] ?? "");
  form.table.append(row);
  return row;
}

// Paths like "items.2.price" always follow what is on the screen.
function renumber(form) {
  rows(form).forEach((row, index) => {
    const number = index + 1;
    row.querySelector(".number").textContent = number;
    row.querySelector(".problem").id = `problem-${number}`;
    for (const column of COLUMNS) {
      const input = cell(row, column);
      input.dataset.field = `items.${index}.${column}`;
      input.setAttribute("aria-label", word(form, "in_row", { field: word(form, column), row: number }));
      input.setAttribute("aria-describedby", `problem-${number}`);
    }
    const button = row.querySelector(".delete");
    button.title = `${word(form, "delete_row", { row: number })} (Ctrl+Delete)`;
    button.setAttribute("aria-label", word(form, "delete_row", { row: number }));
  });
  inputs(form).forEach((input) => (input.disabled = form.data.readonly));
}

function isBlank(row) {
  return COLUMNS.every((column) => cell(row, column).value.trim() === "");
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

function nextRow(row) {
  return row.nextElementSibling;
}

function previousRow(row) {
  return row.previousElementSibling?.tagName === "TBODY" ? row.previousElementSibling : null;
}

// ---- Numbers and dates, as people and receipts write them

function decimalsOf(form, input) {
  return input.dataset.kind === "amount" ? form.data.decimals : 0;
}

function withoutSigns(text, signs) {
  for (const sign of signs) {
    if (text.startsWith(sign)) text = text.slice(sign.length);
    if (text.endsWith(sign)) text = text.slice(0, -sign.length);
  }
  return text;
}

// The number in the currency's smallest unit; null for an empty text, NaN for what is no number. A comma counts only
// where it parts thousands: "9,50" must not quietly become 950.
function parseNumber(text, decimals, currency) {
  let bare = text.normalize("NFKC").replace(/\s/g, "").replace(/[−–]/g, "-").toUpperCase();
  if (bare === "") return null;
  const signs = [currency.toUpperCase(), "RM", "₩", "원", "개", "$", "€", "£", "¥"];
  const negative = bare.startsWith("-") || withoutSigns(bare, signs).startsWith("-");
  bare = withoutSigns(bare.replace(/^-/, ""), signs).replace(/^-/, "");
  const parts = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(bare);
  if (!parts) return NaN;
  const fraction = parts[2] ?? "";
  if (/[^0]/.test(fraction.slice(decimals))) return NaN;
  const digits = parts[1].replaceAll(",", "") + fraction.slice(0, decimals).padEnd(decimals, "0");
  const value = Number(digits) * (negative && Number(digits) !== 0 ? -1 : 1);
  return Number.isSafeInteger(value) ? value : NaN;
}

function plainNumber(value, decimals) {
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  return (value < 0 ? "-" : "") + whole + (decimals ? "." + digits.slice(-decimals) : "");
}

function groupedNumber(value, decimals) {
  return plainNumber(value, decimals).replace(/\d(?=(\d{3})+(\.|$))/g, "$&,");
}

function numberIn(form, input) {
  return parseNumber(input.value, decimalsOf(form, input), form.data.currency);
}

// The date as YYYY-MM-DD; "" for an empty text, null for what is no day of the calendar.
function parseDate(text) {
  const bare = text.normalize("NFKC").replace(/\s/g, "");
  if (bare === "") return "";
  const parts =
    /^(\d{4})[-./년](\d{1,2})[-./월](\d{1,2})[.일]?$/.exec(bare) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(bare);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

// ---- Reading and writing the inputs

// What leaves the form: digits where the number is understood, otherwise the text exactly as it stands.
function textOf(form, input) {
  if (!isNumber(input)) return input.value;
  const value = numberIn(form, input);
  return value === null || Number.isNaN(value) ? input.value : plainNumber(value, decimalsOf(form, input));
}

function isNumber(input) {
  return input.dataset.kind === "amount" || input.dataset.kind === "count";
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

function readRow(form, row) {
  return Object.fromEntries(COLUMNS.map((column) => [column, textOf(form, cell(row, column))]));
}

function readDocument(form) {
  return {
    date: headField(form, "date").value,
    location: headField(form, "location").value,
    total_amount: textOf(form, headField(form, "total_amount")),
    currency: form.currency,
    items: rows(form).map((row) => readRow(form, row)),
  };
}

function writeDocument(form, doc) {
  form.currency = doc.currency; // Shown beside the total and not edited here; it travels with the document.
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

function differs(form, column, text, read) {
  return comparable(form, column, text) !== comparable(form, column, read);
}

// Two texts that mean the same compare equal: "1,500원" and "1500".
function comparable(form, column, text = "") {
  if (column === "date") return parseDate(text) ?? text.trim();
  if (column === "name" || column === "location" || column === "category") return text.trim();
  const value = parseNumber(text, column === "count" ? 0 : form.data.decimals, form.data.currency);
  return value === null || Number.isNaN(value) ? text.trim() : String(value);
}

// ---- Filling, once per load

function fillAnew(form) {
  const { data } = form;
  stopTimers(form);
  closeReject(form, { keepFocus: true });
  Object.assign(form, { receiptId: data.receipt_id, load: data.load, actionId: null, deniedId: null });
  // Counting on from there: an old acknowledgement must not cover what is typed from here.
  form.seq = form.ackedSeq = data.acked_seq;
  form.inputLeft = null;
  const backup = data.readonly ? null : readBackup(data.receipt_id);
  const restored = backup !== null && backup.t > data.saved_ms;
  clearProblems(form);
  writeDocument(form, restored ? backup.document : data.document);
  form.actions.hidden = data.readonly;
  form.element.classList.toggle("readonly", data.readonly);
  form.box.scrollTop = 0;
  setSending(form, false);
  notify(form, restored ? word(form, "restored") : "", "calm");
  form.status.textContent = "";
  if (restored) changed(form);
  focusFirst(form);
}

// The first field that wants attention; the page itself stays where it is.
function focusFirst(form) {
  if (form.data.readonly || dialogIsOpen()) return;
  const wanting = inputs(form).find((input) => input.value.trim() === "" || input.dataset.problem);
  const first = wanting ?? form.fields.querySelector('[data-field="items.0.name"]');
  if (first) moveTo(form, first);
}

function moveTo(form, input) {
  input.focus({ preventScroll: true });
  reveal(form, input);
}

// Scrolls the rows, never the page, and keeps clear of the heading above and the total below them.
function reveal(form, input) {
  const row = rowOf(input);
  if (!row) return;
  const above = form.table.tHead.offsetHeight;
  const below = form.box.querySelector(".foot").offsetHeight;
  const top = row.offsetTop - above;
  const bottom = row.offsetTop + row.offsetHeight + below - form.box.clientHeight;
  if (form.box.scrollTop > top) form.box.scrollTop = top;
  else if (form.box.scrollTop < bottom) form.box.scrollTop = bottom;
}

// ---- Typing

function onTyping(form, input) {
  delete input.dataset.refused; // The server judged another value.
  judge(form, input, "typing");
  const row = rowOf(input);
  if (row) judge(form, cell(row, "name"), "typing"); // A row that is emptied needs no name any more.
  notify(form, "");
  changed(form);
}

// A click on a number or a date selects all of it, like a cell of a spreadsheet; a second click sets the caret.
function onPress(form, event) {
  const input = event.target;
  if (!input.dataset.kind || input.disabled || input === form.root.activeElement) return;
  event.preventDefault();
  input.focus();
}

function onEntering(form, input) {
  if (!input.dataset.field) return;
  form.inputLeft = input;
  if (isNumber(input)) input.value = textOf(form, input);
  if (input.dataset.kind) input.select();
  const path = rowOf(input) ? input.dataset.field.split(".").slice(0, 2).join(".") : input.dataset.field;
  const detail = { receipt_id: form.receiptId, field: path };
  window.dispatchEvent(new CustomEvent("ledger:focus", { detail }));
}

function onLeaving(form, input, next) {
  if (!input.dataset.field) return;
  tidy(form, input);
  judge(form, input, "leaving");
  const row = rowOf(input);
  if (row && next && !row.contains(next)) judge(form, cell(row, "name"), "leaving");
}

function onFieldClick(form, target) {
  if (target.closest(".add")) insertRow(form);
  const remove = target.closest(".delete");
  if (remove) deleteRow(form, rowOf(remove));
}

// Every change: show what it means, keep it in this browser at once, and send it when typing pauses.
function changed(form) {
  if (form.data.readonly) return;
  mark(form);
  form.seq += 1;
  form.touchedAt = now(form);
  form.draftPatience = DRAFT_PATIENCE_MS;
  keepBackup(form.receiptId, { seq: form.seq, t: form.touchedAt, document: readDocument(form) });
  form.status.textContent = word(form, "editing");
  form.status.classList.remove("warning");
  sendDraftSoon(form);
}

function sendDraftSoon(form) {
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => sendDraft(form), DRAFT_PAUSE_MS);
}

// Later than the stored draft even if that came from a computer whose clock is ahead: the newer text must win.
function now(form) {
  return Math.max(Date.now(), form.data.saved_ms + 1);
}

function payload(form, t, doc) {
  const { receiptId: receipt_id, load, seq } = form;
  return { receipt_id, reading_id: form.data.reading_id, load, seq, t, document: doc };
}

// A server that was restarted loses what was on its way and says nothing: a draft is sent until it is acknowledged.
function sendDraft(form) {
  form.setStateValue("draft", payload(form, form.touchedAt, readDocument(form)));
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => {
    form.status.textContent = word(form, "draft_not_saved");
    form.status.classList.add("warning");
    form.draftPatience = Math.min(2 * form.draftPatience, 60_000);
    sendDraft(form);
  }, form.draftPatience);
}

function acknowledge(form) {
  const { acked_seq: acked, acked_at: at } = form.data;
  if (acked <= form.ackedSeq || acked < form.seq) return;
  form.ackedSeq = acked;
  clearTimeout(form.draftTimer);
  dropBackup(form.receiptId);
  if (form.sending) return;
  form.status.textContent = word(form, "draft_saved", { time: at });
  form.status.classList.remove("warning");
}

// ---- The backup in this browser, for the time until the server has the draft

const memory = new Map(); // Stands in where the browser keeps nothing, as in some private windows.

function backupKey(receiptId) {
  return `ledger:draft:${receiptId}`;
}

function keepBackup(receiptId, backup) {
  memory.set(receiptId, backup);
  try {
    localStorage.setItem(backupKey(receiptId), JSON.stringify(backup));
  } catch {
    // The copy in memory remains.
  }
}

function readBackup(receiptId) {
  try {
    const stored = JSON.parse(localStorage.getItem(backupKey(receiptId)));
    if (stored?.document?.items) return stored;
  } catch {
    // Unreadable storage is the same as none.
  }
  return memory.get(receiptId) ?? null;
}

function dropBackup(receiptId) {
  memory.delete(receiptId);
  try {
    localStorage.removeItem(backupKey(receiptId));
  } catch {
    // Nothing was kept there.
  }
}

// Each closing counts once: a receipt that was skipped and is open again may have a new backup.
function dropClosedBackups(form) {
  for (const id of form.data.closed) {
    if (!form.closedSeen.has(id) && id !== form.data.receipt_id) dropBackup(id);
  }
  form.closedSeen = new Set(form.data.closed);
}

// ---- Judging: what cannot be right is refused where it stands, in a sentence

function judge(form, input, moment) {
  const problem = problemOf(form, input, moment);
  showProblem(form, input, input.dataset.refused || problem);
}

function problemOf(form, input, moment) {
  if (isNumber(input)) return numberProblem(form, input, moment);
  // A text is never refused while it is still being typed, but a mended one is accepted at once.
  if (moment === "typing" && !input.dataset.problem) return "";
  if (input.dataset.kind === "date") return dateProblem(form, input, moment);
  if (input.dataset.column === "name") return nameProblem(form, input, moment);
  return "";
}

function numberProblem(form, input, moment) {
  const beginning = /^\s*[-−–]?\s*$/.test(input.value);
  if (!Number.isNaN(numberIn(form, input)) || (moment === "typing" && beginning)) return "";
  const field = input.getAttribute("aria-label") ?? word(form, input.dataset.column);
  const key = input.dataset.kind === "count" ? "not_a_count" : "not_an_amount";
  return word(form, key, { field, value: input.value, currency: form.data.currency });
}

function dateProblem(form, input, moment) {
  const date = parseDate(input.value);
  if (date === null) return word(form, "not_a_date", { value: input.value });
  return date === "" && moment === "confirming" ? word(form, "date_missing") : "";
}

function nameProblem(form, input, moment) {
  const row = rowOf(input);
  if (moment === "loading" || input.value.trim() !== "" || isBlank(row)) return "";
  return word(form, "name_missing", { row: rows(form).indexOf(row) + 1 });
}

function showProblem(form, input, sentence) {
  if (sentence) {
    input.dataset.problem = sentence;
    input.setAttribute("aria-invalid", "true");
  } else {
    delete input.dataset.problem;
    input.removeAttribute("aria-invalid");
  }
  const scope = input.closest("[data-scope]");
  const sentences = [...scope.querySelectorAll("[data-problem]")].map((each) => each.dataset.problem);
  scope.querySelector(".problem").textContent = sentences.join(" ");
}

// Sentences name rows, so they are said again when rows have moved.
function judgeAgain(form) {
  inputs(form).filter((input) => input.dataset.problem).forEach((input) => judge(form, input, "leaving"));
}

function clearProblems(form) {
  inputs(form).forEach((input) => {
    delete input.dataset.refused;
    showProblem(form, input, "");
  });
}

// ---- Marks: what differs from the model's reading, and whether the items add up

function mark(form) {
  inputs(form).forEach((input) => markDifference(form, input));
  showSum(form);
}

function markDifference(form, input) {
  const read = modelText(form, input);
  const isChanged = form.data.model !== null && differs(form, input.dataset.column, input.value, read);
  const shown = isChanged ? shownText(form, input, read) : "";
  input.parentElement.classList.toggle("changed", isChanged);
  input.parentElement.querySelector(".was").textContent = shown;
  input.title = isChanged ? word(form, read ? "model_read" : "model_read_nothing", { value: shown }) : "";
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
  const value = isNumber(input) ? parseNumber(text, decimalsOf(form, input), form.data.currency) : null;
  return value === null || Number.isNaN(value) ? text : groupedNumber(value, decimalsOf(form, input));
}

// A hint, never a wall: receipts exist that do not add up.
function showSum(form) {
  const prices = rows(form).map((row) => numberIn(form, cell(row, "price"))).filter(Number.isFinite);
  const total = numberIn(form, headField(form, "total_amount"));
  const sum = prices.reduce((left, right) => left + right, 0);
  const amount = (value) => groupedNumber(value, form.data.decimals).replace("-", "−");
  const parts = [word(form, "sum_items", { amount: amount(sum) })];
  const known = Number.isFinite(total); // parseNumber gives null for an empty total, which is not finite either.
  if (known) parts.push(word(form, "sum_total", { amount: amount(total) }) + (total === sum ? " ✓" : ""));
  if (known && total !== sum) parts.push(word(form, "sum_difference", { amount: amount(sum - total) }));
  form.sum.textContent = prices.length ? parts.join(" · ") : "";
  form.sum.classList.toggle("warning", known && total !== sum);
  form.sum.classList.toggle("agrees", known && total === sum);
}

// ---- Actions

function onActionClick(form, target) {
  const kind = target.closest("[data-action]")?.dataset.action;
  if (kind) begin(form, kind);
}

function begin(form, kind) {
  if (form.sending || form.data.readonly || !form.reject.hidden) return;
  if (kind === "reject") openReject(form);
  else if (kind === "skip") send(form, "skip", readDocument(form));
  else confirmNow(form);
}

function confirmNow(form) {
  // Removed on the screen too, so that the server's row numbers are the operator's.
  rows(form).filter(isBlank).forEach((row) => row.remove());
  renumber(form);
  inputs(form).forEach((input) => {
    delete input.dataset.refused; // The server may think otherwise by now, or because another field has changed.
    tidy(form, input);
    judge(form, input, "confirming");
  });
  mark(form);
  const wrong = inputs(form).find((input) => input.dataset.problem);
  if (!wrong) return send(form, "confirm", trimmed(readDocument(form)));
  notify(form, word(form, "correct_first"), "warning");
  moveTo(form, wrong);
}

function trimmed(doc) {
  const items = doc.items.map((item) => ({ ...item, name: item.name.trim() }));
  return { ...doc, location: doc.location.trim(), items };
}

function send(form, kind, doc, extra = {}) {
  clearTimeout(form.draftTimer);
  form.actionId = `${form.receiptId}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  setSending(form, true);
  notify(form, "");
  form.status.textContent = word(form, "sending");
  form.setTriggerValue("action", { id: form.actionId, kind, ...payload(form, now(form), doc), ...extra });
  form.answerTimer = setTimeout(() => giveUpWaiting(form), ANSWER_PATIENCE_MS);
}

function giveUpWaiting(form) {
  unlock(form);
  notify(form, word(form, "no_answer"), "warning");
}

function unlock(form) {
  clearTimeout(form.answerTimer);
  setSending(form, false);
  form.status.textContent = "";
  if (form.seq > form.ackedSeq) sendDraftSoon(form);
  if (form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
}

function setSending(form, sending) {
  form.sending = sending;
  form.element.inert = sending;
  for (const element of [form.element, form.root.host]) {
    element.dataset.state = sending ? "sending" : "idle";
    element.dataset.receiptId = form.receiptId;
    element.dataset.load = form.load;
  }
}

// Only the answer to the action that this form sent last: an older one says nothing about what stands here now.
function acceptDenial(form) {
  const { denied } = form.data;
  if (!denied || denied.id !== form.actionId || denied.id === form.deniedId) return;
  form.deniedId = denied.id;
  unlock(form);
  const refused = denied.problems.map((problem) => refuse(form, problem)).filter(Boolean);
  notify(form, denied.message, "warning");
  const first = inputs(form).find((input) => refused.includes(input));
  if (first) moveTo(form, first);
}

function refuse(form, { field, why }) {
  const input = inputs(form).find((each) => each.dataset.field === field);
  if (!input) return null;
  input.dataset.refused = why;
  showProblem(form, input, why);
  return input;
}

function notify(form, text, tone = "") {
  form.notice.textContent = text;
  form.notice.className = `notice ${tone}`;
}

// ---- Rejecting, in a panel of the form itself: a dialog of the page would need a round trip to open

function openReject(form) {
  form.reject.querySelectorAll("input[type=radio]").forEach((radio) => (radio.checked = false));
  form.reject.querySelector(".why").value = "";
  form.reject.querySelector(".problem").textContent = "";
  form.reject.hidden = false;
  form.actions.hidden = true;
  form.fields.inert = true;
  notify(form, "");
  showRejectWords(form);
  form.reject.querySelector("input")?.focus({ preventScroll: true });
}

function closeReject(form, { keepFocus = false } = {}) {
  form.reject.hidden = true;
  form.actions.hidden = form.data.readonly;
  form.fields.inert = false;
  if (!keepFocus && form.inputLeft?.isConnected) moveTo(form, form.inputLeft);
}

function chosenReason(form) {
  return form.reject.querySelector("input[type=radio]:checked")?.value ?? null;
}

function showRejectWords(form) {
  form.reject.querySelector(".words").hidden = chosenReason(form) !== "other";
}

function pickReason(form, index) {
  const radios = [...form.reject.querySelectorAll("input[type=radio]")];
  const radio = radios[(index + radios.length) % radios.length];
  radio.checked = true;
  radio.focus({ preventScroll: true });
  showRejectWords(form);
}

function onRejectKey(form, event) {
  if (event.isComposing || event.keyCode === 229) return;
  const typing = event.target.classList.contains("why");
  const reasons = form.data.reasons;
  const current = reasons.findIndex((reason) => reason.value === chosenReason(form));
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (event.key === "Escape") closeReject(form);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") rejectNow(form);
  else if (typing) return;
  else if (digit >= 1 && digit <= reasons.length) chooseByNumber(form, digit - 1);
  else if (event.key === "ArrowDown" || event.key === "ArrowRight") pickReason(form, current + 1);
  else if (event.key === "ArrowUp" || event.key === "ArrowLeft") pickReason(form, current < 0 ? -1 : current - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function chooseByNumber(form, index) {
  pickReason(form, index);
  if (chosenReason(form) === "other") form.reject.querySelector(".why").focus({ preventScroll: true });
}

function rejectNow(form) {
  const code = chosenReason(form);
  const words = form.reject.querySelector(".why");
  const missing = code === null ? "reject_choose" : code === "other" && words.value.trim() === "" ? "reject_say" : null;
  form.reject.querySelector(".problem").textContent = missing ? word(form, missing) : "";
  if (missing) return missing === "reject_say" ? words.focus() : undefined;
  const text = code === "other" ? words.value.trim() : "";
  closeReject(form, { keepFocus: true });
  send(form, "reject", readDocument(form), { reason: { code, text } });
}

// ---- Keys

function dialogIsOpen() {
  return document.querySelector("[role=dialog]") !== null;
}

// `code` is the key itself: while a Hangul syllable is being composed, `key` only says "Process".
function actionOf(event) {
  const enter = event.code === "Enter" || event.code === "NumpadEnter";
  if ((event.ctrlKey || event.metaKey) && enter) return "confirm";
  if (!event.altKey || event.ctrlKey || event.metaKey) return null;
  return { ArrowRight: "skip", KeyX: "reject", KeyN: "add" }[event.code] ?? null;
}

function isElsewhere(form, event) {
  const path = event.composedPath();
  return !path.includes(form.root) && path[0].matches?.("input, textarea, select, [contenteditable]");
}

function onPageKey(form, event) {
  const action = actionOf(event);
  if (!action || form.data.readonly || dialogIsOpen() || isElsewhere(form, event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat || !form.reject.hidden) return;
  const run = () => (action === "add" ? addByKey(form) : begin(form, action));
  if (!event.isComposing && event.keyCode !== 229) return run();
  form.root.activeElement?.blur(); // Ends the composition, so that the last syllable is part of the value.
  setTimeout(run, COMPOSITION_END_MS);
}

function addByKey(form) {
  if (!form.sending) insertRow(form);
}

function onFieldKey(form, event) {
  const input = event.target;
  if (!input.dataset.field || event.isComposing || event.keyCode === 229) return;
  if (event.altKey || event.metaKey) return;
  const row = rowOf(input);
  const inSelect = input.tagName === "SELECT"; // Its own arrows choose.
  let handled = true;
  if (event.key === "Enter" && !event.ctrlKey) stepByEnter(form, input, event.shiftKey);
  else if (event.key === "ArrowDown" && row && !inSelect) stepTo(form, nextRow(row), input);
  else if (event.key === "ArrowUp" && row && !inSelect) stepTo(form, previousRow(row), input);
  else if (event.key === "Delete" && event.ctrlKey && row) deleteRow(form, row, input.dataset.column);
  else handled = false;
  if (handled) event.preventDefault();
}

function stepTo(form, row, input) {
  if (row) enterByKey(form, cell(row, input.dataset.column));
}

// As in a spreadsheet: Enter goes down the column, and past the last row into a new one.
function stepByEnter(form, input, backwards) {
  const next = backwards ? before(form, input) : after(form, input);
  if (next) enterByKey(form, next);
}

function after(form, input) {
  const row = rowOf(input);
  if (!row) return afterHeadField(form, input);
  if (nextRow(row)) return cell(nextRow(row), input.dataset.column);
  if (isBlank(row)) return headField(form, "total_amount");
  const added = addRow(form);
  renumber(form);
  changed(form);
  return cell(added, input.dataset.column);
}

function afterHeadField(form, input) {
  const [first] = rows(form);
  const following = {
    date: headField(form, "location"),
    location: first ? cell(first, "name") : headField(form, "total_amount"),
    total_amount: form.actions.querySelector("[data-action=confirm]"),
  };
  return following[input.dataset.column];
}

function before(form, input) {
  const row = rowOf(input);
  const last = rows(form).at(-1);
  if (row) return previousRow(row) ? cell(previousRow(row), input.dataset.column) : headField(form, "location");
  const aboveTotal = last ? cell(last, "price") : headField(form, "location");
  return { location: headField(form, "date"), total_amount: aboveTotal }[input.dataset.column];
}

// What is reached by keyboard is selected whole: typing replaces it, an arrow key keeps it.
function enterByKey(form, element) {
  moveTo(form, element);
  element.select?.();
}
