package chart

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

// Pixels a group's pair of bars takes, with the words above it where the
// chart is narrow, and what stands above and below all of them.
const (
	pairStep       = 62
	pairNarrowStep = 94 // at the least
	pairNarrowBars = 36
	pairsTop       = 6
	pairsNarrowTop = 30  // the first group's words stand higher than its part
	pairsWords     = 360 // widest a group's name and words are beside its bars
	pairsAbove     = 270 // and above them
)

// Looks of the two bars of a pair: filled for the measure, outlined for the
// population, so that neither is told by its colour alone.
const (
	shareColour      = "#12436D"
	populationColour = "#6F7F8D"
)

// shares are paired bars, from zero: each group's share of the measure over
// its share of the population, with what that comes to in words.
func shares(p dashboard.Panel) (object, error) {
	groups := p.Shares.Groups
	b := noBounds()
	for _, g := range groups {
		b.take(g.Of, g.Population)
	}
	if b.none() {
		return nil, ErrNoFigures
	}
	names, measure, population := make([]string, len(groups)), make([]opts.BarData, len(groups)), make([]opts.BarData, len(groups))
	for i, g := range groups {
		names[i] = groupName(g)
		measure[i], population[i] = pairBar(i, g.Of, g.Count, g), pairBar(i, g.Population, "no figure", g)
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithAriaOpts(aria(p)))
	bar.AddSeries(shareName(p), measure, charts.WithSeriesId("share"), charts.WithItemStyleOpts(opts.ItemStyle{Color: shareColour}))
	bar.AddSeries(populationName, population, charts.WithSeriesId("population"),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: white, BorderColor: populationColour, BorderWidth: 2}))
	v := &visitor{series: []series{pairSeries(), pairSeries()}}
	beside := nameAxis(namesOf(names), pairsWords)
	beside["axisLabel"] = pairLabel(heads(p.Shares, pairsWords, wideText), wideText)
	v.axes(lengthAxis(0, b.high), beside)
	v.common = object{
		"grid":    object{"left": pairsLeft(p.Shares), "right": textWidth("100.0%", wideText) + 16, "top": pairsTop, "bottom": 12 + pairLegend(p, false), "outerBoundsMode": "none"},
		"legend":  legend(pairEntries(p), wideText),
		"tooltip": tooltip("item", object{"$fmt": "pairTip"}),
		"media":   []object{narrowPairs(p)},
	}
	bar.XYReversal()
	bar.SetXAxis(names)
	bar.Validate()
	bar.Accept(v)
	return bar.JSON(), nil
}

func namesOf(names []string) []object {
	out := make([]object, len(names))
	for i, n := range names {
		out[i] = object{"value": n}
	}
	return out
}

// pairBar is a bar: value is [number, position, text as shown, words]. What
// has no number has no bar, and its mark for a text.
func pairBar(i int, n *float64, mark string, g dashboard.Share) opts.BarData {
	text := mark
	if number(n) != nil {
		text = stat.Format(*n, 1) + "%"
	}
	return opts.BarData{Name: g.Name, Value: []any{number(n), i, text, wrap(verdict(g), tipRoom, narrowText)}}
}

// groupName is a group's, with the mark in brackets where its share of the
// measure is none.
func groupName(g dashboard.Share) string {
	if number(g.Of) == nil && g.Count != "" {
		return g.Name + string(noBreak) + "[" + g.Count + "]"
	}
	return g.Name
}

func pairSeries() series {
	return series{Emphasis: object{"disabled": true}, Label: barLabel(wideText), BarGap: "0%", BarCategoryGap: "38%"}
}

// verdict is what a group's two shares come to.
func verdict(g dashboard.Share) string {
	if number(g.Ratio) == nil {
		return upper(cmp.Or(g.Words, "cannot be told"))
	}
	ratio := stat.Format(*g.Ratio, 2) + " times"
	if !strings.Contains(g.Words, "share") {
		ratio += " its share"
	}
	if number(g.Lower) != nil && number(g.Upper) != nil {
		ratio += " (" + strings.ReplaceAll(stat.Format(*g.Lower, 2)+" to "+stat.Format(*g.Upper, 2), " ", string(noBreak)) + ")"
	}
	if g.Words == "" {
		return upper(ratio)
	}
	return upper(g.Words) + ": " + ratio
}

func upper(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// head is what stands beside or above a pair: the group's name, in bold, and
// the words about it.
type head struct {
	Name  []string `json:"name"`
	Words []string `json:"words"`
}

func heads(s *dashboard.SharesPanel, room, size int) []head {
	out := make([]head, len(s.Groups))
	for i, g := range s.Groups {
		out[i] = head{strings.Split(wrap(groupName(g), room, size), "\n"), strings.Split(wrap(verdict(g), room, size-2), "\n")}
	}
	return out
}

func pairLabel(all []head, size int) object {
	return object{
		"interval": 0, "margin": 10, "align": "right", "color": ink, "fontFamily": font, "fontSize": size,
		"formatter": object{"$fmt": "heads", "heads": all},
		"rich": object{
			"name":  object{"fontWeight": "bold", "fontSize": size, "lineHeight": size + 3, "color": ink, "fontFamily": font},
			"words": object{"fontSize": size - 2, "lineHeight": size + 1, "color": ink, "fontFamily": font},
		},
	}
}

// pairsLeft is the room of what stands beside the bars.
func pairsLeft(s *dashboard.SharesPanel) int {
	var room int
	for _, h := range heads(s, pairsWords, wideText) {
		for _, l := range h.Name {
			room = max(room, textWidth(l, wideText))
		}
		for _, l := range h.Words {
			room = max(room, textWidth(l, wideText-2))
		}
	}
	return min(room, pairsWords+40) + 16
}

// narrowPairs puts the words above the bars.
func narrowPairs(p dashboard.Panel) object {
	label := pairLabel(heads(p.Shares, pairsAbove, narrowText+1), narrowText+1)
	label["inside"], label["align"], label["verticalAlign"] = true, "left", "bottom"
	label["margin"], label["padding"] = 0, []int{0, 0, 21, 0}
	small := object{"fontSize": narrowText}
	gap := fmt.Sprintf("%d%%", 100-100*pairNarrowBars/narrowPairStep(p.Shares))
	return object{
		"query": object{"maxWidth": Breakpoint - 1},
		"option": object{
			"grid":   object{"left": 2, "right": textWidth("100.0%", narrowText) + 12, "top": narrowPairsTop(p.Shares), "bottom": pairLegend(p, true)},
			"legend": legend(pairEntries(p), narrowText),
			"yAxis":  []object{{"z": 5, "axisLine": object{"show": false}, "axisLabel": label}},
			"series": []object{
				{"id": "share", "barCategoryGap": gap, "label": small},
				{"id": "population", "barCategoryGap": gap, "label": small},
			},
		},
	}
}

// pairWordsHeight is the height of the tallest name and words above a pair.
func pairWordsHeight(s *dashboard.SharesPanel) int {
	var height int
	for _, h := range heads(s, pairsAbove, narrowText+1) {
		height = max(height, len(h.Name)*(narrowText+4)+len(h.Words)*(narrowText+2))
	}
	return height
}

// narrowPairStep has room for the words, the bars, and what parts them.
func narrowPairStep(s *dashboard.SharesPanel) int {
	return max(pairNarrowStep, pairWordsHeight(s)+pairNarrowBars+14)
}

func narrowPairsTop(s *dashboard.SharesPanel) int {
	return max(pairsNarrowTop, pairWordsHeight(s)/2)
}

const populationName = "Share of children aged 0 to 17"

// shareName is what the measure's bars are called.
func shareName(p dashboard.Panel) string {
	return "Share of " + cmp.Or(p.Measure.Noun, strings.ToLower(p.Measure.Name), "the measure")
}

func pairEntries(p dashboard.Panel) []entry {
	return []entry{{shareName(p), "rect"}, {populationName, "rect"}}
}

func pairLegend(p dashboard.Panel, narrow bool) int {
	if narrow {
		return legendHeight(pairEntries(p), legendWide, narrowText)
	}
	return legendHeight(pairEntries(p), Breakpoint-20, wideText)
}

func pairsHeight(p dashboard.Panel, width int) int {
	if width < Breakpoint {
		return len(p.Shares.Groups)*narrowPairStep(p.Shares) + narrowPairsTop(p.Shares) + pairLegend(p, true)
	}
	return len(p.Shares.Groups)*pairStep + pairsTop + 12 + pairLegend(p, false)
}
