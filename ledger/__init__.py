"""The desk where photographed receipts become trustworthy records."""

import os

__version__ = "0.1.0"

# ONNX Runtime, which the OCR on this machine runs on, tells its maker of each process and model unless this stands in
# the environment before it is loaded (microsoft/onnxruntime, pull request 27379). Nothing of the desk is for others.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
