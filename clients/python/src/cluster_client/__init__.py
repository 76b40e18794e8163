"""
The client of the Cluster logistics API.

``Client`` waits for answers, ``AsyncClient`` is for programs on an event loop; both have a method for each operation.
Bodies are structs of ``cluster_client.models``; refusals are exceptions of ``cluster_client.errors``;
``cluster_client.webhooks.verify`` checks what the platform sends.
"""

from cluster_client._async import AsyncDownload, AsyncPages
from cluster_client._base import Page
from cluster_client._generated.clients import GeneratedAsyncClient, GeneratedClient
from cluster_client._sync import Download, Pages
from cluster_client.errors import ApiError, ClientError, ConnectionLost, Fault
from cluster_client.events import ServerEvent
from cluster_client.retries import Retries


class Client(GeneratedClient):
    """
    Speaks to the platform for one API key, and waits.

    Parameters
    ----------
    url
        Where the platform is, such as ``https://logistics.example``.
    api_key
        The key (``clk_...``), never shown; nothing for what is open to everybody.
    retries
        How patient it is.
    timeout_s
        How long it waits for a connection, and for each part of an answer.
    headers
        Further headers of every request.
    http
        An ``httpx.Client`` of yours, for proxies, certificates or pools; you close it.
    """


class AsyncClient(GeneratedAsyncClient):
    """Speaks to the platform without blocking; parameters as ``Client`` has them, with an ``httpx.AsyncClient``."""


__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncDownload",
    "AsyncPages",
    "Client",
    "ClientError",
    "ConnectionLost",
    "Download",
    "Fault",
    "Page",
    "Pages",
    "Retries",
    "ServerEvent",
]
