"""
Greenhouse gas emissions of a plan: what its routes emit, and which shipment and owner bears which part of it.

The method is that of ISO 14083:2023 and the GLEC Framework v3 for collection and delivery rounds, explained with a
worked example in docs/emissions.md: emissions of all that a vehicle drives, empty legs included, allocated by transport
activity (mass times direct distance). Everything is whole milligrams of CO2 equivalents, and every sum is exact.
"""

from solver.emissions.account import emissions_of
from solver.emissions.compare import Comparison, compared
from solver.emissions.factor_sets import factor_set_from_json, shipped_factor_sets
from solver.emissions.vehicles import rate_mg_km
from solver.emissions.words import DistanceType, Emissions, FactorSet, Method

__all__ = [
    "Comparison",
    "DistanceType",
    "Emissions",
    "FactorSet",
    "Method",
    "compared",
    "emissions_of",
    "factor_set_from_json",
    "rate_mg_km",
    "shipped_factor_sets",
]
