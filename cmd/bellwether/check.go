package main

import (
	"context"
	"fmt"

	"bellwether/imports"
	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

type checkCmd struct{}

// checked is what was found sound.
type checked struct {
	Measures   int `json:"measures"`
	Areas      int `json:"areas"`
	Dashboards int `json:"dashboards"`
	Reports    int `json:"reports"`
	Layouts    int `json:"layouts"`
	Files      int `json:"files"` // of published figures
	Figures    int `json:"figures"`
	Neighbours int `json:"neighbours"`
}

func (checkCmd) Run(_ context.Context, s streams, c *cli) error {
	p, err := c.define()
	if err != nil {
		return err
	}
	a := checked{Measures: len(p.catalogue.Measures()), Areas: len(p.catalogue.Areas()),
		Dashboards: len(p.boards.Names()), Reports: len(p.boards.Reports()), Layouts: len(p.importer.Layouts())}
	for sub, err := range importer.ReadBox(imports.FS, p.catalogue) {
		if err != nil {
			return fmt.Errorf("reading the published figures: %w", err)
		}
		a.Files++
		a.Figures += figures(sub)
		a.Neighbours += len(sub.Links)
	}
	return said(s, c, a, "all sound: %d measures, %d areas, %d dashboards, %d reports, %d layouts, %d figures and %d neighbour links in %d files",
		a.Measures, a.Areas, a.Dashboards, a.Reports, a.Layouts, a.Figures, a.Neighbours, a.Files)
}

func figures(sub stat.Submission) int {
	n := 0
	for i := range sub.Observations {
		for _, part := range stat.Parts {
			if sub.Observations[i].Part(part).Given() {
				n++
			}
		}
	}
	return n
}
