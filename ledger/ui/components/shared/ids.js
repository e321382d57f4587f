// Names of what is sent: the server knows one that came before.

function randomId() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}
