// The list of keys.

const KEYS = [
  ["Enter", "key_next"],
  ["Shift+Enter", "key_before"],
  ["Ctrl+Enter", "key_confirm"],
  ["Tab · Shift+Tab", "key_tab"],
  ["↑ · ↓", "key_column"],
  ["Alt+1 … 6", "key_offer"],
  ["Alt+N", "key_add"],
  ["Alt+S", "key_split"],
  ["Alt+↑ · Alt+↓", "key_move"],
  ["Ctrl+Delete", "key_delete"],
  ["Alt+U", "key_restore"],
  ["Alt+→", "key_skip"],
  ["Alt+P", "key_postpone"],
  ["Alt+X", "key_reject"],
  ["Alt+Z", "key_undo"],
  ["Alt+H", "key_history"],
  ["Alt+D", "key_duplicates"],
  ["Alt+L", "key_list"],
  ["+ · −", "key_zoom"],
  ["0 · W · 9", "key_fit"],
  ["[ · ]", "key_turn"],
  ["B", "key_places"],
  ["? · Alt+/", "key_help"],
];

function listKeys(form) {
  const create = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });
  const lines = KEYS.map(([keys, key]) => {
    const line = document.createElement("div");
    const names = document.createElement("dt");
    names.append(create("kbd", keys));
    showAppleKeys(names.firstChild);
    line.append(names, create("dd", word(form, key)));
    return line;
  });
  form.help.querySelector("dl").replaceChildren(...lines);
}

// In a panel over the form: it is read, not answered, and the buttons stay.
function toggleHelp(form) {
  if (form.panel === form.help) return closePanel(form);
  openPanel(form, form.help, form.help.querySelector(".back"));
}
