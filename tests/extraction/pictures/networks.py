"""Model files, written byte by byte: a network that doubles a picture by repeating its pixels.

One convolution copies each colour four times, and DepthToSpace lays the copies out as 2 x 2 pixels: the end of an EDSR
network without its layers before. The formats are TensorFlow's GraphDef and ONNX's ModelProto, both Protocol Buffers.
"""

from __future__ import annotations

import numpy as np


def tensorflow_network(gain: float = 1.0) -> bytes:
    """A .pb file as EDSR_x2.pb is one, down to the names of its ends and the attribute `block_size`."""
    numbers = {"T": _number(6, 1)}
    strides = {"strides": _field(1, _field(3, bytes([1, 1, 1, 1])))}
    layout = {"padding": _field(2, b"SAME"), "data_format": _field(2, b"NHWC")}
    picture = {"dtype": _number(6, 1), "shape": _field(7, _sizes(2, [-1, -1, -1, 3]))}
    return b"".join(
        [
            _node("IteratorGetNext", "Placeholder", [], picture),
            _node("w", "Const", [], _constant(_copies(gain).transpose(2, 3, 1, 0))),
            _node("conv", "Conv2D", ["IteratorGetNext", "w"], numbers | strides | layout),
            _node("b", "Const", [], _constant(np.zeros(12, np.float32))),
            _node("bias", "BiasAdd", ["conv", "b"], numbers),
            _node("NHWC_output", "DepthToSpace", ["bias"], numbers | {"block_size": _number(3, 2)}),
            _node("perm", "Const", [], _constant(np.array([0, 3, 1, 2], np.int32))),
            _node("NCHW_output", "Transpose", ["NHWC_output", "perm"], numbers),
        ]
    )


def onnx_network(gain: float = 1.0) -> bytes:
    """The same as an .onnx file."""
    weights = _copies(gain)
    kernel = _field(5, _field(1, b"kernel_shape") + _number(8, 1) + _number(8, 1) + _number(20, 7))
    block = _field(5, _field(1, b"blocksize") + _number(3, 2) + _number(20, 2))
    order = _field(5, _field(1, b"mode") + _field(4, b"DCR") + _number(20, 3))
    held = _sizes(1, weights.shape, plain=True) + _number(2, 1) + _field(8, b"w") + _field(9, weights.tobytes())
    graph = [
        _field(1, _field(1, b"x") + _field(1, b"w") + _field(2, b"c") + _field(4, b"Conv") + kernel),
        _field(1, _field(1, b"c") + _field(2, b"y") + _field(4, b"DepthToSpace") + block + order),
        _field(2, b"doubling"),
        _field(5, held),
        _field(11, _end(b"x", b"height", b"width")),
        _field(12, _end(b"y", b"height2", b"width2")),
    ]
    return _number(1, 8) + _field(7, b"".join(graph)) + _field(8, _number(2, 13))


def _copies(gain: float) -> np.ndarray:
    """Weights of 12 x 3 x 1 x 1: each colour into its place of each of the four copies."""
    return np.tile(np.eye(3, dtype=np.float32) * np.float32(gain), (4, 1)).reshape(12, 3, 1, 1).copy()


def _end(name: bytes, height: bytes, width: bytes) -> bytes:
    sizes = [_number(1, 1), _number(1, 3), _field(2, height), _field(2, width)]
    return _field(1, name) + _field(
        2, _field(1, _number(1, 1) + _field(2, b"".join(_field(1, size) for size in sizes)))
    )


def _node(name: str, kind: str, inputs: list[str], attributes: dict[str, bytes]) -> bytes:
    parts = [_field(1, name.encode()), _field(2, kind.encode()), *(_field(3, each.encode()) for each in inputs)]
    parts += [_field(5, _field(1, key.encode()) + _field(2, value)) for key, value in attributes.items()]
    return _field(1, b"".join(parts))


def _constant(array: np.ndarray) -> dict[str, bytes]:
    kind = _number(1, 1 if array.dtype == np.float32 else 3)
    tensor = kind + _field(2, _sizes(2, array.shape)) + _field(4, np.ascontiguousarray(array).tobytes())
    return {"dtype": b"\x30" + kind[1:], "value": _field(8, tensor)}


def _sizes(number: int, sizes: object, *, plain: bool = False) -> bytes:
    return b"".join(_number(number, size) if plain else _field(number, _number(1, size)) for size in sizes)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value % 2**64)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
