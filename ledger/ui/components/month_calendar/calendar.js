// A month as a grid: one day of it takes the focus of the Tab key, arrows go on from there, into other months too.

const calendars = new WeakMap(); // One calendar per place in the page; the function below runs again with every answer.

export default function showCalendar({ data, parentElement: root, setTriggerValue }) {
  const calendar = calendars.get(root) ?? build(root);
  Object.assign(calendar, { data, setTriggerValue });
  drawHead(calendar);
  drawDays(calendar);
}

function build(root) {
  const find = (selector) => root.querySelector(selector);
  const calendar = { root, find, at: "", hadFocus: false };
  calendars.set(root, calendar);
  find(".before").addEventListener("click", () => ask(calendar, "month", calendar.data.before));
  find(".next").addEventListener("click", () => ask(calendar, "month", calendar.data.next));
  find("tbody").addEventListener("click", (event) => onClick(calendar, event.target.closest("[data-day]")));
  find("tbody").addEventListener("keydown", (event) => onKey(calendar, event));
  return calendar;
}

function ask({ setTriggerValue }, kind, value) {
  setTriggerValue("action", { id: randomId(), kind, value });
}

function drawHead({ find, data }) {
  find("h3").textContent = find("caption").textContent = data.title;
  find(".keys").textContent = data.labels.keys;
  for (const side of ["before", "next"]) {
    find(`.${side}`).disabled = data[side] === null;
    find(`.${side}`).title = data.labels[side];
    find(`.${side}`).setAttribute("aria-label", data.labels[side]);
  }
}

function drawDays(calendar) {
  const { find, data } = calendar;
  const focused = calendar.hadFocus || find("tbody").contains(calendar.root.activeElement ?? null);
  find("thead tr").replaceChildren(...data.weekdays.map(weekdayCell));
  find("tbody").replaceChildren(...data.weeks.map((week) => weekRow(week, data)));
  if (!calendar.at.startsWith(data.month)) calendar.at = data.chosen || firstDay(data);
  moveTo(calendar, calendar.at, focused);
  calendar.hadFocus = false;
}

// Where the focus begins: on the first day that has something, or else of the month.
function firstDay({ weeks }) {
  const days = weeks.flat().filter(Boolean);
  return (days.find((day) => day.receipts) ?? days[0]).day;
}

function weekdayCell({ short, long }) {
  const cell = element("th", "", short);
  cell.scope = "col";
  cell.abbr = long;
  cell.setAttribute("aria-label", long);
  return cell;
}

function weekRow(week, data) {
  const row = element("tr");
  row.append(...week.map((day) => dayCell(day, data)));
  return row;
}

function dayCell(day, data) {
  const cell = element("td");
  if (day) cell.append(dayButton(day, data));
  return cell;
}

function dayButton(day, data) {
  const button = element("button", day.receipts ? "day something" : "day");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.day = day.day;
  button.style.setProperty("--share", day.share);
  button.setAttribute("aria-label", day.said);
  button.setAttribute("aria-pressed", String(day.day === data.chosen));
  if (day.day === data.today) button.setAttribute("aria-current", "date");
  button.append(topLine(day), ...day.sums.map((sum) => element("span", "sum", sum)));
  button.append(...day.short.map((sum) => element("span", "sum short", sum)));
  return button;
}

function topLine({ number, receipts }) {
  const line = element("span", "top");
  line.append(element("span", "number", number), element("span", "receipts", receipts));
  return line;
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function moveTo(calendar, day, focused) {
  for (const button of calendar.find("tbody").querySelectorAll("[data-day]")) {
    button.tabIndex = button.dataset.day === day ? 0 : -1;
    if (focused && button.tabIndex === 0) button.focus();
  }
  calendar.at = day;
}

// The chosen day once more: the whole month again.
function onClick(calendar, button) {
  if (!button) return;
  calendar.hadFocus = true;
  moveTo(calendar, button.dataset.day, true);
  ask(calendar, "day", button.dataset.day === calendar.data.chosen ? "" : button.dataset.day);
}

function onKey(calendar, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && calendar.data.chosen) return ask(calendar, "day", "");
  const day = dayAfterKey(event.key, calendar.at, calendar.data);
  if (day === undefined) return;
  event.preventDefault();
  if (day.startsWith(calendar.data.month)) return moveTo(calendar, day, true);
  Object.assign(calendar, { at: day, hadFocus: true });
  ask(calendar, "month", day.slice(0, 7));
}
