package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
)

// mostThreshold is the largest count that can be masked.
const mostThreshold = 99

// settingsPage is the form of the settings.
type settingsPage struct {
	adminPage
	settingsForm
	Topics         []topic // measures that may have a threshold of their own
	By             string
	At             time.Time // zero where nobody has changed them
	Field, Problem string
}

// settingsForm is what the form holds, as it was written.
type settingsForm struct {
	Public, SecondPerson, MaskViewers bool
	Threshold                         string
	Own                               []ownThreshold
	Seen                              string // when the settings the form began with were saved
}

// ownThreshold is that of a single measure; the last has no measure yet.
type ownThreshold struct{ ID, Measure, Name, Threshold string }

// Kept are the thresholds of single measures that there are.
func (f settingsForm) Kept() []ownThreshold { return f.Own[:max(0, len(f.Own)-1)] }

// New is the row for another.
func (f settingsForm) New() ownThreshold {
	if len(f.Own) == 0 {
		return ownThreshold{ID: "threshold-1"}
	}
	return f.Own[len(f.Own)-1]
}

// settingsCheck says what would change, before it does.
type settingsCheck struct {
	adminPage
	settingsForm
	Changes []settingChange
	Doubt   string // what should be thought of first
}

// settingChange is one setting that would change, and what that means.
type settingChange struct{ Setting, From, To, Means string }

func (s *Server) settingsPage(c *gin.Context) error {
	held, err := s.Store.Settings(c.Request.Context())
	if err != nil {
		return err
	}
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		if held.Thresholds == nil {
			held.Thresholds = map[string]int{}
		}
		writeJSON(c.Writer, http.StatusOK, held)
		return nil
	}
	return s.settingsHTML(c, http.StatusOK, held, s.settingsForm(held), "", "")
}

func (s *Server) settingsHTML(c *gin.Context, status int, held stat.Settings, f settingsForm, field, problem string) error {
	p := settingsPage{adminPage: s.adminBase(c, "Settings", settingsPath, settingsPath+".json"), settingsForm: f,
		Topics: s.byTopic(nil), By: held.By, At: held.At, Field: field, Problem: problem}
	p.faulty(problem)
	return s.pages.write(c.Writer, status, "settings", p)
}

// settingsForm is the form of settings as they are held.
func (s *Server) settingsForm(held stat.Settings) settingsForm {
	f := settingsForm{held.Public, held.SecondPerson, held.MaskViewers, strconv.Itoa(held.Threshold), nil, held.At.Format(time.RFC3339Nano)}
	for _, code := range slices.Sorted(maps.Keys(held.Thresholds)) {
		f.Own = append(f.Own, s.ownThreshold(len(f.Own), code, strconv.Itoa(held.Thresholds[code])))
	}
	f.Own = append(f.Own, s.ownThreshold(len(f.Own), "", ""))
	return f
}

func (s *Server) ownThreshold(n int, code, threshold string) ownThreshold {
	return ownThreshold{fmt.Sprintf("threshold-%d", n+1), code, s.measureName(code), threshold}
}

// saveSettings shows what would change and, where that was agreed to, saves it.
func (s *Server) saveSettings(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	ctx := c.Request.Context()
	held, err := s.Store.Settings(ctx)
	if err != nil {
		return err
	}
	f := s.postedSettings(c)
	next, field, problem := s.readSettings(f)
	if problem != "" {
		return s.settingsHTML(c, http.StatusBadRequest, held, f, field, problem)
	}
	if f.Seen != held.At.Format(time.RFC3339Nano) {
		return conflict("Somebody else has changed the settings meanwhile. Nothing was saved. Open the page of settings again to see how they stand.")
	}
	changes := s.settingChanges(held, next)
	if len(changes) == 0 {
		return s.settingsHTML(c, http.StatusBadRequest, held, f, "public", "Nothing would change. Choose what should, or leave this page.")
	}
	if c.PostForm("agreed") != "yes" {
		p := settingsCheck{s.adminBase(c, "What these settings change", settingsPath, ""), f, changes, settingsDoubt(next)}
		return s.pages.write(c.Writer, http.StatusOK, "settings-check", p)
	}
	next.By, next.At = s.who(c), s.Now()
	if err := s.Store.SaveSettings(ctx, next); err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, settingsPath+"?done=settings")
	return nil
}

// postedSettings is the form as it was sent.
func (s *Server) postedSettings(c *gin.Context) settingsForm {
	on := func(name string) bool { return c.PostForm(name) == "yes" }
	f := settingsForm{on("public"), on("second"), on("viewers"), plain(c.PostForm("threshold")), nil, c.PostForm("seen")}
	thresholds := c.PostFormArray("own")
	for i, code := range c.PostFormArray("measure") {
		if i < len(thresholds) {
			f.Own = append(f.Own, s.ownThreshold(i, plain(code), plain(thresholds[i])))
		}
	}
	return f
}

// readSettings says in which field of the form what is wrong. A measure whose
// threshold is left empty has none of its own.
func (s *Server) readSettings(f settingsForm) (out stat.Settings, field, problem string) {
	out = stat.Settings{Public: f.Public, SecondPerson: f.SecondPerson, MaskViewers: f.MaskViewers}
	var ok bool
	if out.Threshold, ok = readThreshold(f.Threshold); !ok {
		return out, "threshold", "Give a whole number from 0 to " + strconv.Itoa(mostThreshold) + "."
	}
	for _, own := range f.Own {
		if own.Threshold == "" {
			continue
		}
		n, ok := readThreshold(own.Threshold)
		m, err := s.Catalogue.Measure(own.Measure)
		_, twice := out.Thresholds[own.Measure]
		switch {
		case own.Measure == "":
			return out, "measure", "Choose the measure that this number is for."
		case err != nil || m.Code != own.Measure:
			return out, own.ID, "There is no measure " + own.Measure + "."
		case twice:
			return out, own.ID, own.Name + " has a number already. Change that one."
		case !ok:
			return out, own.ID, "Give a whole number from 0 to " + strconv.Itoa(mostThreshold) + " for " + own.Name + ", or leave it empty."
		}
		if out.Thresholds == nil {
			out.Thresholds = map[string]int{}
		}
		out.Thresholds[own.Measure] = n
	}
	return out, "", ""
}

func readThreshold(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= mostThreshold
}

// settingChanges are what differs, each with what it means.
func (s *Server) settingChanges(old, next stat.Settings) []settingChange {
	var out []settingChange
	add := func(differs bool, setting, from, to, means string) {
		if differs {
			out = append(out, settingChange{setting, from, to, means})
		}
	}
	onOff := func(setting string, from, to bool, on, off string) {
		means := off
		if to {
			means = on
		}
		add(from != to, setting, yesNo(from), yesNo(to), means)
	}
	onOff("Anyone may read what is published", old.Public, next.Public,
		"Whoever reaches the address of Bellwether reads the published figures without signing in, as soon as you save this. Drafts, imports, reports and everything about people stay closed to them; the names of your groups of authorities do not.",
		"Everybody has to sign in, as soon as you save this. Links that were handed out lead to the sign-in page.")
	onOff("A second person publishes", old.SecondPerson, next.SecondPerson,
		"Who uploaded a file can no longer publish it. There have to be two people, one of them a publisher, for a figure to be seen.",
		"A publisher can publish what they uploaded themselves.")
	onOff("Mask small numbers for viewers too", old.MaskViewers, next.MaskViewers,
		"Viewers no longer see small numbers, as the public does not. Analysts, publishers and administrators go on seeing every figure.",
		"Viewers see every published figure as it is. For the public small numbers stay masked.")
	add(old.Threshold != next.Threshold, "Largest number that is masked", strconv.Itoa(old.Threshold), strconv.Itoa(next.Threshold), masks(next.Threshold))
	codes := maps.Clone(old.Thresholds)
	if codes == nil {
		codes = map[string]int{}
	}
	maps.Copy(codes, next.Thresholds)
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		from, to := thresholdWords(old, code), thresholdWords(next, code)
		add(from != to, "Largest number of "+s.measureName(code)+" that is masked", from, to, masks(next.ThresholdOf(code)))
	}
	return out
}

// masks says what a threshold does.
func masks(threshold int) string {
	switch threshold {
	case 0:
		return "No number is masked: the smallest is shown as it is, even where it may be one child."
	case 1:
		return "Of the council’s own figures a count of 1 is shown as c (confidential), and so is every other figure it could be worked out from."
	}
	return fmt.Sprintf("Of the council’s own figures counts from 1 to %d are shown as c (confidential), and so is every other figure they could be worked out from.", threshold)
}

func thresholdWords(s stat.Settings, code string) string {
	if n, ok := s.Thresholds[code]; ok {
		return strconv.Itoa(n)
	}
	return "as for the others"
}

func yesNo(on bool) string {
	if on {
		return "Yes"
	}
	return "No"
}

// settingsDoubt is what an administrator should think of before figures
// become open; "" for nothing.
func settingsDoubt(next stat.Settings) string {
	if !next.Public {
		return ""
	}
	if next.Threshold == 0 {
		return "The public would see every number as it is, down to a single child. Are you sure that this is meant?"
	}
	for _, n := range next.Thresholds {
		if n == 0 {
			return "Of some measures the public would see every number as it is, down to a single child. Are you sure that this is meant?"
		}
	}
	return ""
}
