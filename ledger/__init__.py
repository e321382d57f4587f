"""The desk where photographed receipts become trustworthy records."""

__version__ = "0.1.0"
