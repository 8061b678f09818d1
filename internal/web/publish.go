package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// publication is how far an import has been signed off.
type publication struct {
	Words   string // "Draft", "Published", "Published from 1 December 2026, 09:00"
	Detail  string // by whom, when and why
	Tag     string // colour of the tag that says it
	Draft   bool   // viewers do not see it
	Signed  bool   // somebody has published it, be it for later
	Embargo bool   // it is published, and the time has not come
}

func (s *Server) publicationOf(b stat.Batch) publication {
	why := ""
	if b.PublishedWhy != "" {
		why = ": " + b.PublishedWhy
	}
	switch {
	case b.Published.IsZero() && b.PublishedBy != "":
		return publication{Words: "Draft", Detail: "Its publication was taken back by " + b.PublishedBy + why, Tag: "grey", Draft: true}
	case b.Published.IsZero():
		return publication{Words: "Draft", Tag: "grey", Draft: true}
	case b.Published.After(s.Now()):
		return publication{Words: "Published from " + when(b.Published), Detail: "by " + b.PublishedBy + why, Tag: "blue", Draft: true, Signed: true, Embargo: true}
	}
	return publication{Words: "Published", Detail: when(b.Published) + " by " + b.PublishedBy + why, Tag: "green", Signed: true}
}

// signoff is where an import is published, or that is taken back.
type signoff struct {
	publication
	Publishers     string // who may publish it, by name
	Second         bool   // whoever imported it may not
	Day, Time      string // as they were typed
	Reason         string
	Field, Problem string
}

// publishers are those who may publish an import, by name.
func (s *Server) publishers(ctx context.Context, b stat.Batch) ([]string, error) {
	settings, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	people, err := s.Store.People(ctx)
	var out []string
	for _, p := range people {
		if p.Role.May(stat.Publisher) && !p.Disabled && !(settings.SecondPerson && b.ImportedBy(p.ID, p.Title)) {
			out = append(out, p.Title)
		}
	}
	return slices.Compact(out), err
}

// atOnce reports whether whoever asks may import and publish in one step.
func (s *Server) atOnce(ctx context.Context) (bool, error) {
	settings, err := s.settings(ctx)
	return readerOf(ctx).May(stat.Publisher) && !settings.SecondPerson, err
}

// readAtOnce reads whether an import is to be published in the same step.
func (s *Server) readAtOnce(c *gin.Context) (bool, error) {
	if err := readForm(c); err != nil || c.PostForm("publish") == "" {
		return false, err
	}
	may, err := s.atOnce(c.Request.Context())
	if err == nil && !may {
		err = conflict("You may not publish these figures at once: that takes a publisher, and settings that ask for no second person. Nothing was stored. Go back and import them without.")
	}
	return may, err
}

// signoff adds to the form what the page has to say around it.
func (s *Server) signoff(ctx context.Context, b stat.Batch, f signoff) (signoff, error) {
	settings, err := s.settings(ctx)
	if err != nil {
		return f, err
	}
	names, err := s.publishers(ctx, b)
	f.publication, f.Second, f.Publishers = s.publicationOf(b), settings.SecondPerson, strings.Join(names, ", ")
	return f, err
}

// publishersKey tells the page of an import from the same one once others may sign it
// off.
func (s *Server) publishersKey(ctx context.Context, id int64) (string, error) {
	b, err := s.Store.Batch(ctx, id)
	if err != nil {
		return "", err
	}
	names, err := s.publishers(ctx, b)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return batchPath(id) + "\n" + hex.EncodeToString(sum[:8]), err
}

// publish signs an import off, for now or for a time to come.
func (s *Server) publish(c *gin.Context) error {
	id, f, err := s.readSignoff(c)
	if err != nil {
		return err
	}
	from, field, problem := s.readMoment(f)
	if problem != "" {
		return s.publishAgain(c, id, f, field, problem)
	}
	b, err := s.Store.Publish(c.Request.Context(), id, s.who(c), f.Reason, from, s.Now())
	if errors.Is(err, store.ErrSecondPerson) {
		return &failure{http.StatusForbidden, "Somebody else has to publish it", "You imported " + b.File + ", and the settings ask for a second person. Ask another publisher.", nil}
	}
	return s.published(c, id, b, err)
}

// takeBack makes a published import a draft again, for a reason that is kept.
func (s *Server) takeBack(c *gin.Context) error {
	id, f, err := s.readSignoff(c)
	if err != nil {
		return err
	}
	if f.Reason == "" {
		return s.publishAgain(c, id, f, "back", "Say why the publication is taken back. The reason is kept with the import.")
	}
	b, err := s.Store.Unpublish(c.Request.Context(), id, s.who(c), f.Reason, s.Now())
	return s.published(c, id, b, err)
}

// published leads to the page of an import, or says why that could not be done
// with it as it is.
func (s *Server) published(c *gin.Context, id int64, b stat.Batch, err error) error {
	switch {
	case errors.Is(err, store.ErrPublished):
		return conflict("This import has been published already, by " + b.PublishedBy + ".")
	case errors.Is(err, store.ErrDraft):
		return conflict("This import is a draft already: there is no publication to take back.")
	case errors.Is(err, store.ErrWithdrawn):
		return conflict("This import was withdrawn, by " + b.WithdrawnBy + " on " + when(b.Withdrawn) + ".")
	case err != nil:
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, batchPath(id))
	return nil
}

// readSignoff reads the form, and which import it is of.
func (s *Server) readSignoff(c *gin.Context) (id int64, f signoff, err error) {
	if err := readForm(c); err != nil {
		return 0, f, err
	}
	if id, err = strconv.ParseInt(c.Param("name"), 10, 64); err != nil {
		return 0, f, notFound("There is no such import. They are listed on the imports page.", err)
	}
	return id, signoff{Day: plain(c.PostForm("day")), Time: plain(c.PostForm("time")), Reason: plain(c.PostForm("reason"))}, nil
}

// publishAgain is the page of the import with the form as it was filled in.
func (s *Server) publishAgain(c *gin.Context, id int64, f signoff, field, problem string) error {
	f.Field, f.Problem = field, problem
	body, err := s.batchHTML(c.Request.Context(), id, "", f)
	return badly(c, body, err)
}

// readMoment is when viewers may see an import: zero for now. A day alone
// begins at midnight. Otherwise it says what is wrong with which field.
func (s *Server) readMoment(f signoff) (at time.Time, field, problem string) {
	if f.Day == "" && f.Time == "" {
		return at, "", ""
	}
	day, ok := readDay(f.Day)
	if !ok {
		return at, "day", "Give the day as 3 June 2026 or 03/06/2026, or leave day and time empty to publish now."
	}
	hour, ok := readTime(f.Time)
	if !ok {
		return at, "time", "Give the time as 9:30 or 14:00, or leave it empty for the beginning of the day."
	}
	at = time.Date(day.Year, day.Month, day.Day, hour.Hour(), hour.Minute(), 0, 0, time.Local)
	if !at.After(s.Now()) {
		return at, "day", fmt.Sprintf("%s is past. Leave day and time empty to publish now.", when(at))
	}
	return at, "", ""
}

// readTime reads a time of day as people write it, "" being midnight.
func readTime(text string) (t time.Time, ok bool) {
	if text == "" {
		return t, true
	}
	text = strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(text, ".", ":"), " ", ""))
	for _, form := range []string{"15:04", "3:04PM", "3PM"} {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return t, false
}
