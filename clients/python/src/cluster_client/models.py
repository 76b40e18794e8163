"""Structs and enums of the API, by the names of the OpenAPI document, and a page of a list."""

from cluster_client._base import Model, Page
from cluster_client._generated import models as _models
from cluster_client._generated.models import *  # noqa: F403  (all of them, by name)

__all__ = ["Model", "Page"]
__all__ += _models.__all__
