// Arithmetic: when the items do not come to the total, the single edits that would balance them, the likeliest slip
// first. Pure: amounts are integers in the smallest unit, null where there is none.
//
// A receipt is { rows: [{ name, count, price, doubt }], total, totalDoubt }. `doubt` is how much a cell is doubted: 1 is
// nothing known, more is doubted, less was typed or looked at by a person.

const MOST_PROPOSALS = 3;
const LIKELY_ENOUGH = 0.1;
const TOTAL_IS_RIGHT = 0.6; // A total is printed large, and was mostly paid: items are misread more often.
const ALIKE = ["068", "17", "389", "56", "27", "49", "35"]; // Digits that look alike in thermal print.
const SUMMARY_NAME = /합\s*계|총\s*[액계]|소\s*계|부가\s*세|세액|과세|면세|거스름|받은|잔액|결제|카드|현금|total|tax|vat|balance|change|cash|card/i;
const DISCOUNT_NAME = /할인|쿠폰|에누리|포인트|적립|행사|discount|coupon|sale|off\b|point/i;

function proposals({ rows, total, totalDoubt }) {
  const priced = rows.filter((row) => Number.isFinite(row.price));
  if (!Number.isFinite(total) || priced.length === 0) return [];
  const difference = priced.reduce((sum, row) => sum + row.price, 0) - total;
  if (difference === 0) return [];
  const found = rows.flatMap((row, index) => ofRow(rows, index, difference, total));
  found.push({ kind: "total", from: total, to: total + difference, weight: ofTotal(total, difference, totalDoubt) });
  const likely = found.filter(({ weight }) => weight >= LIKELY_ENOUGH);
  return likely.sort((left, right) => right.weight - left.weight).slice(0, MOST_PROPOSALS);
}

function ofTotal(total, difference, doubt) {
  const to = total + difference;
  return to > 0 ? slip(total, to) * TOTAL_IS_RIGHT * doubt : 0;
}

function ofRow(rows, index, difference, total) {
  const row = rows[index];
  if (!Number.isFinite(row.price)) return missingAmount(rows, index, difference);
  const to = row.price - difference;
  const edits = [];
  if (to !== 0) edits.push({ kind: "price", index, from: row.price, to, weight: priceSlip(row, to) * row.doubt });
  if (to === 0) edits.push({ kind: "drop", index, from: row.price, weight: surplus(rows, index, total) });
  return edits;
}

// The one amount that was not read is what the others leave.
function missingAmount(rows, index, difference) {
  const unread = rows.filter((row) => !Number.isFinite(row.price)).length;
  return unread === 1 && difference < 0 ? [{ kind: "price", index, from: null, to: -difference, weight: 0.95 }] : [];
}

function priceSlip({ name, count, price }, to) {
  if (count > 1 && to === price * count) return 0.95; // The price of one piece stood where the line's belongs.
  if (to === -price) return to < 0 && DISCOUNT_NAME.test(name) ? 0.97 : 0.35;
  if (Math.sign(to) !== Math.sign(price)) return 0;
  const divides = count > 1 && to % count === 0 ? 1.1 : 1;
  return slip(price, to) * divides;
}

// A line too much: printed twice or read twice, or no item at all but one of the sums below the items.
function surplus(rows, index, total) {
  const { name, price } = rows[index];
  if (SUMMARY_NAME.test(name)) return 0.97;
  if (price === total) return 0.9;
  const twin = rows.findIndex((other) => other.name.trim() === name.trim() && other.price === price);
  if (twin >= 0 && twin < index) return 0.85;
  return rows.slice(0, index).some((other) => other.price === price) ? 0.3 : 0.12;
}

// How likely one number was read for the other: 0 where more than one thing would have to go wrong.
function slip(read, meant) {
  const [from, to] = [String(Math.abs(read)), String(Math.abs(meant))];
  if (from.length === to.length) return exchanged(from, to);
  if (to.length > from.length) return lost(from, to);
  return lost(to, from) * 0.8; // Digits are dropped more often than invented.
}

function exchanged(from, to) {
  const places = [...from].map((_, place) => place).filter((place) => from[place] !== to[place]);
  if (places.length === 1) return alike(from[places[0]], to[places[0]]) ? 0.7 : 0.45;
  const [left, right] = places;
  const swapped = places.length === 2 && right === left + 1 && from[left] === to[right] && from[right] === to[left];
  return swapped ? 0.5 : 0;
}

function alike(left, right) {
  return ALIKE.some((group) => group.includes(left) && group.includes(right));
}

// Digits of the longer number that the shorter one lacks: noughts at its end most of all.
function lost(shorter, longer) {
  const more = longer.slice(shorter.length);
  if (longer.startsWith(shorter) && /^0+$/.test(more)) return more.length <= 3 ? 0.85 - 0.1 * (more.length - 1) : 0;
  if (longer.length !== shorter.length + 1) return 0;
  const place = [...shorter].findIndex((digit, index) => digit !== longer[index]);
  const at = place < 0 ? shorter.length : place;
  return shorter.slice(at) === longer.slice(at + 1) ? 0.45 : 0;
}
