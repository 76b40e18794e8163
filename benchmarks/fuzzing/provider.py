"""A provider of OpenID Connect that says where it is and no more: enough for browsers to be sent there."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def provider() -> Iterator[None]:
    """Has the platform that is started meanwhile know it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Discovery)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer = f"http://127.0.0.1:{server.server_port}"
    os.environ |= {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": "fuzz", "OIDC_CLIENT_SECRET": "fuzz"}
    try:
        yield
    finally:
        for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
            del os.environ[name]
        server.shutdown()
        server.server_close()


class _Discovery(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the server's own word
        issuer = f"http://{self.headers['Host']}"
        places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        answer = json.dumps({"issuer": issuer} | {name: f"{issuer}/{name}" for name in places}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
