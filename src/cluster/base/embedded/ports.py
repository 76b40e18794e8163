"""Ports to listen on, below those the kernel hands out to outgoing connections."""

import errno
import socket

from cluster.base.settings import PORT_MAX


def is_free(host: str, port: int) -> bool:
    """Return whether a server could listen on this port now.

    Raises
    ------
    OSError
        If the address is not one of this machine, or the port needs rights we lack.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def next_free(host: str, port: int, tries: int = 100) -> int:
    """Return ``port``, or the first free one after it.

    Raises
    ------
    OSError
        If none of the next ``tries`` ports below 32768 is free.
    """
    for candidate in range(port, min(port + tries, PORT_MAX + 1)):
        if is_free(host, candidate):
            return candidate
    raise OSError(errno.EADDRINUSE, f"no free port on {host} from {port} on")
