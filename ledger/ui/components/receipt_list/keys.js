// Keys of the list.

const STEPS = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  Home: () => 0,
  End: (index, length) => length - 1,
};

function onLineKey(list, event) {
  if (!event.target.closest(".line") || event.altKey || event.isComposing) return;
  if (!handle(list, event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function handle(list, { code, key, ctrlKey, metaKey, shiftKey, target }) {
  const line = present(list);
  if (ctrlKey || metaKey) return code === "KeyA" && (chooseAll(list), true);
  if (STEPS[key]) {
    const index = STEPS[key](indexOfPresent(list), list.data.lines.length);
    return walkTo(list, index, { choosing: shiftKey }), true;
  }
  if (key === "PageDown") return turn(list, "next"), true;
  if (key === "PageUp") return turn(list, "before"), true;
  if (key === "Escape") return chooseNone(list), true;
  if (key === "Enter") return open(list, line.id), true;
  if (key === " " && target.matches(".line")) return toggle(list, line.id), true;
  return false;
}

// "/" leads to the search field, as in many programs. By `code`, because a Hangul layout may say something else.
function onPageKey(list, event) {
  const inField = event.composedPath()[0].matches?.("input, textarea, select, [contenteditable]");
  if (event.code !== "Slash" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || inField) return;
  if (dialogIsOpen()) return;
  event.preventDefault();
  list.find(".text").focus();
}

function onFilterKey(list, event) {
  if (event.isComposing || event.keyCode === 229) return;
  const typing = event.target.matches(".text");
  if (event.key === "Enter") askForPlace(list, filters(list));
  else if (event.key === "ArrowDown" && typing) focusPresent(list);
  else if (event.key === "Escape" && typing && event.target.value) (event.target.value = ""), searchSoon(list);
  else return;
  event.preventDefault();
}
