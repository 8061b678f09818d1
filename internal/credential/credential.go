// Package credential knows how somebody proves who they are to Bellwether itself:
// passwords, one-time codes and one-time links. It keeps nothing, asks nobody
// and knows no roles; who there is, the store knows.
package credential

import (
	"crypto/rand"
	"encoding/base64"
)

// NewToken makes a token of 256 bits for an address: a one-time link's.
func NewToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the program stops where the system has no randomness
	return base64.RawURLEncoding.EncodeToString(b[:])
}
