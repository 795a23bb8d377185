"""Register a company under the name it has with you. Sent again under the same key, the request is answered as before."""

from parties import officer

COMPANY = {"external_ref": "nordlicht", "name": "Nordlicht Handel AB", "country": "SE", "zone": "Europe/Stockholm"}

with officer() as surety:
    registered = surety.members.create(COMPANY, idempotency_key="register-nordlicht")
    again = surety.members.create(COMPANY, idempotency_key="register-nordlicht")
    assert again == registered
    print(f"{registered.name} is {registered.status}")
