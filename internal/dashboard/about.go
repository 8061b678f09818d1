package dashboard

import (
	"fmt"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

// aboutPanel defines the measure and says where its latest figure stands.
func (s *subject) aboutPanel(p *Panel) bool {
	m := s.m
	p.Title = fit("About "+benchmark.LowerFirst(m.Name), "About this measure")
	p.Subtitle = fmt.Sprintf("%s, %s", m.Name, m.Unit.Words())
	p.Sentence = m.Definition
	facts := [][2]string{
		{"Definition", m.Definition},
		{"Kind", kindWords[m.Kind]},
		{"Unit", benchmark.UpperFirst(m.Unit.Words())},
		{"Numerator", m.Numerator},
		{"Denominator", m.Denominator},
		{"Which way is good", goodWords[m.Polarity]},
		{"Source", m.Source},
	}
	if s.at >= 0 {
		o := s.current()
		for _, part := range stat.Parts {
			fig := *o.Part(part)
			if fig.Given() {
				facts = append(facts, [2]string{"Latest " + string(part), originWords(fig)})
			}
		}
	}
	if len(s.own) > 0 {
		o := s.own[len(s.own)-1]
		fig := o.Value
		if !fig.Given() || fig.Derived {
			fig = o.Count
		}
		facts = append(facts, [2]string{"Council's latest figure", originWords(fig)})
	}
	for _, c := range m.Changed {
		if from, err := stat.ParseDate(c.From); err == nil {
			facts = append(facts, [2]string{"Changed from " + from.Long(), c.What})
		}
	}
	p.About = &AboutPanel{}
	for _, f := range facts {
		if f[1] != "" {
			p.About.Facts = append(p.About.Facts, f)
		}
	}
	return true
}

var kindWords = map[stat.Kind]string{
	stat.Snapshot: "A snapshot: how many there were on a date",
	stat.Flow:     "A flow: how many there were over a period",
}

var goodWords = map[stat.Polarity]string{
	stat.HighIsGood: "Higher is better",
	stat.LowIsGood:  "Lower is better",
	stat.NoPolarity: "Neither high nor low is good by itself",
}
