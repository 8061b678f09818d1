package main

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

const soundPassword = "larch-kettle-orbit"

// typed runs the program with a text on its standard input.
func typed(t *testing.T, text string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	in, err := os.Open(given(t, "typed", text))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer func(was *os.File) { os.Stdin = was }(os.Stdin)
	os.Stdin = in
	return bellwether(t, args...)
}

func opened(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestUser(t *testing.T) {
	path := newDB(t)
	user := func(args ...string) []string {
		return append([]string{"user"}, append(args, "--db", path, "--who", "IT")...)
	}
	out, errs, code := typed(t, soundPassword+"\n", user("add", "jo.smith", "--title", "Jo Smith", "--role", "administrator")...)
	if code != done {
		t.Fatalf("exit %d: %s", code, errs)
	}
	says(t, out, "Jo Smith is added as administrator", "signs in as jo.smith", "one-time codes")
	says(t, errs, "Password for Jo Smith")
	out, _, _ = typed(t, soundPassword+"\r\n", user("add", "ann", "--title", "Ann Brown", "--role", "Viewer")...)
	says(t, out, "Ann Brown is added as viewer, and signs in as ann\n")
	out = must(t, user("add", "sam", "--title", "Sam Green", "--role", "analyst", "--issuer", "https://sso.example", "--subject", "abc")...)
	says(t, out, "Sam Green is added as analyst, and signs in by https://sso.example")

	db := opened(t, path)
	jo, err := db.PersonNamed(t.Context(), "JO.SMITH")
	if err != nil || jo.Role != stat.Administrator || jo.By != "IT" || !jo.Password || jo.Factor {
		t.Fatalf("Jo is %+v, %v", jo, err)
	}
	holds := func(password string) {
		t.Helper()
		secrets, err := db.Secrets(t.Context(), jo.ID)
		if err != nil || !credential.Matches(secrets.Password, password) {
			t.Errorf("Jo's password is not %q: %v", password, err)
		}
	}
	holds(soundPassword)

	list, _ := answerOf[[]stat.Person](t, user("list")...)
	if len(list) != 3 || list[0].Title != "Ann Brown" || list[2].Subject != "abc" {
		t.Errorf("listed %+v", list)
	}
	says(t, must(t, user("list")...), "with a password", "as abc of https://sso.example", "Jo Smith", "IT")

	out, _, code = typed(t, "a plum in every hedge", user("password", "jo.smith")...)
	if code != done {
		t.Errorf("a password without an end of line: exit %d", code)
	}
	says(t, out, "Jo Smith has a new password")
	holds("a plum in every hedge")

	says(t, must(t, user("change", "ann", "--title", "Ann Brown-Green", "--role", "publisher")...), "Ann Brown-Green is publisher, and signs in with a password")
	says(t, must(t, user("change", "ANN", "--disable")...), "no longer: disabled")
	says(t, must(t, user("change", "ann", "--enable")...), "with a password")

	if err := db.SetTOTP(t.Context(), jo.ID, credential.NewKey(), "IT", time.Now()); err != nil {
		t.Fatal(err)
	}
	says(t, must(t, user("list")...), "with a password and codes")
	changed, _ := answerOf[stat.Person](t, user("change", "1", "--new-codes")...)
	if secrets, err := db.Secrets(t.Context(), jo.ID); err != nil || secrets.TOTP != "" || changed.ID != jo.ID || changed.Factor {
		t.Errorf("Jo keeps the codes of a lost phone: %+v, %v", changed, err)
	}
}

// What is printed for somebody lets them choose a password, once, for a day.
func TestUserLink(t *testing.T) {
	path := newDB(t)
	db := opened(t, path)
	address := regexp.MustCompile(`(?m)^https://bellwether\.example/link/([\w-]{43})$`)
	var before string
	for i, args := range [][]string{
		{"add", "jo", "--title", "Jo Smith", "--role", "analyst", "--link"},
		{"link", "jo"},
	} {
		out := must(t, append(append([]string{"user"}, args...), "--base", "https://bellwether.example", "--db", path, "--who", "IT")...)
		m := address.FindStringSubmatch(out)
		if m == nil {
			t.Fatalf("%v prints no link: %s", args, out)
		}
		says(t, out, "Jo Smith chooses a password there, once")
		l, err := db.PeekLink(t.Context(), m[1], time.Now().Add(23*time.Hour))
		if err != nil || l.Purpose != store.LinkPassword || l.Person == 0 || l.By != "IT" {
			t.Errorf("%v: %+v, %v", args, l, err)
		}
		if _, err := db.PeekLink(t.Context(), m[1], time.Now().Add(25*time.Hour)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v: after a day: %v", args, err)
		}
		if _, err := db.PeekLink(t.Context(), before, time.Now()); i > 0 && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the earlier link still counts: %v", err)
		}
		before = m[1]
	}
	got, _ := answerOf[map[string]any](t, "user", "link", "jo", "--db", path)
	if link, _ := got["link"].(string); !strings.HasPrefix(link, "http://127.0.0.1:8080/link/") || got["title"] != "Jo Smith" {
		t.Errorf("in JSON: %v", got)
	}
}

func TestUserRefuses(t *testing.T) {
	path := newDB(t)
	add := func(name, typedText string, more ...string) (string, int) {
		_, errs, code := typed(t, typedText, append([]string{"user", "add", name, "--title", "Jo Smith", "--db", path}, more...)...)
		return errs, code
	}
	if errs, code := add("jo", soundPassword+"\n", "--role", "administrator"); code != done {
		t.Fatalf("exit %d: %s", code, errs)
	}
	must(t, "user", "add", "sam", "--title", "Sam", "--role", "viewer", "--issuer", "https://sso.example", "--subject", "abc", "--db", path)
	tests := []struct {
		name  string
		typed string
		args  []string
		code  int
		says  string
	}{
		{"a short password", "short\n", []string{"add", "ann", "--title", "Ann", "--role", "viewer"}, refused, "at least 12 characters"},
		{"no password", "", []string{"add", "ann", "--title", "Ann", "--role", "viewer"}, refused, "at least 12 characters"},
		{"the council", "Middlesbrough2026!\n", []string{"add", "ann", "--title", "Ann", "--role", "viewer"}, refused, "tried first"},
		{"the person", "Philippa.Ottoline1\n", []string{"add", "ann", "--title", "Philippa Ottoline", "--role", "viewer"}, refused, "names that are known here"},
		{"no role", soundPassword + "\n", []string{"add", "ann", "--title", "Ann", "--role", "owner"}, usage, "viewer, analyst, publisher or administrator"},
		{"a name that is taken", "", []string{"add", "JO", "--title", "Jo", "--role", "viewer"}, refused, "somebody's already"},
		{"an identity that is taken", "", []string{"add", "sammy", "--title", "Sam", "--role", "viewer", "--issuer", "https://sso.example", "--subject", "abc"}, refused, "Sam: add a person: what they are known by is somebody's already: that of person 2"},
		{"an issuer alone", "", []string{"add", "ann", "--title", "Ann", "--role", "viewer", "--issuer", "https://sso.example"}, usage, "--subject"},
		{"a name of two words", soundPassword + "\n", []string{"add", "ann brown", "--title", "Ann", "--role", "viewer"}, refused, "without spaces"},
		{"a link for the provider's", "", []string{"add", "ann", "--title", "Ann", "--role", "viewer", "--issuer", "https://sso.example", "--subject", "d", "--link"}, usage, "--link"},
		{"a link to nowhere", "", []string{"add", "ann", "--title", "Ann", "--role", "viewer", "--link", "--base", "bellwether"}, usage, "is no address"},
		{"a link that others can read", "", []string{"link", "jo", "--base", "http://bellwether.example"}, usage, "not https"},
		{"nothing to change", "", []string{"change", "jo"}, usage, "nothing is to be changed"},
		{"both ways", "", []string{"change", "jo", "--enable", "--disable"}, usage, "--enable"},
		{"the last administrator's role", "", []string{"change", "jo", "--role", "viewer"}, refused, "Jo Smith: change person 1: person 1 is the last administrator"},
		{"the last administrator", "", []string{"change", "jo", "--disable"}, refused, "last administrator"},
		{"nobody", "", []string{"change", "eve", "--disable"}, refused, "bellwether user list"},
		{"nobody's number", "", []string{"link", "99"}, refused, "bellwether user list"},
		{"a password where the provider has it", soundPassword + "\n", []string{"password", "sam"}, refused, "has no password here"},
		{"a link where the provider has it", "", []string{"link", "sam"}, refused, "has no password here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, errs, code := typed(t, test.typed, append(append([]string{"user"}, test.args...), "--db", path)...)
			if code != test.code || !strings.Contains(errs, test.says) || out != "" && code == refused {
				t.Errorf("exit %d, %q, %q", code, out, errs)
			}
		})
	}
	if all, err := opened(t, path).People(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("what was refused left %+v, %v", all, err)
	}
}
