#!/usr/bin/env python3
"""Writes the reference values of the elementary functions: correctly rounded outputs for exact inputs.

Each line of a table holds the bits of an input and of the output nearest to the exact value, in hexadecimal. Needs
mpmath. With `series` it prints the coefficients of the polynomial of `special/exp.rs` instead.
"""
import pathlib
import random
import struct
import sys

import mpmath as mp

mp.mp.dps = 60
HERE = pathlib.Path(__file__).parent
SQRT2 = mp.sqrt(2)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def nearest(x):
    """The double nearest to x, ties not expected."""
    if x == 0:
        return 0.0
    step = mp.mpf(2) ** max(mp.floor(mp.log(abs(x), 2)) - 52, -1074)
    return float(int(mp.nint(x / step)) * step)


def normal_quantile(p):
    """x with Phi(x) = p, by Newton's method on the logarithm of the smaller tail."""
    p = mp.mpf(p)
    if p == mp.mpf(1) / 2:
        return mp.mpf(0)
    tail, sign = (p, -1) if p < mp.mpf(1) / 2 else (1 - p, 1)
    x = mp.sqrt(2 * mp.log(1 / tail)) if tail < 0.1 else (mp.mpf(1) / 2 - tail) * 2
    for _ in range(100):
        at = mp.erfc(x / SQRT2) / 2
        step = mp.log(at / tail) * at / mp.npdf(x)
        x = x + step
        if abs(step) < mp.mpf(10) ** -50 * (1 + abs(x)):
            return sign * x
    raise ArithmeticError(p)


def write(name, function, inputs):
    rows = [f"{bits(x):016x} {bits(nearest(function(mp.mpf(x)))):016x}\n" for x in sorted(set(inputs))]
    (HERE / f"{name}.txt").write_text("".join(rows))


def tables():
    rng = random.Random(1)
    positive = [from_bits(rng.randrange(1, bits(float("inf")))) for _ in range(150)]
    subnormal = [from_bits(rng.randrange(1, 1 << rng.randrange(1, 52))) for _ in range(20)]
    near_one = [1.0 + rng.choice([-1, 1]) * 2.0 ** -rng.uniform(1, 52) for _ in range(100)]
    near_root = [0.5**0.5 * (1 + rng.uniform(-1e-3, 1e-3)) * 2.0 ** rng.randrange(-3, 3) for _ in range(40)]
    ends = [from_bits(1), 2.0**-1022, 1.0 - 2.0**-53, 1.0 + 2.0**-52, sys.float_info.max]
    unit = [(rng.randrange(1 << 52) + 0.5) * 2.0**-52 for _ in range(150)]
    small = [2.0 ** -rng.uniform(0, 53) for _ in range(100)]
    tiny = [10.0 ** -rng.uniform(15, 300) for _ in range(60)] + [2.0**-53, 2.0**-54, 1e-300]
    open_unit = unit + small + [1.0 - p for p in small] + tiny + [1.0 - 2.0**-53]
    joints = [s + d for s in (0.075, 0.925, 1.388794386496402e-11) for d in (0.0, -1e-14, 1e-14, 1e-12, -1e-12)]
    write("ln", mp.log, positive + subnormal + near_one + near_root + ends + unit)
    write("ln_one_minus", lambda p: mp.log1p(-p), [p for p in open_unit if p < 1.0])
    exponents = [rng.uniform(-745.1, 709.7) for _ in range(150)] + [rng.uniform(-1, 1) for _ in range(150)]
    near_zero = [rng.choice([-1, 1]) * 10.0 ** -rng.uniform(0, 20) for _ in range(60)]
    halves = [(k + 0.5) * 0.6931471805599453 + rng.uniform(-1e-9, 1e-9) for k in range(-1000, 1000, 50)]
    write("exp", mp.exp, exponents + near_zero + halves + [-745.13, -708.5, -708.3, 709.78])
    write("normal_quantile", normal_quantile, [p for p in open_unit + joints if 0.0 < p < 1.0])


def series():
    half = mp.log(2) / 2 * mp.mpf("1.0001")
    rest = lambda r: mp.mpf(1) / 2 + r / 6 + r * r / 24 if abs(r) < 1e-12 else (mp.exp(r) - 1 - r) / r**2
    coefficients, error = mp.chebyfit(rest, [-half, half], 11, error=True)
    print("largest error", mp.nstr(error, 3))
    for coefficient in coefficients[::-1]:
        print(repr(float(coefficient)))


series() if sys.argv[1:] == ["series"] else tables()
