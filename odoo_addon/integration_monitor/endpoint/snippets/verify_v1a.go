package webhook

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const publicKey = "whpk_YOUR_PUBLIC_KEY"

// IsGenuine tells whether the request comes from the holder of the key pair, unchanged and within the last five
// minutes. The body is the bytes as they came, before any JSON parser.
func IsGenuine(header http.Header, body []byte) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	sentAt, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || id == "" || time.Since(time.Unix(sentAt, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(publicKey, "whpk_"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return false
	}
	content := append([]byte(id+"."+timestamp+"."), body...)
	// Several signatures while a key is being changed: one that fits is enough.
	for _, item := range strings.Split(header.Get("webhook-signature"), " ") {
		version, encoded, _ := strings.Cut(item, ",")
		signature, err := base64.StdEncoding.DecodeString(encoded)
		if version == "v1a" && err == nil && ed25519.Verify(key, content, signature) {
			return true
		}
	}
	return false
}
