// Words. The page translates them and sends them with the data.

function word({ data }, key, values = {}) {
  const text = data.labels[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
