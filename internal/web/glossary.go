package web

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/pelletier/go-toml/v2"

	"bellwether/internal/benchmark"
	"bellwether/internal/dashboard"
)

//go:embed glossary.toml
var glossaryFile []byte

const glossaryPath = "/about/glossary"

// term is one word of the pages, explained.
type term struct {
	ID   string   `toml:"id" json:"id"`
	Name string   `toml:"name" json:"name"`
	Also []string `toml:"also" json:"also,omitempty"`
	Text string   `toml:"text" json:"text"`
	Spot []string `toml:"spot" json:"-"`
	More string   `toml:"more" json:"more,omitempty"`
}

// glossary is the terms in the order of their file.
type glossary []term

// readGlossary fails for a setting there is none of.
func readGlossary() (glossary, error) {
	var file struct {
		Term glossary `toml:"term"`
	}
	if err := toml.NewDecoder(bytes.NewReader(glossaryFile)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("reading the glossary: %w", err)
	}
	return file.Term, nil
}

// Path is where the term is explained.
func (t term) Path() string { return glossaryPath + "#" + t.ID }

// Short is the name in a line of several: without its letters.
func (t term) Short() string {
	name, _, _ := strings.Cut(t.Name, " (")
	name, _, _ = strings.Cut(name, ":")
	first, _, _ := strings.Cut(name, " ")
	if strings.IndexFunc(first[1:], unicode.IsUpper) >= 0 {
		return name // DfE
	}
	return benchmark.LowerFirst(name)
}

// Others are the names it goes by beside its own, without bare letters.
func (t term) Others() string {
	var out []string
	for _, a := range t.Also {
		if len(a) > 1 && !strings.Contains(strings.ToLower(t.Name), strings.ToLower(a)) {
			out = append(out, a)
		}
	}
	return strings.Join(out, ", ")
}

// entries are what a search finds the terms by.
func (g glossary) entries() []dashboard.Entry {
	var out []dashboard.Entry
	for _, t := range g {
		out = append(out, dashboard.Entry{Kind: dashboard.EntryWord, Code: t.ID, Title: t.Name, About: t.Text, Path: t.Path(), Names: t.Also, Text: t.Text})
	}
	return out
}

// met are the terms that some texts have, without those met before, which
// they then join.
func (g glossary) met(before map[string]bool, texts ...string) []term {
	var out []term
	all := strings.Join(texts, "\n")
	low := strings.ToLower(all)
	for _, t := range g {
		if before[t.ID] {
			continue
		}
		for _, s := range t.spots() {
			in := low
			if s == strings.ToUpper(s) || s == "DfE" {
				in = all
			} else {
				s = strings.ToLower(s)
			}
			if hasWord(in, s) {
				before[t.ID] = true
				out = append(out, t)
				break
			}
		}
	}
	return out
}

func (t term) spots() []string {
	if len(t.Spot) > 0 {
		return t.Spot
	}
	return append([]string{t.Name}, t.Also...)
}

// hasWord reports whether a text has a word, or several, whole.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = at + len(word)
	}
}

// inWord reports whether a word goes on with r.
func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// meets gives each panel of a page the terms that are met in it first.
func (g glossary) meets(panels []panel) {
	before := map[string]bool{}
	for i := range panels {
		p := &panels[i]
		texts := []string{p.Title, p.Subtitle, p.Sentence, p.Source, strings.Join(p.Warnings, "\n")}
		if h := p.Headline; h != nil {
			texts = append(texts, h.Value, h.Change, h.Against, h.Rank, h.Interval, h.Verdict, h.Trend, h.Latest)
			if h.Interval != "" {
				texts = append(texts, "95% interval")
			}
		}
		if t := p.Table; t != nil {
			texts = append(texts, strings.Join(t.Columns, "\n"), strings.Join(t.Notes, "\n"))
		}
		p.Terms = g.met(before, texts...)
	}
}

type glossaryPage struct {
	page
	Terms glossary
}

// glossary explains the words of the pages.
func (s *Server) glossary(c *gin.Context) error {
	return s.cached(c, c.Request.URL.Path, func(ctx context.Context) (*document, error) {
		if strings.HasSuffix(c.Request.URL.Path, ".json") {
			body, err := marshalled(map[string]any{"terms": s.words})
			return newDocument(jsonType, "", body), err
		}
		p := glossaryPage{page: s.base(ctx, "What the words mean", "", glossaryPath+".json"), Terms: s.words}
		body, err := s.pages.render("glossary", p)
		return newDocument(htmlType, "", body), err
	})
}
