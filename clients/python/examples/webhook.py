"""Being told instead of asking: an endpoint of yours, a delivery to it, and the proof that it came from Surety."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from parties import buyer
from surety_client import opened

heard: list[tuple[dict[str, str], bytes]] = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()


with HTTPServer(("127.0.0.1", 0), Receiver) as server:
    waiting = Thread(target=server.handle_request)
    waiting.start()
    endpoint = buyer.webhook_endpoints.create({"url": f"http://127.0.0.1:{server.server_port}/", "kinds": ["order.*"]})
    buyer.webhook_endpoints.ping(endpoint.id)
    waiting.join()
event = opened(str(endpoint.secret), *heard[0])
print(f"genuine: {event['type']}")
buyer.webhook_endpoints.delete(endpoint.id)
