// Days as the page writes them, 2026-11-20: no clock of the browser has a say in which day it is.

function movedBy(day, days) {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

function weekdayOf(day) {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

// The same day of another month, or its last one where that is shorter.
function sameDayIn(month, day) {
  const last = movedBy(`${movedBy(`${month}-01`, 31).slice(0, 7)}-01`, -1);
  const same = `${month}-${day.slice(8)}`;
  return same < last ? same : last;
}

// Where a key leads from a day; undefined for a key that leads nowhere.
function dayAfterKey(key, day, { before, next }) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  if (key in steps) return movedBy(day, steps[key]);
  if (key === "Home") return movedBy(day, -weekdayOf(day));
  if (key === "End") return movedBy(day, 6 - weekdayOf(day));
  if (key === "PageUp" && before) return sameDayIn(before, day);
  if (key === "PageDown" && next) return sameDayIn(next, day);
  return undefined;
}
