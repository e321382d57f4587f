"""Pictures, and the boxes of text in them, as the engine's models take and give them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB."""
Box = NDArray[np.float32]
"""Four corners (x, y), clockwise from the upper left one of the text."""
