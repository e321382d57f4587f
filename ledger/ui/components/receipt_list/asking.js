// What the page is asked for: another place in the lists, to have receipts read again; and the way to one of them.

const SEARCH_PAUSE_MS = 300;

function ask(list, kind, extra = {}) {
  const id = randomId();
  list.setTriggerValue("action", { id, kind, ...extra });
  return id;
}

// Each change of a filter begins at the first page.
function askForPlace(list, change) {
  clearTimeout(list.searchTimer);
  const place = { ...list.asked, after: "", ...change };
  if (JSON.stringify(place) === JSON.stringify(list.asked)) return;
  list.asked = place;
  list.waitingFor = ask(list, "show", { place });
}

function searchSoon(list) {
  clearTimeout(list.searchTimer);
  list.searchTimer = setTimeout(() => askForPlace(list, filters(list)), SEARCH_PAUSE_MS);
}

// The place that is shown now, unless the answer to a later question is on its way. Where it was not asked for here, it
// came by the address or the browser's back; else it is left alone, because somebody may be typing on.
function followPlace(list) {
  const { answered, place } = list.data;
  if (list.waitingFor && list.waitingFor !== answered) return;
  list.waitingFor = null;
  if (JSON.stringify(place) === JSON.stringify(list.asked)) return;
  list.asked = place;
  writeFilters(list, place);
}

function turn(list, kind) {
  const after = list.data.pages[kind];
  if (after === null) return;
  list.turning = true;
  askForPlace(list, { after });
}

// As if the browser had gone on to that address: one run of the page there, and one step back to here.
function open(list, id) {
  const line = lineOf(list, id);
  remember(list);
  fetchAhead(line);
  rowOf(list, id).classList.add("opening");
  history.pushState({}, "", line.address);
  dispatchEvent(new PopStateEvent("popstate"));
}

function readAgain(list) {
  ask(list, "read_again", { receipts: [...list.chosen] });
  chooseNone(list);
}
