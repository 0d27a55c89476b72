#!/usr/bin/env bash
# Computes the signature of a request whose body you have in body.json, byte for byte as it came.
set -euo pipefail

secret="${WEBHOOK_SECRET:-whsec_YOUR_SECRET}"
id="WEBHOOK_ID"
timestamp="WEBHOOK_TIMESTAMP"

key=$(printf '%s' "${secret#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
signature=$(
  { printf '%s.%s.' "$id" "$timestamp"; cat body.json; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64
)
# One of the items of the header webhook-signature must be this one.
echo "v1,$signature"

# With a timestamp of now ("$(date +%s)") you can send such a request to your receiver yourself:
#   curl "RECEIVER_URL" --data-binary @body.json \
#     -H "content-type: application/cloudevents+json; charset=utf-8" \
#     -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature"
