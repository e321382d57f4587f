// A numbered list in a panel, to choose one from by digit, arrow key or mouse. One of its choices may ask for more, in
// an input that is there only for it.

function offerChoices(panel, choices) {
  const create = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const before = chosen(panel);
  const labels = choices.map(({ value, label }, index) => {
    const choice = document.createElement("label");
    const radio = create("input", { type: "radio", name: panel.dataset.name, value, checked: value === before });
    choice.append(radio, create("kbd", { textContent: index + 1 }), create("span", { textContent: label }));
    return choice;
  });
  panel.querySelector(".choices").replaceChildren(...labels);
}

function radiosOf(panel) {
  return [...panel.querySelectorAll("input[type=radio]")];
}

function chosen(panel) {
  return radiosOf(panel).find((radio) => radio.checked)?.value ?? null;
}

function moreOf(panel) {
  return panel.querySelector(".more input");
}

function asksMore(panel) {
  return chosen(panel) === moreOf(panel).dataset.for;
}

// Emptied of what was chosen for a receipt before.
function clearChoices(panel, first = null) {
  radiosOf(panel).forEach((radio, index) => (radio.checked = index === first));
  moreOf(panel).value = "";
  panel.querySelector(".problem").textContent = "";
  showMore(panel);
}

function showMore(panel) {
  panel.querySelector(".more").hidden = !asksMore(panel);
}

function pick(panel, index) {
  const radios = radiosOf(panel);
  const radio = radios[(index + radios.length) % radios.length];
  radio.checked = true;
  radio.focus({ preventScroll: true });
  showMore(panel);
}

function pickByNumber(panel, index) {
  pick(panel, index);
  if (asksMore(panel)) moreOf(panel).focus({ preventScroll: true });
}

function onChoiceKey(form, panel, event, finish, leave) {
  if (event.isComposing || event.keyCode === 229) return;
  const current = radiosOf(panel).findIndex((radio) => radio.checked);
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (event.key === "Escape") leave(form);
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") event.repeat || finish(form);
  else if (event.target === moreOf(panel)) return;
  else if (digit >= 1 && digit <= radiosOf(panel).length) pickByNumber(panel, digit - 1);
  else if (event.key === "ArrowDown" || event.key === "ArrowRight") pick(panel, current + 1);
  else if (event.key === "ArrowUp" || event.key === "ArrowLeft") pick(panel, current < 0 ? -1 : current - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// What was chosen, with its words; null, and a sentence that says what is missing, when it is not complete.
function answerOf(form, panel) {
  const code = chosen(panel);
  const more = moreOf(panel);
  const text = asksMore(panel) ? more.value.trim() : "";
  const missing = code === null ? panel.dataset.choose : asksMore(panel) && text === "" ? panel.dataset.say : null;
  panel.querySelector(".problem").textContent = missing ? word(form, missing) : "";
  if (missing && code !== null) more.focus();
  return missing ? null : { code, text };
}
