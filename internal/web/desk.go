package web

import (
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
)

// state is how far an upload has come.
type state string

const (
	reading   state = "reading"
	checked   state = "checked"   // waits to be confirmed
	refused   state = "refused"   // the file has errors
	unchanged state = "unchanged" // the same bytes are held
	storing   state = "storing"
	stored    state = "stored"
	cancelled state = "cancelled"
	failed    state = "failed" // through no fault of the file
)

// upload is one file between being sent and being stored. Its bytes are kept
// only while something can still be made of them: its problems marked in a
// workbook, or what its columns are told. Those of a file about single
// children, or of one that is not safe to open, are gone once it is read.
// Copies of an upload share what it points to, so that is replaced, never
// changed.
type upload struct {
	ID       string
	File     string
	State    state
	Released stat.Release
	Layout   string // of the council's own, told for this file; "" recognises one
	Done     int    // rows so far
	Total    int    // 0 where that is not known
	Result   *importer.Result
	Changes  stat.Changes
	Changed  []changedFigure   // the first of them
	Head     *importer.Head    // of a file whose columns can be told
	Mapping  *importer.Mapping // as they were told
	Batch    int64             // that holds it, where it is stored or unchanged
	Kept     bool              // whether data is still here
	sent     time.Time
	data     []byte
	meta     []byte // of the .meta.csv that came with it
}

// Busy reports whether a job is at work on it.
func (u upload) Busy() bool { return u.State == reading || u.State == storing }

// end leaves the upload in its last state, with nothing of the file.
func (u *upload) end(s state) {
	u.State, u.Result, u.Changed, u.Head, u.Mapping = s, nil, nil, nil, nil
	u.drop()
}

// drop forgets the bytes.
func (u *upload) drop() { u.Kept, u.data, u.meta = false, nil, nil }

const (
	lifetime   = time.Hour // of an upload that nobody confirms
	maxPending = 5         // uploads kept at once
)

var errFull = errors.New("every place for an upload is taken by one being read or stored")

// desk holds the uploads, in memory alone: what is not confirmed is never
// written anywhere, and a restart forgets it.
type desk struct {
	now     func() time.Time
	mu      sync.Mutex
	uploads map[string]*upload
}

// add makes a place for a file. The oldest that merely waits gives way.
func (d *desk) add(in sent) (upload, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	for len(d.uploads) >= maxPending {
		var oldest *upload
		for _, u := range d.uploads {
			if !u.Busy() && (oldest == nil || u.sent.Before(oldest.sent)) {
				oldest = u
			}
		}
		if oldest == nil {
			return upload{}, errFull
		}
		delete(d.uploads, oldest.ID)
	}
	if d.uploads == nil {
		d.uploads = map[string]*upload{}
	}
	u := &upload{ID: rand.Text(), File: in.file, Released: in.released, State: reading, sent: d.now(), Kept: true, data: in.data, meta: in.meta}
	d.uploads[u.ID] = u
	time.AfterFunc(lifetime+time.Second, d.clear)
	return *u, nil
}

// find is an upload as it stands now.
func (d *desk) find(id string) (upload, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
	if u, ok := d.uploads[id]; ok {
		return *u, true
	}
	return upload{}, false
}

// change alters an upload and reports whether it was there and change agreed.
func (d *desk) change(id string, change func(*upload) bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, ok := d.uploads[id]
	return ok && change(u)
}

func (d *desk) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep()
}

// sweep forgets what has waited too long.
func (d *desk) sweep() {
	for id, u := range d.uploads {
		if !u.Busy() && d.now().Sub(u.sent) > lifetime {
			delete(d.uploads, id)
		}
	}
}
