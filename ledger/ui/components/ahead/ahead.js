// The receipt that comes next, handed to the form and to the viewer beside it before anybody asks for it.

// Left at the window, too, because the form may be built later than this.
export default function bringAhead({ data }) {
  window.ledgerAhead = data;
  window.dispatchEvent(new CustomEvent("ledger:ahead", { detail: data }));
  return () => {
    window.ledgerAhead = null;
  };
}
