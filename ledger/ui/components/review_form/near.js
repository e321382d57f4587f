// What stands near the field that is worked on: the model's value and the typed one, one beside the other.

function sayNear(form, input) {
  const place = input.closest("[data-scope]").querySelector(".near");
  const pair = pairOf(form, input);
  place.replaceChildren(...(pair ? [pair] : []));
  if (pair) fillPair(form, input, pair);
}

function hushNear(input) {
  input.closest("[data-scope]")?.querySelector(".near").replaceChildren();
}

// Only where signs can be compared: a date or an amount stands in full in its own field.
function isCompared(input) {
  return ["name", "location"].includes(input.dataset.column);
}

function pairOf(form, input) {
  const isChanged = input.parentElement.classList.contains("changed");
  if (!isChanged || !isCompared(input) || modelText(form, input) === "" || input.value.trim() === "") return null;
  const pair = Object.assign(document.createElement("p"), { className: "pair" });
  const texts = ["read", "typed"].map((className) => Object.assign(document.createElement("span"), { className }));
  pair.append(texts[0], " → ", texts[1]);
  return pair;
}

// The fonts are known only once the texts are in the page.
function fillPair(form, input, pair) {
  const [read, typed] = [modelText(form, input).trim(), input.value.trim()];
  const compared = compareTexts(read, typed);
  writeLit(pair.querySelector(".read"), read, compared?.left);
  writeLit(pair.querySelector(".typed"), typed, compared?.right);
  const words = differenceInWords(form, compared);
  if (words) pair.append(Object.assign(document.createElement("small"), { textContent: words }));
}
