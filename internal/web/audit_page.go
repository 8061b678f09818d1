package web

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// auditPage lists what was done, the newest first.
type auditPage struct {
	adminPage
	Want  auditFilter
	Kinds []actKind
	Acts  []shownAct
	Head  stat.Act // zero where nothing was ever done
	Check *auditCheck
	Older string // address of those before, "" for none
	First string // address of the newest, "" where they are shown
}

// Count is how many acts there are.
func (p auditPage) Count() int { return int(p.Head.Number) }

// auditFilter chooses acts: by part of who, by what, by what exactly it was
// done to.
type auditFilter struct {
	Who, What, On string
	before        int64 // those with a lower number; 0 for all
}

// shownAct is an act with the page of what it was done to.
type shownAct struct {
	stat.Act
	Page string
}

// To is what it was done to, "" where the words say that already.
func (a shownAct) To() string {
	if a.On == "settings" {
		return ""
	}
	return a.On
}

// auditCheck is whether the chain holds, just looked at.
type auditCheck struct {
	Holds bool      `json:"holds"`
	Fault string    `json:"fault,omitempty"` // the first act that does not fit
	At    time.Time `json:"at"`
}

// actKind is a kind of act that can be chosen.
type actKind struct{ Value, Label string }

func actKinds() (out []actKind) {
	for _, k := range stat.ActKinds {
		out = append(out, actKind{k.What, k.Words})
	}
	return out
}

// actsShown are on a page at once, actsRead are read from the store at once.
const actsShown, actsRead = 50, 500

func (s *Server) auditPage(c *gin.Context) error {
	want, err := readAuditFilter(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	list, more, err := s.chosenActs(ctx, want)
	if err != nil {
		return err
	}
	head, err := s.Store.Head(ctx)
	if err != nil {
		return err
	}
	check, err := s.auditCheck(c)
	if err != nil {
		return err
	}
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		writeJSON(c.Writer, http.StatusOK, map[string]any{"acts": append([]stat.Act{}, list...), "more": more, "head": head, "check": check})
		return nil
	}
	p := auditPage{adminPage: s.adminBase(c, "Audit trail", auditPath, auditPath+".json"+want.query()), Want: want, Kinds: actKinds(), Head: head, Check: check}
	for _, a := range list {
		p.Acts = append(p.Acts, shownAct{a, actPage(a.On)})
	}
	if want.before > 0 {
		p.First = auditPath + want.from(0).query()
	}
	if more {
		p.Older = auditPath + want.from(list[len(list)-1].Number).query()
	}
	return s.pages.write(c.Writer, http.StatusOK, "audit", p)
}

func readAuditFilter(c *gin.Context) (auditFilter, error) {
	f := auditFilter{Who: plain(c.Query("who")), What: plain(c.Query("what")), On: plain(c.Query("on"))}
	text := c.Query("before")
	if text == "" {
		return f, nil
	}
	var err error
	if f.before, err = strconv.ParseInt(text, 10, 64); err != nil || f.before < 1 {
		return f, &failure{http.StatusBadRequest, "That choice does not work", "Acts are numbered from 1. Start from the newest.", err}
	}
	return f, nil
}

// query is the filter in an address, "" for none.
func (f auditFilter) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"who": f.Who, "what": f.What, "on": f.On} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.before > 0 {
		q.Set("before", strconv.FormatInt(f.before, 10))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (f auditFilter) from(before int64) auditFilter {
	f.before = before
	return f
}

// Narrow reports whether it leaves anything out.
func (f auditFilter) Narrow() bool { return f.Who != "" || f.What != "" || f.On != "" }

// auditOf is the page of the acts with one thing in common.
func auditOf(name, value string) string {
	return auditPath + "?" + url.Values{name: {value}}.Encode()
}

func (f auditFilter) takes(a stat.Act) bool {
	return (f.Who == "" || strings.Contains(stat.Fold(a.Who), stat.Fold(f.Who))) &&
		(f.What == "" || a.What == f.What) &&
		(f.On == "" || stat.Fold(a.On) == stat.Fold(f.On))
}

// chosenActs are a page of those that a filter takes, and whether there are
// more.
func (s *Server) chosenActs(ctx context.Context, f auditFilter) (list []stat.Act, more bool, err error) {
	for a, err := range newestFirst(ctx, s.Store, f.before) {
		switch {
		case err != nil:
			return nil, false, err
		case !f.takes(a):
		case len(list) == actsShown:
			return list, true, nil
		default:
			list = append(list, a)
		}
	}
	return list, false, nil
}

// newestFirst goes through the acts before a number, or all with 0.
func newestFirst(ctx context.Context, db *store.DB, before int64) iter.Seq2[stat.Act, error] {
	return func(yield func(stat.Act, error) bool) {
		for {
			list, err := db.Acts(ctx, before, actsRead)
			if err != nil {
				yield(stat.Act{}, err)
				return
			}
			for _, a := range list {
				if !yield(a, nil) {
					return
				}
			}
			if len(list) < actsRead {
				return
			}
			before = list[len(list)-1].Number
		}
	}
}

// auditCheck looks at the whole chain where the address asks for it.
func (s *Server) auditCheck(c *gin.Context) (*auditCheck, error) {
	if c.Query("check") != "yes" {
		return nil, nil
	}
	_, err := s.Store.CheckActs(c.Request.Context())
	switch {
	case errors.Is(err, store.ErrTampered):
		s.Log.Error("the audit trail does not hold", "err", err)
		return &auditCheck{false, sentence(err), s.Now()}, nil
	case err != nil:
		return nil, err
	}
	return &auditCheck{true, "", s.Now()}, nil
}

// pages of what acts are done to, by the word before its number.
var actPlaces = map[string]string{"import": "/imports/", "report issue": reportsPath + "/issues/", "person": peoplePath + "/"}

// actPage is the page of what an act was done to, "" where it has none.
func actPage(on string) string {
	at := strings.LastIndexByte(on, ' ')
	if at < 0 {
		return ""
	}
	path, ok := actPlaces[on[:at]]
	if _, err := strconv.ParseUint(on[at+1:], 10, 63); err != nil || !ok {
		return ""
	}
	return path + on[at+1:]
}

// auditCSV is every act, the oldest first, sent as it is read. One that cannot
// be read breaks the connection, so that nobody takes a part for the whole.
func (s *Server) auditCSV(c *gin.Context) error {
	h := c.Writer.Header()
	h.Set("Content-Type", csvType)
	h.Set("Content-Disposition", `attachment; filename="audit.csv"`)
	h.Set("Cache-Control", "no-store")
	if err := report.WriteActs(c.Writer, s.Store.AllActs(c.Request.Context())); err != nil {
		s.Log.Error("the audit trail was not sent to its end", "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
