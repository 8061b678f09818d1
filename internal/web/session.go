package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// How long somebody stays signed in: so long without asking for anything, and
// in all. A sign-in that waits for its second step has less.
const (
	idleEnd     = time.Hour
	absoluteEnd = 10 * time.Hour
	stepEnd     = 10 * time.Minute
	seenEvery   = time.Minute // asking is written down no more often
)

// What a session holds. Times are in seconds since 1970.
const (
	inPerson = "person" // who is signed in
	inBegan  = "began"
	inSeen   = "seen"
	inRole   = "role"   // theirs, when it was last looked at
	inStamp  = "stamp"  // theirs when they gave the first proof: another ends the session
	inSecond = "second" // 1 where more than a password proved them
	inHow    = "how"    // they signed in, in words
	inMark   = "mark"   // tells it from the same person's other sessions

	inWaiting = "waiting" // who has given the first proof and owes the second
	inKey     = "key"     // of one-time codes, while they are being set up
	inNext    = "next"    // where they wanted to go
	inFlow    = "flow"    // a sign-in under way with the provider
)

// sessionManager keeps sessions by a cookie that no script and no other site
// gets at; over https none of another path, host or scheme can stand in for it.
func (s *Server) sessionManager() *scs.SessionManager {
	m := scs.New()
	m.Store, m.Codec, m.HashTokenInStore, m.Lifetime = s.Sessions, codec{}, true, absoluteEnd
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.fail(w, r, fmt.Errorf("the session: %w", err))
	}
	m.Cookie = scs.SessionCookie{Name: "bellwether", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.secure() {
		m.Cookie.Name, m.Cookie.Secure = "__Host-bellwether", true
	}
	return m
}

// secure reports whether people reach Bellwether over https.
func (s *Server) secure() bool { return s.Base != nil && s.Base.Scheme == "https" }

// elapsed is how long ago a time of the session was.
func (s *Server) elapsed(ctx context.Context, key string) time.Duration {
	return s.Now().Sub(time.Unix(s.sessions.GetInt64(ctx, key), 0))
}

// signedIn is the person of the session as the database has them now, nil for
// none. A session that is over ends here, and so does that of a person who is or
// was disabled, or whose password or codes have been changed elsewhere since.
func (s *Server) signedIn(ctx context.Context) (*stat.Person, error) {
	id := s.sessions.GetInt64(ctx, inPerson)
	if id == 0 {
		return nil, nil
	}
	if s.elapsed(ctx, inBegan) >= absoluteEnd || s.elapsed(ctx, inSeen) >= idleEnd {
		return nil, s.sessions.Destroy(ctx)
	}
	p, err := s.lookUp(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !s.stands(ctx, p):
		return nil, s.sessions.Destroy(ctx)
	case err != nil:
		return nil, err
	case p.Role.May(stat.Analyst) && s.sessions.GetInt64(ctx, inSecond) == 0:
		return nil, s.sessions.Destroy(ctx) // who may do more since then owes a code
	}
	return &p, s.freshen(ctx, p)
}

// stands reports whether what the session's person has proved still counts.
func (s *Server) stands(ctx context.Context, p stat.Person) bool {
	return !p.Disabled && p.Stamp == s.sessions.GetInt64(ctx, inStamp)
}

// over reports whether a session that is under way has been ended elsewhere.
func (s *Server) over(ctx context.Context) (bool, error) {
	now, err := s.sessions.Load(s.ctx, s.sessions.Token(ctx))
	return err == nil && s.sessions.GetInt64(now, inPerson) == 0, err
}

// acquaintance are the people who have been looked up since the latest act:
// nothing about them changes without one.
type acquaintance struct {
	mu     sync.Mutex
	act    int64
	people map[int64]stat.Person
}

// lookUp is a person as the database has them now.
func (s *Server) lookUp(ctx context.Context, id int64) (stat.Person, error) {
	act, err := s.Store.Acted(ctx)
	if err != nil {
		return stat.Person{}, err
	}
	a := &s.acquainted
	a.mu.Lock()
	if a.act != act {
		a.act, a.people = act, map[int64]stat.Person{}
	}
	p, ok := a.people[id]
	a.mu.Unlock()
	if ok {
		return p, nil
	}
	if p, err = s.Store.Person(ctx, id); err != nil {
		return p, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.act == act {
		a.people[id] = p
	}
	return p, nil
}

// freshen notes that the person is there; another role has another token.
func (s *Server) freshen(ctx context.Context, p stat.Person) error {
	if string(p.Role) != s.sessions.GetString(ctx, inRole) {
		s.sessions.Put(ctx, inRole, string(p.Role))
		if err := s.sessions.RenewToken(ctx); err != nil {
			return err
		}
		if _, _, err := s.sessions.Commit(ctx); err != nil { // now, so that it is never not there to be ended
			return err
		}
	}
	if s.elapsed(ctx, inSeen) >= seenEvery {
		s.sessions.Put(ctx, inSeen, s.Now().Unix())
	}
	return nil
}

// restart empties the session and gives it a new token, so that one which was
// known before is worth nothing.
func (s *Server) restart(ctx context.Context) error {
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	return s.sessions.RenewToken(ctx)
}

// What proved somebody, for enter.
const (
	byOne int64 = iota // a password alone
	byTwo              // a code too; or a provider, or this computer, who ask for what they want
)

// enter signs a person in, who has proved themselves, and leads where they
// wanted to go.
func (s *Server) enter(c *gin.Context, p stat.Person, next, how string, by int64) error {
	ctx := c.Request.Context()
	if err := s.forgive(c, p); err != nil {
		return err
	}
	if err := s.Store.Note(ctx, stat.Act{What: "sign-in", Who: p.Title, On: personOn(p), Detail: how + ", from " + c.ClientIP(), At: s.Now()}); err != nil {
		return err
	}
	if err := s.restart(ctx); err != nil {
		return err
	}
	for key, value := range map[string]any{inPerson: p.ID, inRole: string(p.Role), inStamp: p.Stamp, inSecond: by, inHow: how, inMark: rand.Text(), inBegan: s.Now().Unix(), inSeen: s.Now().Unix()} {
		s.sessions.Put(ctx, key, value)
	}
	if p.Password {
		s.remember(c, p.Name)
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, local(next))
	return nil
}

// others are the sessions a person has beside this one, by the hash of their
// token.
func (s *Server) others(ctx context.Context, p *stat.Person) ([]string, error) {
	all, err := s.Sessions.AllCtx(ctx)
	if err != nil {
		return nil, err
	}
	own := s.sessions.GetString(ctx, inMark)
	var out []string
	for token, data := range all {
		_, values, err := s.sessions.Codec.Decode(data)
		if err != nil {
			return nil, fmt.Errorf("reading a session: %w", err)
		}
		seen, _ := values[inSeen].(int64)
		if values[inPerson] == p.ID && values[inMark] != own && s.Now().Sub(time.Unix(seen, 0)) < idleEnd {
			out = append(out, token)
		}
	}
	return out, nil
}

// noteEnd writes down that sessions have ended. Who is out is out, whether or
// not that can be done.
func (s *Server) noteEnd(ctx context.Context, what string, p stat.Person, detail string) {
	err := s.Store.Note(context.WithoutCancel(ctx), stat.Act{What: what, Who: p.Title, On: personOn(p), Detail: detail, At: s.Now()})
	if err != nil {
		s.Log.Error("the end of a session is not in the audit trail", "what", what, "err", err)
	}
}

// personOn is how the audit trail calls a person.
func personOn(p stat.Person) string { return fmt.Sprintf("person %d", p.ID) }
