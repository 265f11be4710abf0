"""An HTTP server on a socket that takes what the portal posts, as well or as badly behaved as a test wants it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class WebServer:
    """Answers POST on 127.0.0.1: `status`, JSON `answer`, after `pause` seconds; `taken` holds (path, headers, JSON)."""

    status: int = 200
    answer: dict = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    pause: float = 0
    location: str = ""
    taken: list[tuple[str, dict, dict]] = field(default_factory=list)

    def __enter__(self) -> WebServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.pause)
                outer.taken.append((self.path, dict(self.headers), json.loads(body)))
                content = json.dumps(outer.answer).encode()
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def paths(self) -> list[str]:
        return [urlsplit(path).path for path, _headers, _body in self.taken]
