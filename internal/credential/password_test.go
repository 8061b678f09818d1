package credential_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"bellwether/internal/credential"
)

const password = "larch-kettle-orbit"

func TestHash(t *testing.T) {
	encoded, err := credential.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("encoded as %q", encoded)
	}
	again, err := credential.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	if again == encoded {
		t.Error("one password has one hash: there is no salt")
	}
	if _, err := credential.Hash(strings.Repeat("x", 1001)); !errors.Is(err, credential.ErrTooLong) {
		t.Errorf("1,001 bytes: %v", err)
	}
}

func TestMatches(t *testing.T) {
	encoded, err := credential.Hash("brûlée kettle orbit")
	if err != nil {
		t.Fatal(err)
	}
	// Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	parts := strings.Split(encoded, "$")
	with := func(i int, part string) string {
		out := append([]string(nil), parts...)
		out[i] = part
		return strings.Join(out, "$")
	}
	tests := []struct {
		name, encoded, password string
		want                    bool
	}{
		{"itself", encoded, "brûlée kettle orbit", true},
		{"its accents as signs of their own", encoded, "bru\u0302le\u0301e kettle orbit", true},
		{"another case", encoded, "Brûlée kettle orbit", false},
		{"a space more", encoded, "brûlée kettle orbit ", false},
		{"nothing", encoded, "", false},
		{"the reference implementation's", reference, "password", true},
		{"not the reference implementation's", reference, "Password", false},
		{"no password set", "", "", false},
		{"no password set, the dummy's own zeros", "", "\x00", false},
		{"another kind of hash", with(1, "argon2i"), "brûlée kettle orbit", false},
		{"another version", with(2, "v=16"), "brûlée kettle orbit", false},
		{"another cost", with(3, "m=19456,t=3,p=1"), "brûlée kettle orbit", false},
		{"a cost that would take all memory", with(3, "m=99999999,t=2,p=1"), "brûlée kettle orbit", false},
		{"no key", with(5, ""), "brûlée kettle orbit", false},
		{"no salt", with(4, ""), "brûlée kettle orbit", false},
		{"a key that is no base64", with(5, "!"), "brûlée kettle orbit", false},
		{"clear text", "brûlée kettle orbit", "brûlée kettle orbit", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := credential.Matches(test.encoded, test.password); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// An unknown name must take as long as a wrong password. The shortest of
// several runs tells the work apart from the machine's.
func TestMatchesTakesAsLongForNobody(t *testing.T) {
	encoded, err := credential.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	shortest := func(encoded string) time.Duration {
		least := time.Hour
		for range 7 {
			began := time.Now()
			credential.Matches(encoded, "wrong")
			least = min(least, time.Since(began))
		}
		return least
	}
	known, unknown := shortest(encoded), shortest("")
	if unknown < known/2 || known < unknown/2 {
		t.Errorf("a wrong password takes %v, an unknown name %v", known, unknown)
	}
}

func TestHashManyAtOnce(t *testing.T) {
	encoded, err := credential.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if !credential.Matches(encoded, password) {
				t.Error("a password does not match its hash")
			}
		})
	}
	wg.Wait()
}

func BenchmarkHash(b *testing.B) {
	for b.Loop() {
		if _, err := credential.Hash(password); err != nil {
			b.Fatal(err)
		}
	}
}
