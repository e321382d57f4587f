// Numbers and dates, as people and receipts write them.

function withoutSigns(text, signs) {
  for (const sign of signs) {
    if (text.startsWith(sign)) text = text.slice(sign.length);
    if (text.endsWith(sign)) text = text.slice(0, -sign.length);
  }
  return text;
}

// The number in the currency's smallest unit; null for an empty text, NaN for what is no number. A comma counts only
// where it parts thousands: "9,50" must not quietly become 950.
function parseNumber(text, decimals, currency) {
  let bare = text.normalize("NFKC").replace(/\s/g, "").replace(/[−–]/g, "-").toUpperCase();
  if (bare === "") return null;
  const signs = [currency.toUpperCase(), "RM", "₩", "원", "개", "$", "€", "£", "¥"];
  const negative = bare.startsWith("-") || withoutSigns(bare, signs).startsWith("-");
  bare = withoutSigns(bare.replace(/^-/, ""), signs).replace(/^-/, "");
  const parts = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(bare);
  if (!parts) return NaN;
  const fraction = parts[2] ?? "";
  if (/[^0]/.test(fraction.slice(decimals))) return NaN;
  const digits = parts[1].replaceAll(",", "") + fraction.slice(0, decimals).padEnd(decimals, "0");
  const value = Number(digits) * (negative && Number(digits) !== 0 ? -1 : 1);
  return Number.isSafeInteger(value) ? value : NaN;
}

function plainNumber(value, decimals) {
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  return (value < 0 ? "-" : "") + whole + (decimals ? "." + digits.slice(-decimals) : "");
}

function groupedNumber(value, decimals) {
  return plainNumber(value, decimals).replace(/\d(?=(\d{3})+(\.|$))/g, "$&,");
}

// The date as YYYY-MM-DD; "" for an empty text, null for what is no day of the calendar.
function parseDate(text) {
  const bare = text.normalize("NFKC").replace(/\s/g, "");
  if (bare === "") return "";
  const parts =
    /^(\d{4})[-./년](\d{1,2})[-./월](\d{1,2})[.일]?$/.exec(bare) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(bare);
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

// Two texts that mean the same compare equal: "1,500원" and "1500".
function comparable(form, column, text = "") {
  if (column === "date") return parseDate(text) ?? text.trim();
  if (["name", "location", "category", "currency", "note"].includes(column)) return text.trim();
  const value = parseNumber(text, column === "count" ? 0 : decimals(form), currency(form));
  return value === null || Number.isNaN(value) ? text.trim() : String(value);
}

function differs(form, column, text, read) {
  return comparable(form, column, text) !== comparable(form, column, read);
}
