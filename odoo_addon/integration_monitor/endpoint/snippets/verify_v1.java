import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class WebhookSignature {
    private static final String SECRET = System.getenv().getOrDefault("WEBHOOK_SECRET", "whsec_YOUR_SECRET");

    /**
     * Whether the request comes from the holder of the secret, unchanged and within the last five minutes.
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
        byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
        // Several signatures while a secret is being changed: one that fits is enough.
        for (String item : signatures.split(" ")) {
            if (MessageDigest.isEqual(item.getBytes(StandardCharsets.UTF_8), expected)) {
                return true;
            }
        }
        return false;
    }
}
