// The lines of the list. A line that is the same as before is left alone, so that neither focus nor scroll moves.

function lineOf(list, id) {
  return list.data.lines.find((line) => line.id === id);
}

function bodyOf(list, id) {
  return list.bodies.get(id);
}

function rowOf(list, id) {
  return bodyOf(list, id)?.querySelector(".line");
}

function idOf(element) {
  return Number(element.closest("tbody")?.dataset.id ?? 0);
}

function drawLines(list) {
  const { lines } = list.data;
  const held = list.table.contains(list.root.activeElement) ? list.root.activeElement : null;
  const bodies = new Map(lines.map((line) => [line.id, drawn(list, line)]));
  list.bodies = bodies;
  const inOrder = [...bodies.values()];
  // Putting an element where it already is would take the focus from it.
  if (inOrder.some((body, index) => body !== list.table.tBodies[index])) list.table.append(...inOrder);
  [...list.table.tBodies].forEach((body) => body.isConnected && bodies.get(idOf(body)) !== body && body.remove());
  list.find(".empty").textContent = lines.length ? "" : list.data.empty;
  list.table.hidden = !lines.length;
  keepPlace(list, held);
}

function drawn(list, line) {
  const body = bodyOf(list, line.id) ?? list.template.content.firstElementChild.cloneNode(true);
  const as = JSON.stringify([line, list.words]);
  if (body.dataset.as === as) return body;
  body.dataset.as = as;
  body.dataset.id = line.id;
  write(list, body, line);
  return body;
}

function write(list, body, line) {
  const find = (selector) => body.querySelector(selector);
  const why = `why-${line.id}`;
  Object.assign(find("a"), { href: line.address, textContent: line.id });
  for (const name of ["place", "date", "total", "model", "arrived"]) find(`td.${name}`).textContent = line[name];
  find(".place").classList.toggle("unnamed", line.unnamed);
  find(".place").title = [...new Set([line.place, line.photo_name])].join("\n");
  find(".status .word").textContent = line.status;
  find(".holder").textContent = line.holder;
  find(".risk").dataset.step = line.risk;
  find(".risk .word").textContent = line.risk ? word(list, `risk_${line.risk}`) : "";
  const warning = find(".warning");
  warning.hidden = !line.warned;
  warning.title = word(list, "warning");
  warning.setAttribute("aria-label", word(list, "warning"));
  find("input").setAttribute("aria-label", word(list, "choose", { number: line.id }));
  find(".why").hidden = !line.why;
  Object.assign(find(".why td + td"), { id: why, textContent: line.why });
  if (line.why) find(".line").setAttribute("aria-describedby", why);
  else find(".line").removeAttribute("aria-describedby");
}
