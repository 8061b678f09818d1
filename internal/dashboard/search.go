package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Kinds of what can be found.
const (
	EntryMeasure   = "measure"
	EntryArea      = "area"
	EntryDashboard = "dashboard"
	EntryWord      = "word" // of a glossary
)

// Entry is one thing that can be found.
type Entry struct {
	Kind  string   `json:"kind"`
	Code  string   `json:"code"` // of the measure or area, the dashboard's name
	Title string   `json:"title"`
	About string   `json:"about"` // a sentence or two
	Path  string   `json:"path"`
	Names []string `json:"-"` // that it goes by too
	Text  string   `json:"-"` // more to find it by
}

// Entries are the measures, authorities and dashboards, each in their order.
func (b *Boards) Entries() []Entry {
	var out []Entry
	for _, m := range b.cat.Measures() {
		out = append(out, Entry{
			Kind: EntryMeasure, Code: m.Code, Title: m.Name, About: m.Definition, Path: "/measures/" + m.Code,
			Names: append([]string{m.Code, m.Noun}, m.Aliases...), Text: m.Definition + " " + m.Topic,
		})
	}
	for _, d := range b.defs {
		out = append(out, Entry{
			Kind: EntryDashboard, Code: d.Name, Title: d.Title, About: strings.ReplaceAll(d.Lead, "{area}", b.home.Name), Path: "/dashboards/" + d.Name,
			Text: d.Lead,
		})
	}
	for _, a := range b.cat.ByLevel(stat.Authority) {
		out = append(out, b.areaEntry(a))
	}
	return out
}

// areaEntry is an authority, which its region's name finds too.
func (b *Boards) areaEntry(a stat.Area) Entry {
	e := Entry{
		Kind: EntryArea, Code: a.Code, Title: a.Name, Path: "/?area=" + a.Code,
		Names: slices.Concat([]string{a.Code, a.Number}, a.OtherCodes, a.OtherNames),
	}
	if r, err := b.cat.Area(a.Region); err == nil {
		e.About, e.Text = r.Name+", ", r.Name
	}
	e.About += "DfE number " + a.Number + ", ONS code " + a.Code
	if !a.Ended.IsZero() && a.Ended.Before(b.today()) {
		e.About += fmt.Sprintf(", abolished on %s", a.Ended.AddDays(1).Long())
	}
	return e
}

// most words of a search that are looked at, and letters of it.
const (
	mostWords   = 8
	mostLetters = 120
)

// Search ranks the entries by how well they match a search, best first. Every
// word has to be found, in any order, by its beginning or with a slip of the
// pen; where no entry has them all, those that have most of them, at least
// half, are found and whole is false.
func Search(search string, entries []Entry) (found []Entry, whole bool) {
	asked := words(search)
	if len(asked) == 0 {
		return nil, true
	}
	type hit struct {
		Entry
		words int
		score float64
	}
	var hits []hit
	best := 0
	for _, e := range entries {
		n, score := e.match(asked)
		if n > 0 {
			hits, best = append(hits, hit{e, n, score}), max(best, n)
		}
	}
	if 2*best < len(asked) {
		return nil, false
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool { return h.words < best })
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	for _, h := range hits {
		found = append(found, h.Entry)
	}
	return found, best == len(asked)
}

// little words say nothing of what is sought, unless there are no others.
var little = strings.Fields("a an and at by for from in is of on or per the to what with")

// words are those of a search.
func words(search string) []string {
	if r := []rune(search); len(r) > mostLetters {
		search = string(r[:mostLetters])
	}
	all := strings.Fields(stat.Fold(search))
	telling := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return slices.Contains(little, w) })
	if len(telling) > 0 {
		all = telling
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), mostWords)]
}

// What a word counts by where it is found.
const (
	inTitle = 10.0
	inNames = 7.0
	inText  = 2.0
)

// match counts the words that an entry has, and how well it has them.
func (e Entry) match(asked []string) (found int, score float64) {
	title, text := strings.Fields(stat.Fold(e.Title)), strings.Fields(stat.Fold(e.Text))
	var names [][]string
	for _, n := range e.Names {
		names = append(names, strings.Fields(stat.Fold(n)))
	}
	var has []string
	for _, w := range asked {
		best := max(inTitle*closeness(w, title, true), inText*closeness(w, text, false))
		for _, n := range names {
			best = max(best, inNames*closeness(w, n, true))
		}
		if best > 0 {
			has, score = append(has, w), score+best
		}
	}
	score += 2 * inTitle * covered(has, title)
	whole := 0.0
	for _, n := range names {
		whole = max(whole, covered(has, n))
	}
	score += 2 * inNames * whole
	return len(has), score - 0.1*float64(len(title))
}

// covered is how much of a name the words are, from 0 to 1, where each is
// another word of it.
func covered(asked, name []string) float64 {
	left := slices.DeleteFunc(slices.Clone(name), func(w string) bool { return slices.Contains(little, w) })
	telling, sum := len(left), 0.0
	for _, w := range asked {
		at := slices.IndexFunc(left, func(n string) bool { return closeness(w, []string{n}, true) > 0 })
		if at < 0 {
			return 0
		}
		sum += closeness(w, left[at:at+1], true)
		left = slices.Delete(left, at, at+1)
	}
	return sum / float64(max(1, telling))
}

// closeness is how near the nearest of some words comes: 1 for the same, less
// for one that begins so, holds it or, where slips are let pass, is a slip away.
func closeness(w string, among []string, slips bool) float64 {
	best := 0.0
	for _, x := range among {
		switch {
		case x == w:
			return 1
		case strings.HasPrefix(x, w) && len(w) > 1:
			best = max(best, 0.8)
		case !slips:
		case len(w) > 3 && strings.Contains(x, w):
			best = max(best, 0.5)
		case best < 0.4 && slip(w, x):
			best = 0.4
		}
	}
	return best
}

// slip reports whether a word may be another mistyped: one letter wrong, left
// out, doubled or swapped with the next, two in words of eight and more. Words
// with digits are codes, of which each is another.
func slip(a, b string) bool {
	if len(a) < 4 || b == "" || a[0] != b[0] { // most words end here
		return false
	}
	x, y := []rune(a), []rune(b)
	limit := 1
	if len(x) >= 8 {
		limit = 2
	}
	if len(x) < 4 || max(len(x), len(y))-min(len(x), len(y)) > limit || strings.ContainsAny(a+b, "0123456789") {
		return false
	}
	return distance(x, y) <= limit
}

// distance is the number of letters wrong, missing, too many or swapped with
// the next.
//
// Source: Damerau, "A technique for computer detection and correction of
// spelling errors", Communications of the ACM 7 (1964), as optimal string
// alignment.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
