// The list of receipts. The address of the page says what is listed; the list asks the page for another address and is
// told what stands there. So a reload, a link and the browser's back lead to the same lines.

const lists = new WeakMap(); // One list per place in the page; the function below runs again with every answer.

export default function showReceiptList({ data, parentElement: root, setTriggerValue }) {
  const list = lists.get(root) ?? build(root);
  Object.assign(list, { data, setTriggerValue });
  applyWords(list);
  drawBar(list);
  drawLines(list);
  drawChoice(list);
  drawPages(list);
  fitWindow(list);
  return () => dismantle(list);
}

function build(root) {
  const find = (selector) => root.querySelector(selector);
  const list = {
    root,
    find,
    element: find(".list"),
    box: find(".box"),
    table: find("table"),
    template: find(".line-template"),
    bodies: new Map(),
    chosen: new Set(),
    asked: null,
    waitingFor: null,
  };
  lists.set(root, list);
  listen(list);
  return list;
}

function listen(list) {
  const { table, find } = list;
  table.addEventListener("click", (event) => onLineClick(list, event));
  table.addEventListener("keydown", (event) => onLineKey(list, event));
  table.addEventListener("focusin", (event) => onLineFocus(list, event.target));
  table.addEventListener("pointerover", (event) => fetchAhead(lineOf(list, idOf(event.target))));
  list.box.addEventListener("scroll", () => list.placeKey && remember(list), { passive: true });
  find(".all").addEventListener("change", (event) => (event.target.checked ? chooseAll(list) : chooseNone(list)));
  find(".filters").addEventListener("input", (event) => event.target.matches(".text") && searchSoon(list));
  find(".filters").addEventListener("change", () => askForPlace(list, filters(list)));
  find(".filters").addEventListener("keydown", (event) => onFilterKey(list, event));
  find(".filters").addEventListener("submit", (event) => event.preventDefault());
  find(".clear").addEventListener("click", () => clearFilters(list));
  find(".again").addEventListener("click", () => readAgain(list));
  find(".none").addEventListener("click", () => chooseNone(list));
  find(".before").addEventListener("click", () => turn(list, "before"));
  find(".next").addEventListener("click", () => turn(list, "next"));
  list.onKey = (event) => onPageKey(list, event);
  document.addEventListener("keydown", list.onKey);
  list.observer = watchPage(list, () => fitWindow(list));
}

function dismantle(list) {
  document.removeEventListener("keydown", list.onKey);
  list.observer.disconnect();
  clearTimeout(list.searchTimer);
}

// A click opens at once. With Ctrl or the middle button the number opens a tab of its own, because it is a link.
function onLineClick(list, event) {
  const id = idOf(event.target);
  if (!id) return;
  if (event.target.closest(".choose")) return event.target.matches("input") && onChoice(list, event, id);
  if (event.ctrlKey || event.metaKey) return event.target.closest("a") ? undefined : toggle(list, id);
  event.preventDefault();
  if (String(getSelection())) return; // Somebody marks a text to copy it.
  makePresent(list, id);
  open(list, id);
}

function onChoice(list, event, id) {
  if (event.shiftKey) chooseTo(list, id);
  else toggle(list, id);
  makePresent(list, id);
}

function onLineFocus(list, target) {
  const id = idOf(target);
  if (!id) return;
  if (id !== list.presentId) makePresent(list, id);
  fetchAhead(present(list));
}

function drawPages(list) {
  const { before, next } = list.data.pages;
  list.find(".before").disabled = before === null;
  list.find(".next").disabled = next === null;
}
