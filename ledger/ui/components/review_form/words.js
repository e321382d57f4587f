// The words of the form, where they belong.

// The language may change while a receipt is open: words are written again, values are left alone.
function applyWords(form) {
  const { labels, categories, reasons, override_reasons, postpone, currencies, readonly } = form.data;
  const words = JSON.stringify([labels, categories, reasons, override_reasons, postpone, currencies, readonly]);
  if (words === form.words) return;
  form.words = words;
  form.root.querySelectorAll("[data-word]").forEach((element) => {
    element.textContent = word(form, element.dataset.word);
  });
  fillCurrencies(form, currency(form));
  form.table.setAttribute("aria-label", word(form, "items"));
  rows(form).forEach((row) => fillCategories(form, cell(row, "category"), cell(row, "category").value));
  offerChoices(form.reject, reasons);
  offerChoices(form.asking, override_reasons);
  offerChoices(form.postpone, postpone);
  form.root.querySelectorAll("[data-label]").forEach((element) => {
    element.setAttribute("aria-label", word(form, element.dataset.label));
  });
  listKeys(form);
  renumber(form);
  judgeAgain(form);
  mark(form);
}

function fillCurrencies(form, value) {
  const select = form.currencyField;
  const codes = form.data.currencies.map((each) => each.value);
  if (value && !codes.includes(value)) codes.push(value);
  select.replaceChildren(...codes.map((code) => new Option(code, code)));
  if (value) select.value = value;
  select.setAttribute("aria-label", word(form, "currency"));
}

function fillCategories(form, select, value) {
  const choices = [{ value: "", label: word(form, "no_category") }, ...form.data.categories];
  // A category that is not offered any more stays choosable in the row that has it: a select would silently drop it.
  if (!choices.some((choice) => choice.value === value)) choices.push({ value, label: value });
  select.replaceChildren(...choices.map((choice) => new Option(choice.label, choice.value)));
  select.value = value;
}
