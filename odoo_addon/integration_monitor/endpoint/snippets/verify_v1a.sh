#!/usr/bin/env bash
# Checks a signature with OpenSSL 3, for a request whose body you have in body.json, byte for byte as it came.
set -euo pipefail

public_key="whpk_YOUR_PUBLIC_KEY"
id="WEBHOOK_ID"
timestamp="WEBHOOK_TIMESTAMP"
signature="WEBHOOK_SIGNATURE_V1A" # what follows "v1a," in the header webhook-signature

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
{ printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; printf '%s' "${public_key#whpk_}" | base64 -d; } > "$folder/key"
printf '%s' "$signature" | base64 -d > "$folder/signature"
{ printf '%s.%s.' "$id" "$timestamp"; cat body.json; } > "$folder/content"
openssl pkeyutl -verify -pubin -inkey "$folder/key" -keyform DER -rawin -in "$folder/content" -sigfile "$folder/signature"
