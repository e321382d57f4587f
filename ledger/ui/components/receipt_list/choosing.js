// Lines that are chosen for something to be done to all of them. Others that come into the list are never chosen.

function toggle(list, id) {
  if (!list.chosen.delete(id)) list.chosen.add(id);
  drawChoice(list);
}

function chooseAll(list) {
  list.data.lines.forEach((line) => list.chosen.add(line.id));
  drawChoice(list);
}

function chooseNone(list) {
  list.chosen.clear();
  drawChoice(list);
}

// What is not on the screen any more is not chosen any more: nobody would see what is done to it.
function drawChoice(list) {
  list.chosen.forEach((id) => list.bodies.has(id) || list.chosen.delete(id));
  list.bodies.forEach((body, id) => {
    body.querySelector("input").checked = list.chosen.has(id);
    body.querySelector(".line").setAttribute("aria-selected", String(list.chosen.has(id)));
  });
  const count = list.chosen.size;
  const all = list.find(".all");
  all.checked = count > 0 && count === list.bodies.size;
  all.indeterminate = count > 0 && !all.checked;
  list.find(".said").textContent = count ? word(list, "chosen", { count }) : list.data.said;
  list.find(".again").hidden = list.find(".none").hidden = count === 0;
}

function chooseTo(list, id) {
  const { lines } = list.data;
  const [from, to] = [indexOfPresent(list), lines.indexOf(lineOf(list, id))].sort((one, other) => one - other);
  lines.slice(from, to + 1).forEach((line) => list.chosen.add(line.id));
  drawChoice(list);
}
