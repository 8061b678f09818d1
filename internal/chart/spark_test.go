package chart_test

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
)

func sparked(numbers ...any) []dashboard.Point {
	var out []dashboard.Point
	for i, n := range numbers {
		p := dashboard.Point{Period: strconv.Itoa(2016+i) + "-03-31"}
		switch n := n.(type) {
		case int:
			f := float64(n)
			p.Number = &f
		case float64:
			p.Number = &n
		}
		out = append(out, p)
	}
	return out
}

var path = regexp.MustCompile(` d="([^"]+)"`)

func TestSpark(t *testing.T) {
	for name, tc := range map[string]struct {
		points []dashboard.Point
		path   string // "" for no picture
		dot    string
	}{
		"rises":                   {sparked(0, 50, 100), "M5.0 35.0L80.0 20.0L155.0 5.0", `cx="155.0" cy="5.0"`},
		"breaks at a gap":         {sparked(0, nil, 100, 100), "M5.0 35.0h0M105.0 5.0L155.0 5.0", `cx="155.0" cy="5.0"`},
		"ends with a gap":         {sparked(0, 100, nil), "M5.0 35.0L155.0 5.0", `cx="155.0" cy="5.0"`},
		"hardly moves":            {sparked(99, 101), "M5.0 21.5L155.0 18.5", `cy="18.5"`},
		"stays":                   {sparked(7, 7), "M5.0 20.0L155.0 20.0", `cy="20.0"`},
		"stays at nothing":        {sparked(0, 0), "M5.0 20.0L155.0 20.0", `cy="20.0"`},
		"below zero":              {sparked(-100, 0), "M5.0 35.0L155.0 5.0", `cy="5.0"`},
		"one figure is no trend":  {points: sparked(nil, 100, nil)},
		"no figures":              {points: sparked(nil, nil)},
		"no points":               {},
		"a date that is none":     {points: append(sparked(4), dashboard.Point{Period: "soon", Number: sparked(5)[0].Number})},
		"two figures on one date": {append(sparked(10), sparked(20)...), "M80.0 35.0L80.0 5.0", `cx="80.0" cy="5.0"`},
	} {
		t.Run(name, func(t *testing.T) {
			svg := string(chart.Spark(tc.points))
			if tc.path == "" {
				if svg != "" {
					t.Errorf("it is drawn: %s", svg)
				}
				return
			}
			if got := path.FindStringSubmatch(svg); got == nil || got[1] != tc.path {
				t.Errorf("the path is %q, want %q", got, tc.path)
			}
			if !strings.Contains(svg, tc.dot) {
				t.Errorf("the dot is not at %s: %s", tc.dot, svg)
			}
		})
	}
}

// It stands in a page under the content security policy, silently.
func TestSparkFitsAPage(t *testing.T) {
	svg := chart.Spark(sparked(1, 2.5, 3))
	var root struct {
		XMLName xml.Name
		Hidden  string `xml:"aria-hidden,attr"`
		Style   string `xml:"style,attr"`
	}
	if err := xml.Unmarshal(svg, &root); err != nil {
		t.Fatal(err)
	}
	if root.XMLName.Local != "svg" || root.Hidden != "true" || strings.Contains(string(svg), "style=") {
		t.Errorf("not an ornament without styles: %s", svg)
	}
}
