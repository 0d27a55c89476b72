// .NET 6 or newer.
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

public static class WebhookSignature
{
    private static readonly string Secret =
        Environment.GetEnvironmentVariable("WEBHOOK_SECRET") ?? "whsec_YOUR_SECRET";

    /// <summary>
    /// Whether the request comes from the holder of the secret, unchanged and within the last five minutes.
    /// </summary>
    /// <param name="id">Header webhook-id.</param>
    /// <param name="timestamp">Header webhook-timestamp.</param>
    /// <param name="signatures">Header webhook-signature.</param>
    /// <param name="body">The bytes as they came, before any JSON parser.</param>
    public static bool IsGenuine(string id, string timestamp, string signatures, byte[] body)
    {
        if (string.IsNullOrEmpty(id) || signatures is null || !long.TryParse(timestamp, out long sentAt))
        {
            return false;
        }
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (sentAt < now - 300 || sentAt > now + 300)
        {
            return false;
        }
        byte[] key = Convert.FromBase64String(Secret.Substring("whsec_".Length));
        byte[] content = Encoding.UTF8.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray();
        byte[] expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content)));
        // Several signatures while a secret is being changed: one that fits is enough.
        return signatures.Split(' ').Any(
            item => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(item), expected));
    }
}
