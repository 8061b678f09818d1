package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
)

// register takes the measures and areas that imported files have brought into
// the catalogue. One that does not fit is left out, and the log says so: the
// pages must not stop for it.
func (s *Server) register(ctx context.Context) error {
	measures, areas, err := s.Store.Registered(ctx)
	if err != nil {
		return err
	}
	defer s.lessons.Add(1)
	if s.Catalogue.Register(measures, areas) == nil {
		return nil
	}
	for _, m := range measures {
		err = errors.Join(err, s.Catalogue.Register([]stat.Measure{m}, nil))
	}
	for _, a := range areas {
		err = errors.Join(err, s.Catalogue.Register(nil, []stat.Area{a}))
	}
	s.Log.Error("not all that files brought is in the catalogue", "err", err)
	return nil
}

// naming is the form that says what a measure is that a file brought.
type naming struct {
	stat.Measure
	Action     string
	Units      []choice
	Kinds      []choice
	Polarities []choice
	Topics     []choice
	Problem    string
	Field      string // of the form, where the problem is
}

// problem is "" where there is no such form.
func (f *naming) problem() string {
	if f == nil {
		return ""
	}
	return f.Problem
}

type choice struct{ Value, Words string }

var (
	unitChoices = []choice{
		{string(stat.Number), "a number"}, {string(stat.RateOf), "a rate per 10,000 children aged 0 to 17"}, {string(stat.Percent), "a percentage"},
		{string(stat.Ratio), "a ratio"}, {string(stat.Days), "days"}, {string(stat.Pounds), "pounds"},
	}
	kindChoices = []choice{
		{string(stat.Snapshot), "how many there were on a date"}, {string(stat.Flow), "how many there were over a period"},
	}
	polarityChoices = []choice{
		{string(stat.NoPolarity), "neither is good by itself"}, {string(stat.HighIsGood), "higher is better"}, {string(stat.LowIsGood), "lower is better"},
	}
)

// otherTopic heads the measures that are of no topic of the catalogue's.
const otherTopic = "Other measures"

func (s *Server) naming(m stat.Measure) *naming {
	return &naming{Measure: m, Action: measurePath(m.Code) + "/name", Units: unitChoices, Kinds: kindChoices, Polarities: polarityChoices, Topics: s.topicChoices()}
}

func (s *Server) topicChoices() []choice {
	out := []choice{{"", otherTopic}}
	for _, m := range s.Catalogue.Measures() {
		c := choice{m.Topic, m.Topic}
		if !m.Registered && m.Topic != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// name says what a registered measure is, from then on for every file.
func (s *Server) name(c *gin.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	s.growing.Lock()
	defer s.growing.Unlock()
	m, err := s.Catalogue.Measure(c.Param("name"))
	if err != nil {
		return err
	}
	if !m.Registered {
		return conflict(m.Name + " is in the catalogue already, so it cannot be named here.")
	}
	named, field, problem := s.readNaming(c, m)
	if problem == "" {
		if err := s.Catalogue.Register([]stat.Measure{named}, nil); err != nil {
			field, problem = "name", "Another measure is called that already. Choose a name of its own."
		}
	}
	if problem != "" {
		n := s.naming(m)
		n.Measure, n.Field, n.Problem = named, field, problem
		return s.measureHTML(c, m, filled{naming: n})
	}
	if err := s.Store.NameMeasure(c.Request.Context(), named, s.who(c)); err != nil {
		return errors.Join(err, s.Catalogue.Register([]stat.Measure{m}, nil))
	}
	s.lessons.Add(1)
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, measurePath(m.Code))
	return nil
}

// readNaming puts what the form says into a measure, or says in which field
// what is wrong.
func (s *Server) readNaming(c *gin.Context, m stat.Measure) (named stat.Measure, field, problem string) {
	text := func(field string) string { return plain(c.PostForm(field)) }
	m.Name, m.Noun, m.Definition, m.Topic = text("name"), text("noun"), text("definition"), text("topic")
	m.Unit, m.Kind, m.Polarity = stat.Unit(text("unit")), stat.Kind(text("kind")), stat.Polarity(text("polarity"))
	m.Registered = false
	decimals, err := strconv.Atoi(text("decimals"))
	m.Decimals = decimals
	among := func(value string, of []choice) bool {
		return slices.ContainsFunc(of, func(c choice) bool { return c.Value == value })
	}
	switch {
	case strings.Trim(stat.Fold(m.Name), " ") == "":
		return m, "name", "Give the measure a name, such as Children in need."
	case err != nil || decimals < 0 || decimals > 4:
		m.Decimals = 0
		return m, "decimals", "Decimals is a number from 0 to 4."
	case !among(string(m.Unit), unitChoices):
		return m, "unit", "Choose what the figures are."
	case !among(string(m.Kind), kindChoices):
		return m, "kind", "Choose what is counted."
	case !among(string(m.Polarity), polarityChoices):
		return m, "polarity", "Choose which way is good."
	case !among(m.Topic, s.topicChoices()):
		return m, "topic", "Choose a topic from the list."
	}
	if m.Noun == "" {
		m.Noun = strings.ToLower(m.Name[:1]) + m.Name[1:]
	}
	return m, "", ""
}

// measureHTML is the page of a measure with its forms as they were filled in.
func (s *Server) measureHTML(c *gin.Context, m stat.Measure, told filled) error {
	sel, err := s.selection(c.Request.URL.Query())
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	v, held, err := s.load(ctx, "measures", m.Code, sel)
	if err != nil {
		return fmt.Errorf("the page of %s: %w", m.Code, err)
	}
	body, err := s.viewHTML(ctx, v, held, order{}, told)
	return badly(c, body, err)
}
