package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// IsGenuine tells whether the request comes from the holder of the secret, unchanged and within the last five
// minutes. The body is the bytes as they came, before any JSON parser.
func IsGenuine(header http.Header, body []byte) bool {
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" {
		secret = "whsec_YOUR_SECRET"
	}
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	sentAt, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || id == "" || time.Since(time.Unix(sentAt, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	// Several signatures while a secret is being changed: one that fits is enough.
	for _, item := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(item), expected) {
			return true
		}
	}
	return false
}
