// The words of the list, where they belong.

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
