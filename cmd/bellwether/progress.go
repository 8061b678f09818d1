package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress says how far a long import is: on a terminal in place, elsewhere a
// line now and then, and nothing at all for the first second.
type progress struct {
	w       io.Writer
	name    string
	every   time.Duration
	started time.Time
	last    time.Time
	inPlace bool
	shown   bool
}

func newProgress(w io.Writer, name string) *progress {
	p := &progress{w: w, name: name, every: 5 * time.Second, started: time.Now()}
	if f, ok := w.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			p.inPlace, p.every = true, 200*time.Millisecond
		}
	}
	return p
}

func (p *progress) show(format string, args ...any) {
	now := time.Now()
	if now.Sub(p.started) < time.Second || now.Sub(p.last) < p.every {
		return
	}
	p.last, p.shown = now, true
	if p.inPlace {
		fmt.Fprintf(p.w, "\r\x1b[K%s: %s", p.name, fmt.Sprintf(format, args...))
		return
	}
	fmt.Fprintf(p.w, "%s: %s\n", p.name, fmt.Sprintf(format, args...))
}

// end clears the line.
func (p *progress) end() {
	if p.inPlace && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
