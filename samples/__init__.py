"""Sample receipts for `make demo`: invented purchases, drawn and photographed by our own script."""
