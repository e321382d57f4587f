"""Reads receipts without a network: OCR models that come with the packages, then rules.

    picture ─ orientation ─ detector ─ recogniser (digits, Latin) ┐
                                └───── hangul_reader (Hangul) ────┴ fusion ─ lines ─ rows ─ layouts ─ Receipt

`engine` puts it together. Heavy packages (cv2, onnxruntime, tesserocr) are imported by the modules that use them and
those modules are imported at the first photo, so that knowing about the engine costs nothing.
"""
