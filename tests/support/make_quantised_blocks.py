#!/usr/bin/env python3
"""Makes tests/data/quantised_blocks.txt: blocks of GGUF's quantised types and the f32 numbers that they stand for, as
the reader in Python's package `gguf` converts them (pip install gguf==0.19.0).

Usage: make_quantised_blocks.py > quantised_blocks.txt. A line has the type, what the block is meant to show, its bytes
and the bits of its elements, these in hexadecimal.
"""
import random
import struct

import gguf
import numpy

SCALES_AT = {  # where a block has its f16 numbers
    "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0],
}


def blocks(size, scales_at, rng):
    def block(fill, scale):
        data = bytearray(fill() for _ in range(size))
        for at in scales_at:
            data[at:at + 2] = struct.pack("<e", scale())
        return bytes(data)

    def any_byte():
        return rng.randrange(256)

    yield "zeros", bytes(size)
    yield "ordinary", block(any_byte, lambda: rng.uniform(0.001, 0.1))
    yield "negative", block(any_byte, lambda: -rng.uniform(0.001, 0.1))
    yield "largest", block(any_byte, lambda: 65504.0)
    yield "smallest", block(any_byte, lambda: rng.choice([1, -1]) * rng.randrange(1, 1024) * 2.0**-24)
    yield "negative_zero", block(any_byte, lambda: -0.0)
    yield "all_bits", block(lambda: 255, lambda: rng.uniform(1, 2))


rng = random.Random(1)
for name, scales_at in SCALES_AT.items():
    kind = gguf.GGMLQuantizationType[name]
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    for what, data in blocks(size, scales_at, rng):
        values = gguf.quants.dequantize(numpy.frombuffer(data, numpy.uint8), kind)
        assert values.dtype == numpy.float32 and values.shape == (elements,) and numpy.isfinite(values).all()
        print(name, what, data.hex(), "".join(f"{bits:08x}" for bits in values.view(numpy.uint32)))
