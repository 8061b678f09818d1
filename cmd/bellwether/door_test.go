package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// serving is a server under way until its test ends, and what it has printed.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var out, errs locked
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), &out, &errs) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != done {
			t.Errorf("serve: exit %d, %s", code, errs.String())
		}
		if token := regexp.MustCompile(`/(?:first|link)/(\S+)`).FindStringSubmatch(out.String()); token != nil && strings.Contains(errs.String(), token[1]) {
			t.Error("the log has the token of a link")
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		at := regexp.MustCompile(`Bellwether is at (http://\S+)/ `).FindStringSubmatch(out.String())
		if at != nil {
			if a, err := http.Get(at[1] + "/healthz"); err == nil { // all is printed before it answers
				a.Body.Close()
				return out.String()
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not serve: %s%s", out.String(), errs.String())
		}
	}
}

// printedLink is the one-time link that a server has printed, "" for none.
func printedLink(out string) string {
	return regexp.MustCompile(`http://\S+/(?:first|link)/\S+`).FindString(out)
}

// With serve --link one press of a button signs the newcomer in, who may do
// everything; the link is of no use again.
func TestServeLink(t *testing.T) {
	path := newDB(t)
	link := printedLink(serving(t, "--db", path, "--link", "--who", "Pat Newcomer"))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	ask := func(method, at string) *http.Response {
		t.Helper()
		r, err := http.NewRequest(method, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a
	}
	if a := ask(http.MethodGet, link); a.StatusCode != http.StatusOK {
		t.Fatalf("the link %q: %s", link, a.Status)
	}
	if a := ask(http.MethodPost, link); a.StatusCode != http.StatusOK || a.Request.URL.Path != "/" {
		t.Fatalf("signing in: %s at %s", a.Status, a.Request.URL)
	}
	base, _, _ := strings.Cut(link, "/link/")
	if a := ask(http.MethodGet, base+"/imports"); a.StatusCode != http.StatusOK || a.Request.URL.Path != "/imports" {
		t.Errorf("the imports: %s at %s", a.Status, a.Request.URL)
	}
	if a := ask(http.MethodPost, link); a.StatusCode != http.StatusNotFound {
		t.Errorf("the link once more: %s", a.Status)
	}
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if all, err := db.People(t.Context()); err != nil || len(all) != 1 || all[0].Title != "Pat Newcomer" || all[0].Role != stat.Administrator || all[0].Password {
		t.Errorf("there are %+v, %v", all, err)
	}
}

// A server that no administrator can sign in to prints where the first is made, a
// new link at each start, whoever else there is; and none once there is one.
func TestServeFirst(t *testing.T) {
	path := newDB(t)
	var links []string
	for range 2 {
		t.Run("start", func(t *testing.T) { links = append(links, printedLink(serving(t, "--db", path))) })
	}
	if !strings.Contains(links[0], "/first/") || !strings.Contains(links[1], "/first/") || links[0] == links[1] {
		t.Fatalf("the links are %q", links)
	}
	db := opened(t, path)
	add := func(name string, role stat.Role) {
		t.Helper()
		if _, err := db.AddPerson(t.Context(), stat.Person{Name: name, Title: name, Role: role, By: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	add("al", stat.Publisher)
	t.Run("beside others", func(t *testing.T) {
		if out := serving(t, "--db", path); !strings.Contains(printedLink(out), "/first/") {
			t.Errorf("with a publisher there it prints %s", out)
		}
	})
	add("jo", stat.Administrator)
	if out := serving(t, "--db", path); printedLink(out) != "" {
		t.Errorf("with an administrator there it prints %s", out)
	}
}

// A server whose sign-on does not answer starts all the same: people of its own
// sign in, and who comes from the sign-on is told to try again. What is wrong
// with the sign-on itself is refused.
func TestServeWithoutItsSignOn(t *testing.T) {
	nobody := "http://127.0.0.1:1/dex"
	out := serving(t, "--db", newDB(t), "--sign-on-issuer", nobody, "--sign-on-client", "bellwether")
	base := regexp.MustCompile(`http://[^/]+`).FindString(out)
	for path, want := range map[string]int{"/sign-in": http.StatusOK, "/sign-in/provider": http.StatusBadGateway, "/first/" + strings.TrimSpace(out[strings.LastIndex(out, "/first/")+7:]): http.StatusOK} {
		a, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil || a.StatusCode != want || path == "/sign-in" && (!strings.Contains(string(text), "/sign-in/provider") || !strings.Contains(string(text), `name="password"`)) {
			t.Errorf("%s: %s, %v", path, a.Status, err)
		}
	}
	_, says, code := bellwether(t, "serve", "--db", newDB(t), "--addr", "127.0.0.1:0", "--sign-on-issuer", "https://login.microsoftonline.com/common/v2.0", "--sign-on-client", "bellwether")
	if code == done || !strings.Contains(says, "tenant ID") {
		t.Errorf("anybody's provider: exit %d, %s", code, says)
	}
}

// What others could listen to, or reach, is refused before anything is opened.
func TestServeRefused(t *testing.T) {
	for args, want := range map[string]string{
		"--addr 0.0.0.0:0":                                      "--base https://",
		"--addr :0":                                             "--base https://",
		"--addr nowhere":                                        "--addr",
		"--base http://bellwether.example.test":                 "is not https",
		"--addr 0.0.0.0:0 --base http://localhost":              "without https",
		"--addr :0 --base http://127.0.0.1:8080":                "without https",
		"--addr 192.0.2.1:0 --base http://[::1]:8080":           "without https",
		"--base https://example.test/path":                      "nothing else",
		"--base bellwether":                                     "is no address",
		"--addr 0.0.0.0:0 --base https://example.test --link":   "--link is for a server",
		"--link --base https://example.test":                    "--link is for a server",
		"--proxies everybody":                                   "no address or network",
		"--sign-on-issuer http://example.test --sign-on-client": "--sign-on-client",
	} {
		_, says, code := bellwether(t, append([]string{"serve", "--db", t.TempDir() + "/none.db"}, strings.Fields(args)...)...)
		if code != usage || !strings.Contains(says, want) {
			t.Errorf("serve %s: exit %d, %q, want %q", args, code, says, want)
		}
	}
}
