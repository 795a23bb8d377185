"""Every trigger of Surety on one page."""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, DynamoDBEvent, Rate

from chalicelib.banks.routes import routes as banks
from chalicelib.identity.authorizer import identity
from chalicelib.members.routes import routes as members
from chalicelib.orders.routes import routes as orders
from chalicelib.reference.routes import routes as reference
from chalicelib.reference.service import describe
from chalicelib.sandbox.bank_routes import routes as sandbox_banks
from chalicelib.settlement import jobs as settlement_jobs
from chalicelib.settlement.routes import routes as settlement
from chalicelib.shared.observe import job

SLICES = (
    members,
    orders,
    banks,
    settlement,
    sandbox_banks,
    reference,
)

app = Chalice(app_name="surety", configure_logs=False)
app.register_blueprint(identity)
for routes in SLICES:
    app.register_blueprint(routes)
describe(SLICES)


@app.on_dynamodb_record(stream_arn="bank-events", batch_size=100)  # infra/merge.yaml names the stream
@job
def bank_events_changed(event: DynamoDBEvent) -> dict[str, Any]:
    return settlement_jobs.settle_changes(event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def bank_events_waiting(event: Any) -> int:
    return settlement_jobs.settle_waiting()
