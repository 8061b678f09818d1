package web_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
	"bellwether/internal/store"
	"bellwether/internal/web"
)

// strangers is a site over a connection on which nobody has signed in, and a
// tab.
func strangers(t *testing.T, expected ...string) (*site, *httptest.Server, context.Context) {
	t.Helper()
	s, server := served(t)
	return s, server, tab(t, expected...)
}

// enter types into fields, by their ids, and sends the form.
func enter(t *testing.T, ctx context.Context, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("#"+pairs[i]), pairs[i+1]))
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("main form button[type=submit]")))
}

// An administrator makes the first account of a new Bellwether, sets up codes,
// looks at the account, signs out, mistypes, and signs in again.
func TestJourneyFirst(t *testing.T) {
	s, server, ctx := strangers(t, "Clear-Site-Data", "400 (Bad Request)", "401 (Unauthorized)", "404 (Not Found)")
	s.nobody()
	server.Config.Handler = s.handler
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkFirst, Expires: s.now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/measures?area=Leeds"))
	see(t, ctx, "Sign in")
	look(t, ctx, "door")
	do(t, ctx, chromedp.Navigate(server.URL+web.FirstPath(token)))
	see(t, ctx, "Make the first administrator")
	look(t, ctx, "first")
	enter(t, ctx, "title", "Jo Smith", "name", "jo.smith", "password", "Middlesbrough1")
	see(t, ctx, "There is a problem")
	look(t, ctx, "first-wrong")
	enter(t, ctx, "password", secret)
	see(t, ctx, "Set up one-time codes")
	look(t, ctx, "enrol")
	key := strings.ReplaceAll(run(t, ctx, chromedp.Evaluate[string](`document.querySelector(".bw-door__key").textContent`)), " ", "")
	enter(t, ctx, "code", codeOf(t, key, s.now()))
	see(t, ctx, "At a glance")
	look(t, ctx, "signed-in")
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-who__name a")))
	see(t, ctx, "Your account")
	look(t, ctx, "account")
	do(t, ctx, chromedp.Click(chromedp.CSS("main details summary")))
	look(t, ctx, "account-password")
	do(t, ctx, chromedp.EmulateViewport(360, 740), chromedp.Click(chromedp.CSS(".bw-who__out")))
	see(t, ctx, "You have signed out")
	look(t, ctx, "signed-out")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures?area=Leeds"))
	arrive(t, ctx, "next=")
	enter(t, ctx, "name", "jo.smith", "password", "wrong")
	see(t, ctx, "not right")
	look(t, ctx, "door-wrong")
	enter(t, ctx, "password", secret)
	see(t, ctx, "Enter your code")
	look(t, ctx, "code")
	s.wait(time.Minute)
	enter(t, ctx, "code", codeOf(t, key, s.now()))
	arrive(t, ctx, "/measures?area=Leeds")
	do(t, ctx, chromedp.Navigate(server.URL+web.FirstPath(token)))
	see(t, ctx, "used already")
}

// Somebody comes in for the first time by a link, and again with the password,
// with JavaScript off.
func TestJourneySignInWithoutScript(t *testing.T) {
	s, server, ctx := strangers(t, "Clear-Site-Data")
	p := s.person("jo", stat.Analyst)
	token := credential.NewToken()
	if err := s.db.KeepLink(t.Context(), token, store.Link{Purpose: store.LinkPassword, Person: p.ID, Expires: s.now().Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, noScript, chromedp.EmulateViewport(360, 740), chromedp.Navigate(server.URL+web.LinkPath(token)))
	see(t, ctx, "Choose a password")
	if n := run(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('main button')].filter(e => e.checkVisibility() && e.type === 'button').length`)); n != 0 {
		t.Errorf("%d buttons do nothing without a script", n)
	}
	picture(t, ctx, "choose-no-script")
	enter(t, ctx, "password", secret)
	see(t, ctx, "Set up one-time codes")
	noSideways(t, ctx)
	key := strings.ReplaceAll(run(t, ctx, chromedp.Evaluate[string](`document.querySelector(".bw-door__key").textContent`)), " ", "")
	enter(t, ctx, "code", codeOf(t, key, s.now()))
	see(t, ctx, "At a glance")
	do(t, ctx, chromedp.Click(chromedp.CSS(".bw-who__out")))
	see(t, ctx, "You have signed out")
	s.wait(time.Minute)
	enter(t, ctx, "name", "jo", "password", secret)
	see(t, ctx, "Enter your code")
	enter(t, ctx, "code", codeOf(t, key, s.now()))
	see(t, ctx, "At a glance")
	picture(t, ctx, "home-no-script")
}

// A password can be pasted, and seen by whoever types it.
func TestJourneyPassword(t *testing.T) {
	s, server, ctx := strangers(t, "Clear-Site-Data")
	s.account("jo", stat.Viewer, "")
	do(t, ctx, chromedp.Navigate(server.URL+"/sign-in"))
	see(t, ctx, "Sign in")
	kept := run(t, ctx, chromedp.Evaluate[bool](`(() => { const f = document.querySelector("#password"); f.focus();
		const paste = new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: new DataTransfer()}); return f.dispatchEvent(paste) && document.execCommand("insertText", false, "`+secret+`") && f.value === "`+secret+`" })()`))
	if !kept {
		t.Error("what is pasted is not kept")
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(".govuk-password-input__toggle")))
	if got := run(t, ctx, chromedp.Evaluate[string](`document.querySelector("#password").type`)); got != "text" {
		t.Errorf("after Show the field is of type %s", got)
	}
	enter(t, ctx, "name", "jo")
	see(t, ctx, "At a glance")
}
