// Java 17 or newer.
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

public final class WebhookSignature {
    private static final String PUBLIC_KEY = "whpk_YOUR_PUBLIC_KEY";

    /**
     * Whether the request comes from the holder of the key pair, unchanged and within the last five minutes.
     *
     * @param id header webhook-id
     * @param timestamp header webhook-timestamp
     * @param signatures header webhook-signature
     * @param body the bytes as they came, before any JSON parser
     */
    public static boolean isGenuine(String id, String timestamp, String signatures, byte[] body)
            throws GeneralSecurityException {
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("\\d{1,12}")) {
            return false;
        }
        long ageSeconds = Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(timestamp));
        if (ageSeconds > 300) {
            return false;
        }
        // Several signatures while a key is being changed: one that fits is enough.
        for (String item : signatures.split(" ")) {
            if (item.startsWith("v1a,") && isSignedBy(readKey(), item.substring("v1a,".length()), id, timestamp, body)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSignedBy(PublicKey key, String signature, String id, String timestamp, byte[] body)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        verifier.update(body);
        try {
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException | java.security.SignatureException malformed) {
            return false;
        }
    }

    private static PublicKey readKey() throws GeneralSecurityException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(HexFormat.of().parseHex("302a300506032b6570032100"));
        encoded.writeBytes(Base64.getDecoder().decode(PUBLIC_KEY.substring("whpk_".length())));
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    }
}
