// The words of the list. The page translates them and sends them with the data.

function word(list, key, values = {}) {
  const text = list.data.labels[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function applyWords(list) {
  const words = JSON.stringify([list.data.labels, list.data.orders]);
  if (words === list.words) return;
  list.words = words;
  list.root.querySelectorAll("[data-word]").forEach((element) => {
    element.textContent = word(list, element.dataset.word);
  });
  const names = {
    ".sections": "sections",
    ".filters": "filters",
    ".text": "text",
    ".since": "since",
    ".until": "until",
    "select.model": "model",
    ".orders": "order",
    ".all": "choose_all",
    table: "receipts",
    ".before": "page_before",
    ".next": "page_next",
  };
  for (const [selector, key] of Object.entries(names)) nameIt(list, list.find(selector), key);
  list.find(".text").placeholder = word(list, "text");
}

function nameIt(list, element, key) {
  element.setAttribute("aria-label", word(list, key));
  if (element.matches("button, input[type=date]")) element.title = word(list, key);
}
