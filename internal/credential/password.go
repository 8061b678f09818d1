package credential

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The cost of a hash, after OWASP's password storage cheat sheet: 19 MiB of
// memory, two passes, one thread.
const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	threads = 1
	saltLen = 16
	keyLen  = 32
)

// dearest are the costs up to which an encoded hash is believed.
const (
	dearestMemory = 256 * 1024 // KiB
	dearestPasses = 16
)

// turns lets two hash at once, so that a rush of sign-ins takes neither all
// memory nor both processors.
var turns = make(chan struct{}, 2)

// Hash encodes a password by argon2id, as in
// "$argon2id$v=19$m=19456,t=2,p=1$SALT$KEY".
func Hash(password string) (string, error) {
	if len(password) > Longest {
		return "", fmt.Errorf("hashing a password: %w", ErrTooLong)
	}
	h := hash{memory: memory, passes: passes, threads: threads, salt: make([]byte, saltLen)}
	rand.Read(h.salt)
	h.key = h.of(password, keyLen)
	return h.String(), nil
}

// Matches reports whether a password is the one encoded. What is no hash, ""
// above all, takes as long and matches nothing, so that an answer's time does
// not tell which names there are.
func Matches(encoded, password string) bool {
	h, err := parse(encoded)
	if err != nil {
		h = hash{memory: memory, passes: passes, threads: threads, salt: make([]byte, saltLen), key: make([]byte, keyLen)}
	}
	return subtle.ConstantTimeCompare(h.of(password, uint32(len(h.key))), h.key) == 1 && err == nil
}

type hash struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

// of is the key of a password. An accented letter has two spellings in Unicode,
// which keyboards choose between: both are one.
func (h hash) of(password string, length uint32) []byte {
	turns <- struct{}{}
	defer func() { <-turns }()
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), h.salt, h.passes, h.memory, h.threads, length)
}

func (h hash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

// parse reads what String writes.
func parse(encoded string) (h hash, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, fmt.Errorf("this is no argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil {
		return h, fmt.Errorf("reading the hash's cost: %w", err)
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("reading the hash's salt: %w", err)
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return h, fmt.Errorf("reading the hash's key: %w", err)
	}
	if h.memory < 8 || h.memory > dearestMemory || h.passes < 1 || h.passes > dearestPasses || h.threads < 1 || len(h.salt) < 8 || len(h.key) < 16 {
		return h, fmt.Errorf("the hash's cost is out of bounds")
	}
	return h, nil
}
