// Above the lines: which list is shown, what of it, and in which order.

function drawBar(list) {
  const { sections, orders, place } = list.data;
  drawButtons(list, list.find(".sections"), sections, "section");
  drawButtons(list, list.find(".orders"), orders, "order");
  press(list, place);
  fillModels(list);
  followPlace(list);
  list.find(".clear").hidden = !isFiltered(place);
  list.find(".orders").hidden = Boolean(place.text || place.since || place.until); // What is searched has its own order.
}

function drawButtons(list, group, choices, name) {
  while (group.children.length > choices.length) group.lastElementChild.remove();
  choices.forEach((choice, index) => {
    const button = group.children[index] ?? group.appendChild(newButton(list, name));
    button.value = choice.value;
    button.firstChild.textContent = choice.label;
    button.lastChild.textContent = choice.count ?? "";
  });
}

function newButton(list, name) {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.append(document.createElement("span"), document.createElement("b"));
  button.addEventListener("click", () => {
    press(list, { ...list.asked, [name]: button.value });
    askForPlace(list, { [name]: button.value });
  });
  return button;
}

function press(list, { section, order }) {
  const press = (group, value) =>
    [...list.find(group).children].forEach((each) => each.setAttribute("aria-pressed", String(each.value === value)));
  press(".sections", section);
  press(".orders", order);
}

function fillModels(list) {
  const select = list.find("select.model");
  const wanted = list.data.place.model;
  const models = [...new Set([...list.data.models, ...(wanted ? [wanted] : [])])];
  const as = JSON.stringify([models, list.words]);
  if (select.dataset.as === as) return;
  const { value } = select;
  select.dataset.as = as;
  select.replaceChildren(new Option(word(list, "any_model"), ""), ...models.map((model) => new Option(model, model)));
  select.value = value;
}

function filters(list) {
  const value = (selector) => list.find(selector).value;
  const [text, since, until] = [".text", ".since", ".until"].map((selector) => value(selector).trim());
  return { text, since, until, model: value("select.model"), warned: list.find(".warned").checked };
}

function writeFilters(list, place) {
  for (const name of ["text", "since", "until"]) list.find(`.${name}`).value = place[name];
  list.find("select.model").value = place.model;
  list.find(".warned").checked = place.warned;
}

function isFiltered({ text, since, until, model, warned }) {
  return Boolean(text || since || until || model || warned);
}

function clearFilters(list) {
  const nothing = { text: "", since: "", until: "", model: "", warned: false };
  writeFilters(list, nothing);
  askForPlace(list, nothing);
}
