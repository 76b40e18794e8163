"""How each benchmark family rounds, and the unit in which it states its best-known values."""

from solver.formats.reading import Convention

WHOLE = Convention(name="whole numbers as they stand")
NEAREST = Convention(name="distances to the nearest whole number")
DIMACS = Convention(
    name="tenths, truncated (DIMACS); objective in units",
    scale=10,
    truncate=True,
    minor_scale=10,
    unit=10,
    decimals=1,
)
TENTHS = Convention(name="tenths, truncated; objective in tenths", scale=10, truncate=True, minor_scale=10)
THOUSANDTHS = Convention(name="thousandths, to the nearest; objective in thousandths", scale=1_000, minor_scale=1_000)
DECIMALS = Convention(
    name="thousandths, to the nearest; objective in units", scale=1_000, minor_scale=1_000, unit=1_000, decimals=3
)
HUNDREDFOLD = Convention(
    name="distances to 1/100,000, prices a hundredfold as they stand; objective in units with two decimals",
    scale=100_000,
    unit=100,
    decimals=2,
)
REAL = Convention(
    name="real distances to 1/10,000, travel times rounded up; objective in units with two decimals",
    scale=10_000,
    ceil_durations=True,
    minor_scale=10_000,
    unit=10_000,
    decimals=2,
)
