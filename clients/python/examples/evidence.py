"""A photo as evidence: announced with its hash, sent straight to storage, then submitted."""

import hashlib

from claim import filed
from parties import buyer, officer
from surety_client import upload
from surety_client.waiting import until

PHOTO = bytes.fromhex("89504e470d0a1a0a") + b"a carton of torn lanterns"

claim = filed()
officer().move_clock(hours=3 * 24)  # how long the two sides negotiate at least
buyer.claims.escalate(claim.id)
file = {
    "name": "carton.png",
    "media_type": "image/png",
    "size": len(PHOTO),
    "sha256": hashlib.sha256(PHOTO).hexdigest(),
}
announced = buyer.claims.evidence(claim.id, {"code": "photos", **file})
upload(announced.upload, PHOTO)
until(lambda: buyer.claims.get(claim.id).evidence[-1].arrived_at)
seen = buyer.claims.evidence_submit(claim.id, announced.evidence_id)
print(f"claim {seen.status}; evidence: {', '.join(each.code for each in seen.evidence)}")
