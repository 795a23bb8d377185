# What every guide begins with: where the service is, a token for each role, and the members of the sample world. Needs curl 7.82 and jq.
#
#     . docs/guides/prelude.sh
#
# Tokens come from the sandbox here; elsewhere your identity provider signs them (see the guide on identity).

SURETY=${SURETY:-http://127.0.0.1:8000}

OFFICER=$(curl -s $SURETY/v1/sandbox/tokens --json '{"role": "officer", "sub": "olga", "duties": ["admin"]}' | jq -r .token)

BUYER_ID=$(curl -s "$SURETY/v1/members?external_ref=hansa-moebel" -H "Authorization: Bearer $OFFICER" | jq -r .items[0].id)
BUYER=$(curl -s $SURETY/v1/sandbox/tokens --json '{"role": "member", "sub": "'$BUYER_ID'"}' | jq -r .token)

SUPPLIER_ID=$(curl -s "$SURETY/v1/members?external_ref=lantern-works" -H "Authorization: Bearer $OFFICER" | jq -r .items[0].id)
SUPPLIER=$(curl -s $SURETY/v1/sandbox/tokens --json '{"role": "member", "sub": "'$SUPPLIER_ID'"}' | jq -r .token)

BANK=$(curl -s $SURETY/v1/sandbox/tokens --json '{"role": "bank", "sub": "boc"}' | jq -r .token)

# Sends a file with the presigned form that an answer holds: upload "$FORM" examples/licence.pdf
upload() {
  local fields=() field
  while IFS= read -r field; do fields+=(-F "$field"); done < <(jq -r '.fields | to_entries[] | "\(.key)=\(.value)"' <<< "$1")
  curl -s "${fields[@]}" -F "file=@$2" "$(jq -r .url <<< "$1")"
}

# Moves the sandbox's clock on by so many hours, in as many requests as it takes: advance 48
advance() {
  local there
  there=$(curl -s $SURETY/v1/sandbox/clock -H "Authorization: Bearer $OFFICER" | jq -r --argjson hours "$1" '.now | sub("[.][0-9]+"; "") | fromdate + 3600 * $hours | todate')
  while [ "$(curl -s $SURETY/v1/sandbox/clock -H "Authorization: Bearer $OFFICER" -H "Idempotency-Key: advance-$RANDOM-$RANDOM" --json '{"now": "'$there'"}' | jq -r .arrived)" = false ]; do :; done
}
