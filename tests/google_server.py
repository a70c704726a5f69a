"""Google's speech recognition, played by a local web server that answers as a test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

POLL_SECONDS = 0.02  # between two looks at whether the server is to stop


@dataclass(frozen=True)
class SpeechRequest:
    """One question as it arrived: the address's parameters, the headers' content type, the sound."""

    parameters: dict[str, str]
    content_type: str
    body: bytes


@dataclass
class GoogleServer:
    """Answers speech-api version 2; what it answers can be changed between requests."""

    endpoint: str
    requests: list[SpeechRequest] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"result":[]}\n'
    released: threading.Event = field(default_factory=threading.Event)
    keeps_silent: bool = False
    trickles: bool = False
    failures_left: int | None = None

    def hears(self, text: str) -> None:
        """Answer with `text`, in Google's way: an empty result first, then the alternatives."""
        result = {
            "alternative": [{"transcript": text, "confidence": 0.93}, {"transcript": "a bur"}],
            "final": True,
        }
        lines: list[dict[str, object]] = [{"result": []}, {"result": [result], "result_index": 0}]
        self.answer = "".join(json.dumps(line) + "\n" for line in lines).encode()

    def understands_nothing(self) -> None:
        """Answer that no words were heard."""
        self.answer = b'{"result":[]}\n'

    def fails(self, status: int, times: int | None = None) -> None:
        """Answer with an HTTP error, so many times or for good."""
        self.status = status
        self.failures_left = times

    def next_status(self) -> int:
        """What the answer to this request begins with."""
        if self.failures_left == 0:
            return 200
        if self.failures_left is not None:
            self.failures_left -= 1
        return self.status


@contextmanager
def google_server() -> Iterator[GoogleServer]:
    """Serve on a free port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            google.requests.append(SpeechRequest(parameters, self.headers["Content-Type"], body))
            if google.keeps_silent:
                google.released.wait()
                return
            self.send_response(google.next_status())
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.end_headers()
            while google.trickles and not google.released.wait(0.05):
                self.wfile.write(b"\n")
            self.wfile.write(google.answer)

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    google = GoogleServer(f"http://127.0.0.1:{server.server_port}/speech-api/v2/recognize")
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    try:
        yield google
    finally:
        google.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
