package web_test

import (
	"context"
	"net/url"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// stay fails the test for each request that leaves this computer.
func stay(t *testing.T, ctx context.Context) {
	t.Helper()
	requests := chromedp.Events(ctx, network.RequestWillBeSent)
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	}))
	var mu sync.Mutex
	var away []string
	go func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			if !here(r.Request.URL) {
				mu.Lock()
				away = append(away, r.Request.URL)
				mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, address := range away {
			t.Errorf("a request leaves the host: %s", address)
		}
	})
}

// here reports whether an address is of a test's own server, or of none.
func here(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return u.Scheme == "data" || u.Scheme == "blob" || u.Scheme == "about" || u.Hostname() == "127.0.0.1"
}

func TestHere(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080/": true, "data:image/svg+xml,x": true, "blob:http://127.0.0.1:1/x": true,
		"https://cdn.example/echarts.js": false, "http://127.0.0.1.example/": false, "//fonts.example": false, "ws://example/": false,
	} {
		if here(address) != want {
			t.Errorf("%s: here is %v", address, !want)
		}
	}
}
