package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A client that sends slowly, or too much, is not waited for, and the server
// goes on answering others.
func TestServeBounds(t *testing.T) {
	t.Parallel()
	at := regexp.MustCompile(`Bellwether is at http://(\S+)/ `).FindStringSubmatch(serving(t, "--db", newDB(t)))[1]
	dial := func(send string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, send); err != nil {
			t.Fatal(err)
		}
		return c
	}
	status := func(send string) int {
		t.Helper()
		c := dial(send)
		c.SetReadDeadline(time.Now().Add(time.Minute))
		a, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%.60q: %v", send, err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	slow := dial("GET / HTTP/1.1\r\nHost: " + at + "\r\nX-Slow: ") // and then nothing
	if got := status("GET /healthz HTTP/1.1\r\nHost: " + at + "\r\nX-Much: " + strings.Repeat("a", 70<<10) + "\r\n\r\n"); got != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("70 KiB of header: %d", got)
	}
	if got := status("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: " + at + "\r\n\r\n"); got != http.StatusSeeOther && got != http.StatusNotFound {
		t.Errorf("a path out of the site: %d", got)
	}
	if got := status("GET /healthz HTTP/1.1\r\nHost: " + at + "\r\n\r\n"); got != http.StatusOK {
		t.Errorf("while one is slow: %d", got)
	}
	slow.SetReadDeadline(time.Now().Add(time.Minute))
	begun := time.Now()
	if _, err := io.Copy(io.Discard, slow); err != nil {
		t.Errorf("after %v a slow request is still waited for: %v", time.Since(begun), err)
	}
}
