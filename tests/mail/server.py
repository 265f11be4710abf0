"""A mail server on a socket, as well or as badly behaved as a test wants it."""

from __future__ import annotations

import contextlib
import email
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """Speaks SMTP on 127.0.0.1:`port`. How it answers can be changed while it runs.

    `greets`: False lets whoever connects wait without a word. `to_recipient` and `to_data` give the answer to RCPT and to
    the end of DATA for an address; "" stands for silence, "die" for a connection that ends without an answer although
    the mail was taken. `taken` holds (address, Message-ID) of every mail taken, in order.
    """

    greets: bool = True
    to_recipient: dict[str, str] = field(default_factory=dict)
    to_data: dict[str, str] = field(default_factory=dict)
    everybody: str = ""  # the answer to RCPT for all whom `to_recipient` does not name
    taken: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.socket.close()

    @property
    def times(self) -> dict[str, int]:
        """Message-ID → how often it was taken."""
        counts: dict[str, int] = {}
        for _address, name in self.taken:
            counts[name] = counts.get(name, 0) + 1
        return counts

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _silence(self) -> None:
        self.over.wait(60)

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), client.makefile("rb") as lines:

            def say(text: str) -> None:
                client.sendall(text.encode() + b"\r\n")

            if not self.greets:
                self._silence()
                return
            say("220 test ESMTP")
            recipient = ""
            for line in lines:
                verb = line.decode("utf-8", "replace").strip()
                if verb.upper().startswith(("EHLO", "HELO")):
                    say("250 test")
                elif verb.upper().startswith("RCPT TO:"):
                    recipient = verb[8:].strip(" <>")
                    answer = self.to_recipient.get(recipient, self.everybody or "250 OK")
                    if not answer:
                        self._silence()
                        return
                    say(answer)
                elif verb.upper() == "DATA":
                    say("354 go on")
                    if not self._take(lines, recipient, say):
                        return
                elif verb.upper() == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 OK")

    def _take(self, lines, recipient: str, say) -> bool:
        """Read a mail and answer; whether the connection goes on."""
        text = b""
        for line in lines:
            if line == b".\r\n":
                break
            text += line
        answer = self.to_data.get(recipient, "250 taken")
        if not answer:
            self._silence()
            return False
        if answer == "die" or answer.startswith("2"):
            self.taken.append((recipient, email.message_from_bytes(text)["Message-ID"]))
        if answer == "die":
            return False
        say(answer)
        return True


def wait_for(what, seconds: float = 60.0, every: float = 0.05):
    """Wait until `what()` is true; its value. Fails after so many seconds."""
    until = time.monotonic() + seconds
    while not (value := what()):
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(every)
    return value
