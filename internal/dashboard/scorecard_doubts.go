package dashboard

import (
	"bellwether/internal/benchmark"
)

// doubts are what a reader is to know of current figures, with the measures
// that each is of.
type doubts []struct {
	what string
	of   []string
}

func (d *doubts) add(what, measure string) {
	for i := range *d {
		if (*d)[i].what == what {
			(*d)[i].of = append((*d)[i].of, benchmark.LowerFirst(measure))
			return
		}
	}
	*d = append(*d, struct {
		what string
		of   []string
	}{what, []string{measure}})
}

func (d doubts) words() []string {
	var out []string
	for _, x := range d {
		out = append(out, listed(x.of)+": "+benchmark.LowerFirst(x.what))
	}
	return out
}

// doubt says where the current figure rests on an earlier population estimate,
// or council and publisher differ about it.
func (s *scoring) doubt(d *doubts) {
	now := s.current()
	if year := s.f.provisional(now); year > 0 && s.def.Show != ShowCount {
		d.add(provisionalWarning(benchmark.When(now.Period), year), s.m.Name)
	}
	published := s.observation(s.area.Code, now.Period)
	for _, o := range s.own {
		if o.Period != now.Period || now.Period.IsZero() || s.local {
			continue
		}
		if what := benchmark.Difference(s.m, o, published); what != "" {
			d.add(what, s.m.Name)
		}
	}
}
