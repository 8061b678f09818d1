// Package dextest runs dex, a real OpenID Connect provider, on the loopback
// address for tests. It knows dex's pages and the people it is given; it knows
// nothing of Bellwether. The provider is a module of its own (dex), so that the
// program does not carry what it needs.
package dextest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// The client that the provider knows.
const (
	ClientID     = "bellwether"
	ClientSecret = "loopback-only"
)

// User is somebody the provider vouches for, by the name that is signed in
// with.
type User struct {
	ID       string   `json:"id"`
	Password string   `json:"password"`
	Title    string   `json:"title"`
	Groups   []string `json:"groups"`
}

// Dex is a provider under way until its test ends.
type Dex struct {
	Issuer string
	file   string
	back   string
}

// Start builds the provider and runs it, to send people back to redirect. The
// test is skipped where its modules are not at hand and cannot be fetched.
func Start(t testing.TB, redirect string, users map[string]User) *Dex {
	t.Helper()
	d := &Dex{file: filepath.Join(t.TempDir(), "users.json"), back: redirect}
	d.Users(t, users)
	cmd := exec.Command(build(t), d.file, redirect)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting dex: %v", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	t.Cleanup(func() {
		in.Close()
		if cmd.Wait() != nil || t.Failed() {
			t.Logf("dex said:\n%s", said.String())
		}
	})
	if err != nil {
		t.Fatalf("dex did not begin: %v", err)
	}
	d.Issuer = strings.TrimSpace(line)
	return d
}

// Users are whom the provider vouches for from now on.
func (d *Dex) Users(t testing.TB, users map[string]User) {
	t.Helper()
	text, err := json.Marshal(users)
	if err != nil {
		t.Fatal(err)
	}
	next := d.file + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, d.file); err != nil {
		t.Fatal(err)
	}
}

// SignIn does as a person does who was sent to the provider's address: fills in
// the form there and is sent back. It returns what the browser comes back with,
// nil where the provider does not take the password.
func (d *Dex) SignIn(t testing.TB, address, name, password string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: Loopback(), Timeout: time.Minute,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), d.back+"?") {
				return http.ErrUseLastResponse
			}
			return nil
		}}
	page, err := browser.Get(address)
	if err != nil {
		t.Fatalf("opening the provider's page: %v", err)
	}
	defer page.Body.Close()
	if back := d.returned(t, page); back != nil { // it refused the request itself
		return back
	}
	doc, err := goquery.NewDocumentFromReader(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	action, ok := doc.Find("form").Attr("action")
	if !ok {
		t.Fatalf("%s, %s, has no form: %s", page.Request.URL, page.Status, doc.Text())
	}
	to, err := page.Request.URL.Parse(action)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := browser.PostForm(to.String(), url.Values{"login": {name}, "password": {password}})
	if err != nil {
		t.Fatalf("sending the provider's form: %v", err)
	}
	defer answer.Body.Close()
	return d.returned(t, answer)
}

func (d *Dex) returned(t testing.TB, answer *http.Response) url.Values {
	to, err := answer.Location()
	if err != nil {
		return nil
	}
	if !strings.HasPrefix(to.String(), d.back+"?") {
		t.Fatalf("the provider sends the browser to %s", to)
	}
	return to.Query()
}

// Loopback is a transport that reaches no other computer.
func Loopback() *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("a test would reach %s", address)
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}

// build compiles the provider, without cgo; the build cache makes that quick
// the second time.
func build(t testing.TB) string {
	t.Helper()
	module, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatalf("asking for the module's folder: %v", err)
	}
	dir := filepath.Join(filepath.Dir(strings.TrimSpace(string(module))), "internal", "dextest", "dex")
	program := filepath.Join(t.TempDir(), "dex")
	if said, err := compile(dir, program); err != nil {
		// Without the proxy only what is missing from the module cache is missed:
		// then that was the fault, and no other.
		if again, _ := compile(dir, program, "GOPROXY=off"); strings.Contains(again, "GOPROXY=off") {
			first, _, _ := strings.Cut(said, "\n")
			t.Skipf("dex's modules are not at hand and cannot be fetched here: %s", first)
		}
		t.Fatalf("building dex: %v\n%s", err, said)
	}
	return program
}

func compile(dir, program string, env ...string) (string, error) {
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off"), env...)
	said, err := cmd.CombinedOutput()
	return string(said), err
}
