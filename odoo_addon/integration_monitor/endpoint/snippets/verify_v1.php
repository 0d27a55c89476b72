<?php

/**
 * Whether the request comes from the holder of the secret, unchanged and within the last five minutes.
 *
 * @param array  $headers names in lower case
 * @param string $body    file_get_contents('php://input'), before any JSON parser
 */
function is_genuine(array $headers, string $body): bool
{
    $secret = getenv('WEBHOOK_SECRET') ?: 'whsec_YOUR_SECRET';
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if ($id === '' || !preg_match('/^\d{1,12}$/D', $timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen('whsec_')));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // Several signatures while a secret is being changed: one that fits is enough.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $item) {
        if (hash_equals($expected, $item)) {
            return true;
        }
    }
    return false;
}
