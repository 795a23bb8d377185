"""Every trigger of Surety on one page."""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.identity.authorizer import identity
from chalicelib.members.routes import routes as members
from chalicelib.reference.routes import routes as reference
from chalicelib.reference.service import describe

SLICES = (
    members,
    reference,
)

app = Chalice(app_name="surety", configure_logs=False)
app.register_blueprint(identity)
for routes in SLICES:
    app.register_blueprint(routes)
describe(SLICES)
