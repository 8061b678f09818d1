package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bellwether/internal/chart"
	"bellwether/internal/dashboard"
	"bellwether/internal/report"
	"bellwether/internal/web/assets"
	"bellwether/internal/workbook"
)

// letterhead is the council's own Word template.
type letterhead struct {
	Template string `help:"A Word document whose styles, header, footer and margins the reports take." placeholder:"DOCX" env:"BELLWETHER_TEMPLATE"`
}

// read is the template's bytes, nil where none is given; one that cannot serve
// is refused before anything else is done.
func (h letterhead) read() ([]byte, error) {
	if h.Template == "" {
		return nil, nil
	}
	data, err := readCapped(h.Template, workbook.Limits{})
	if err == nil {
		_, err = report.ReadTemplate(data)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("--template %s: %w", h.Template, err)}
	}
	return data, nil
}

// paper is what reports are put on, and what lets go of it. Charts are drawn
// only where a page is among the endings.
func paper(ctx context.Context, template []byte, endings []string) (report.Paper, func(), error) {
	p := report.Paper{Template: template}
	if !slices.Contains(endings, "html") {
		return p, func() {}, nil
	}
	front, err := assets.Embedded()
	if err != nil {
		return p, nil, err
	}
	renderer, err := chart.NewRenderer(front.Server, 1)
	if err != nil {
		return p, nil, fmt.Errorf("starting the chart renderer: %w", err)
	}
	p.Charts = func(panel dashboard.Panel) ([]byte, error) {
		if !chart.Drawn(panel) {
			return nil, nil
		}
		svg, err := renderer.SVG(ctx, panel, pageChart, chart.Height(panel, pageChart))
		if errors.Is(err, chart.ErrNoFigures) {
			return nil, nil
		}
		return svg, err
	}
	return p, renderer.Close, nil
}

// pageChart is how wide a chart on a page is, in pixels.
const pageChart = 960

// ending is that of a file's name, where it is one of those given.
func ending(flag, file string, known []string) (string, error) {
	is := endingOf(file)
	if !slices.Contains(known, is) {
		return "", usageError{fmt.Errorf("%s %s: its ending says what to write: .%s", flag, file, strings.Join(known, ", ."))}
	}
	return is, nil
}

func endingOf(file string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
}

// writable finds out early that a file cannot be written where it is to go.
func writable(flag, file string) error {
	if st, err := os.Stat(filepath.Dir(file)); err != nil || !st.IsDir() {
		return usageError{fmt.Errorf("%s %s: there is no folder %s", flag, file, filepath.Dir(file))}
	}
	return nil
}
