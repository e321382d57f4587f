// Chips: what may stand in the focused field instead of what was read, numbered, with the differing jamo lit.

const SUGGESTED = { list: suggestionOffers, show: showSuggestions };
const SHOWN_WHOLE = 18; // Signs of a value that fit on a chip; of a longer one the differing words are shown.

// The numbers stay as long as the field does, so that a key pressed twice does the same twice.
function suggestionOffers(form) {
  const input = suggestedField(form);
  return input ? suggestedValues(form, input).map((one) => suggestionOffer(form, input, one)) : [];
}

// A composition that a shortcut has ended leaves its field without focus for a moment; a button is no field.
function suggestedField(form) {
  const focused = form.root.activeElement;
  return focused && !focused.dataset.field ? null : fieldInHand(form);
}

// Once another value stands there, the model's own is offered last.
function suggestedValues(form, input) {
  const suggested = form.data.suggestions[modelPath(input)] ?? [];
  const read = modelText(form, input);
  const isChanged = input.parentElement.classList.contains("changed");
  if (!suggested.length || !isChanged || !read) return suggested;
  return [...suggested, { value: read, why: word(form, "model_read", { value: shownText(form, input, read) }) }];
}

function suggestionOffer(form, input, { value, why }) {
  const shown = shownText(form, input, value);
  const label = [...excerpt(signsToShow(form, input, shown))].map(({ sign }) => sign).join("");
  return { label, title: shown === label ? why : `${shown} · ${why}`, apply: () => takeSuggestion(form, input, value) };
}

// As if it had been typed: judged, marked and kept in the same way.
function takeSuggestion(form, input, value) {
  input.focus({ preventScroll: true });
  if (!differs(form, input.dataset.column, value, input.value)) return;
  input.value = value;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function signsToShow(form, input, shown) {
  const current = shownText(form, input, input.value);
  const compared = input.tagName === "SELECT" ? null : compareTexts(current, shown);
  return compared?.right ?? [{ sign: shown, lit: "" }];
}

// The words of a long value in which something is lit.
function excerpt(signs) {
  const lit = [...signs.keys()].filter((at) => signs[at].lit);
  if (signs.length <= SHOWN_WHOLE || !lit.length) return signs;
  const isSpace = ({ sign }) => sign === " ";
  const start = signs.slice(0, lit[0]).findLastIndex(isSpace) + 1;
  const following = signs.slice(lit.at(-1)).findIndex(isSpace);
  const end = following < 0 ? signs.length : lit.at(-1) + following;
  const dots = (needed) => (needed ? [{ sign: "…", lit: "" }] : []);
  return [...dots(start > 0), ...signs.slice(start, end), ...dots(end < signs.length)];
}

function showSuggestions(form, chips) {
  form.fields.querySelector(".suggested")?.remove();
  const input = form.root.activeElement;
  if (chips.length && input?.dataset.field) putChips(form, input, chips);
}

function putChips(form, input, chips) {
  const place = input.closest("[data-scope]").querySelector(".near");
  const box = Object.assign(document.createElement("div"), { className: "chips suggested", role: "group" });
  box.setAttribute("aria-label", word(form, "suggested"));
  box.append(...chips);
  place.append(box);
  suggestedValues(form, input).forEach(({ value }, index) => chips[index] && lightChip(form, input, chips[index], value));
}

function lightChip(form, input, chip, value) {
  const label = chip.querySelector("span");
  const signs = excerpt(signsToShow(form, input, shownText(form, input, value)));
  writeLit(label, label.textContent, signs);
  chip.setAttribute("aria-pressed", String(!differs(form, input.dataset.column, value, input.value)));
}
