package benchmark_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"bellwether/internal/benchmark"
	"bellwether/internal/stat"
)

func FuzzXmR(f *testing.F) {
	seed := func(values ...float64) []byte {
		var out []byte
		for _, v := range values {
			out = binary.LittleEndian.AppendUint16(out, uint16(int16(10*v)))
		}
		return out
	}
	f.Add(seed(append(level(24), 60, 61, 62, 63, 64, 65, 66)...), uint8(0), int16(500), uint8(12))
	f.Add(seed(1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1), uint8(3), int16(3), uint8(7))
	f.Add(seed(0, 0), uint8(255), int16(0), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, flags uint8, target int16, rebase uint8) {
		var values []float64
		for ; len(data) >= 2 && len(values) < 120; data = data[2:] {
			values = append(values, float64(int16(binary.LittleEndian.Uint16(data)))/10)
		}
		s := benchmark.ControlSettings{
			KeepOutliers: flags&1 != 0, BeyondCounts: flags&2 != 0, Trend: 6 + int(flags>>2&1), Shift: 6 + int(flags>>3&1),
			Polarity: []stat.Polarity{stat.NoPolarity, stat.HighIsGood, stat.LowIsGood, ""}[flags>>4&3], Target: ptr(float64(target) / 10),
		}
		if flags&64 != 0 {
			s.Baseline = 12
		}
		points := months(values...)
		if int(rebase) < len(points) {
			s.Rebase = []benchmark.Rebase{{From: points[rebase].Period.Start(), Reason: "fuzz"}}
		}
		c, err := benchmark.XmR(points, s)
		if err != nil {
			if len(values) >= 2 || !errors.Is(err, benchmark.ErrTooFew) {
				t.Fatal(err)
			}
			return
		}
		checkControl(t, points, s, c)
		checkMirrored(t, points, s, c)
	})
}

// checkControl holds a chart to what every chart must be.
func checkControl(t *testing.T, points []benchmark.Point, s benchmark.ControlSettings, c benchmark.Control) {
	t.Helper()
	if len(c.Points) != len(points) {
		t.Fatalf("%d points became %d", len(points), len(c.Points))
	}
	for _, seg := range c.Segments {
		l := seg.Limits
		if (l == nil) != (seg.N == 1) {
			t.Fatalf("%+v", seg)
		}
		if l == nil {
			continue
		}
		if !nearly(l.Upper-seg.Mean, seg.Mean-l.Lower) || !nearly(l.NearUpper-seg.Mean, seg.Mean-l.NearLower) || !nearly(2*(l.Upper-seg.Mean), 3*(l.NearUpper-seg.Mean)) || seg.MovingRange < 0 {
			t.Fatalf("not symmetrical: %+v, %+v", seg, *l)
		}
	}
	for i, p := range c.Points {
		if p.Point != points[i] {
			t.Fatalf("point %d is %+v", i, p)
		}
		if l := c.Segments[p.Segment].Limits; l != nil && p.Cause == benchmark.OutsideLimits && p.Value <= l.Upper && p.Value >= l.Lower {
			t.Fatalf("%+v is inside %+v", p, *l)
		}
		judged := p.Variation == benchmark.Improving || p.Variation == benchmark.Concerning
		if (p.Variation == benchmark.CommonCause) != (p.Cause == benchmark.NoCause) || judged && s.Polarity != stat.HighIsGood && s.Polarity != stat.LowIsGood {
			t.Fatalf("%+v under polarity %q", p, s.Polarity)
		}
	}
}

// checkMirrored turns the series upside down, with what is good, and shuffles
// it: the chart is the same, upside down.
func checkMirrored(t *testing.T, points []benchmark.Point, s benchmark.ControlSettings, c benchmark.Control) {
	t.Helper()
	turned := slices.Clone(points)
	slices.Reverse(turned)
	for i := range turned {
		turned[i].Value = -turned[i].Value
	}
	s.Target = ptr(-*s.Target)
	s.Polarity = map[stat.Polarity]stat.Polarity{stat.HighIsGood: stat.LowIsGood, stat.LowIsGood: stat.HighIsGood}[s.Polarity]
	m, err := benchmark.XmR(turned, s)
	if err != nil {
		t.Fatal(err)
	}
	other := map[benchmark.Variation]benchmark.Variation{benchmark.NeutralHigh: benchmark.NeutralLow, benchmark.NeutralLow: benchmark.NeutralHigh}
	for i, p := range c.Points {
		q := m.Points[i]
		want := p.Variation
		if v, ok := other[want]; ok {
			want = v
		}
		if q.Period != p.Period || q.Side != -p.Side || q.Near != p.Near || q.Cause != p.Cause || q.Variation != want || q.High && p.High {
			t.Fatalf("%+v turned is %+v", p, q)
		}
	}
	if m.Assurance != c.Assurance {
		t.Fatalf("%s turned is %s", c.Assurance, m.Assurance)
	}
}
