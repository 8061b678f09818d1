package credential_test

import (
	"encoding/base64"
	"testing"

	"bellwether/internal/credential"
)

func TestNewToken(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token := credential.NewToken()
		if b, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(b) != 32 {
			t.Fatalf("%q is not 256 bits that an address can hold: %d bytes, %v", token, len(b), err)
		}
		if seen[token] {
			t.Fatalf("%q came twice", token)
		}
		seen[token] = true
	}
}
