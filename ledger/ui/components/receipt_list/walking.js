// One line is the present one: the Tab key enters the table there, the arrows walk from there.

const remembered = new Map(); // Place in the lists -> present line and scroll, for whoever comes back to it.
const KEPT_PLACES = 50;

function present(list) {
  const { lines } = list.data;
  return lines.find((line) => line.id === list.presentId) ?? lines[0];
}

function indexOfPresent(list) {
  return list.data.lines.indexOf(present(list));
}

function makePresent(list, id) {
  list.presentId = id;
  list.presentIndex = indexOfPresent(list);
  list.bodies.forEach((body, each) => (body.querySelector(".line").tabIndex = each === id ? 0 : -1));
  remember(list);
}

function walkTo(list, index, { choosing = false } = {}) {
  const { lines } = list.data;
  const to = lines[Math.max(0, Math.min(index, lines.length - 1))];
  if (!to) return;
  if (choosing) [present(list).id, to.id].forEach((id) => list.chosen.add(id));
  makePresent(list, to.id);
  focusPresent(list);
  if (choosing) drawChoice(list);
}

function focusPresent(list) {
  const row = rowOf(list, list.presentId);
  if (!row) return;
  row.focus({ preventScroll: true });
  reveal(list, row);
}

// Scrolls the lines, never the page, and keeps clear of the heading above them.
function reveal(list, row) {
  const { box } = list;
  const top = row.offsetTop - list.table.tHead.offsetHeight;
  const bottom = row.parentElement.lastElementChild.offsetTop + row.parentElement.lastElementChild.offsetHeight;
  if (box.scrollTop > top || row === list.table.querySelector(".line")) box.scrollTop = top;
  else if (box.scrollTop + box.clientHeight < Math.max(bottom, row.offsetTop + row.offsetHeight)) {
    box.scrollTop = Math.max(bottom, row.offsetTop + row.offsetHeight) - box.clientHeight;
  }
}

// After the lines were drawn: whoever stood on a line stands there still, or on the one that took its place.
function keepPlace(list, held) {
  const key = JSON.stringify(list.data.place);
  if (key !== list.placeKey) return arrive(list, key, held);
  if (!lineOf(list, list.presentId)) list.presentId = list.data.lines[Math.min(list.presentIndex, list.data.lines.length - 1)]?.id;
  if (present(list)) makePresent(list, present(list).id);
  if (held && (held.matches(".line") || !held.isConnected)) focusPresent(list);
  focusAtFirst(list);
}

// Another page or another list begins at its first line, unless one comes back to it.
function arrive(list, key, held) {
  const first = list.placeKey === undefined;
  const before = remembered.get(key);
  list.placeKey = key;
  list.box.scrollTop = 0;
  list.presentId = lineOf(list, before?.id) ? before.id : list.data.lines[0]?.id;
  if (list.presentId) makePresent(list, list.presentId);
  if (before) list.box.scrollTop = before.scroll;
  list.waitsForLines ||= first;
  if (held || list.turning) focusPresent(list);
  list.turning = false;
  focusAtFirst(list);
}

// Whoever comes to this page has the keys on the first line at once, unless they went on to something else meanwhile.
function focusAtFirst(list) {
  if (!list.waitsForLines || !list.presentId) return;
  list.waitsForLines = false;
  if (document.activeElement === document.body) focusPresent(list);
}

function remember(list) {
  keep(remembered, list.placeKey, { id: list.presentId, scroll: list.box.scrollTop }, KEPT_PLACES);
}
