<?php

/**
 * Whether the request comes from the holder of the key pair, unchanged and within the last five minutes.
 * Needs the extension sodium, which PHP brings along.
 *
 * @param array  $headers names in lower case
 * @param string $body    file_get_contents('php://input'), before any JSON parser
 */
function is_genuine(array $headers, string $body): bool
{
    $publicKey = base64_decode(substr('whpk_YOUR_PUBLIC_KEY', strlen('whpk_')));
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if ($id === '' || !preg_match('/^\d{1,12}$/D', $timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    // Several signatures while a key is being changed: one that fits is enough.
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $item) {
        [$version, $encoded] = array_pad(explode(',', $item, 2), 2, '');
        $signature = base64_decode($encoded);
        if ($version === 'v1a' && strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES
            && sodium_crypto_sign_verify_detached($signature, "$id.$timestamp.$body", $publicKey)) {
            return true;
        }
    }
    return false;
}
