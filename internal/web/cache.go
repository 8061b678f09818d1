package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// document is an answer made once and sent many times.
type document struct {
	contentType string
	filename    string  // of a download, "" for a page
	body, small []byte  // small is gzipped; nil where that saves nothing
	halves      *halves // of a page that says who reads it, which body and small do not
	etag        string  // of the body, without quotes
	status      int     // 0 for OK; another is not kept
}

func newDocument(contentType, filename string, body []byte) *document {
	sum := sha256.Sum256(body)
	d := &document{contentType: contentType, filename: filename, body: body, etag: hex.EncodeToString(sum[:12])}
	if d.halves = cutAtName(body); d.halves == nil {
		d.small = compressed(body)
	}
	return d
}

// tag is the document's for a reader, whatever the encoding.
func (d *document) tag(r reader) string {
	if d.halves == nil {
		return d.etag
	}
	sum := sha256.Sum256([]byte(r.name))
	return d.etag + "-" + hex.EncodeToString(sum[:4])
}

// shrinks reports whether it can be had in gzip.
func (d *document) shrinks() bool { return d.small != nil || d.halves != nil }

// bytes are what a reader gets.
func (d *document) bytes(r reader, gzipped bool) []byte {
	switch {
	case d.halves != nil && gzipped:
		return d.halves.small(string(r.name))
	case d.halves != nil:
		return d.halves.body(string(r.name))
	case gzipped:
		return d.small
	}
	return d.body
}

// compressed is body in gzip, or nil where it comes out no shorter.
func compressed(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(body) // a Buffer does not fail
	w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// send writes the document, in the encoding the client takes, or 304 where it
// has it already. A page is asked about again each time: the data may change.
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h, asks := w.Header(), readerOf(r.Context())
	etag, gzipped := d.tag(asks), d.shrinks() && accepts(r, "gzip")
	h.Set("ETag", `"`+etag+`"`)
	if gzipped {
		h.Set("ETag", `"`+etag+`-gz"`)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Cache-Control", "no-cache")
	if asks.SignedIn() {
		h.Set("Cache-Control", "private, no-cache") // a shared cache must not keep it
	}
	if d.status == 0 && held(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := d.bytes(asks, gzipped)
	h.Set("Content-Type", d.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if d.filename != "" {
		h.Set("Content-Disposition", `attachment; filename="`+d.filename+`"`)
	}
	w.WriteHeader(cmp.Or(d.status, http.StatusOK))
	w.Write(body) // a client that has gone is no fault of ours
}

// held reports whether one of the entity tags is of etag, in any encoding.
func held(ifNoneMatch, etag string) bool {
	for tag := range strings.SplitSeq(ifNoneMatch, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		if tag == "*" || strings.TrimSuffix(tag, "-gz") == etag {
			return true
		}
	}
	return false
}

// cacheLimit bounds the bytes of all documents held.
const cacheLimit = 64 << 20

// cache holds documents of one version of the data, by path and query. A newer
// version empties it; when it is full, any of them makes room.
type cache struct {
	mu      sync.Mutex
	version int64 // of what is held
	held    map[string]*document
	size    int
	latest  int64     // version, as last asked for
	asked   time.Time // when the version was last asked for; zero once it has changed here
	changes int       // by this program

	making map[string]chan struct{} // documents under way, by version and key; closed when one has ended
}

// versionLag is how long another program's import may go unnoticed; asking
// the database each time would cost a third of a cached page.
const versionLag = 100 * time.Millisecond

// recent is the version of the data, where that was asked for just now.
// Otherwise noted wants the number of changes back.
func (c *cache) recent() (version int64, changes int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.latest, c.changes, time.Since(c.asked) < versionLag
}

// noted writes down a version, unless the data has changed since changes.
func (c *cache) noted(version int64, changes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == changes {
		c.latest, c.asked = version, time.Now()
	}
}

// changed says that this program has stored something.
func (c *cache) changed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.asked = time.Time{}
}

// once is what is held under key for a version of the data. Where nothing is,
// it is made, and by one of those who ask for it at the same time: after an
// import they all want the same pages anew.
func (c *cache) once(ctx context.Context, version int64, key string, make func(context.Context) (*document, error)) (*document, error) {
	for {
		if d := c.get(version, key); d != nil {
			return d, nil
		}
		end, other := c.begin(strconv.FormatInt(version, 10) + "\n" + key)
		if end != nil {
			defer end()
			d, err := make(ctx)
			if err == nil && d.status == 0 {
				c.put(version, key, d)
			}
			return d, err
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// begin makes the caller the one who makes a document, until it calls end.
// Where somebody else makes it end is nil, and other is closed when they have
// ended.
func (c *cache) begin(key string) (end func(), other <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if other, ok := c.making[key]; ok {
		return nil, other
	}
	if c.making == nil {
		c.making = map[string]chan struct{}{}
	}
	mine := make(chan struct{})
	c.making[key] = mine
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.making, key)
		close(mine)
	}, nil
}

func (c *cache) get(version int64, key string) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return nil
	}
	return c.held[key]
}

func (c *cache) put(version int64, key string, d *document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil || c.version != version {
		c.version, c.held, c.size = version, map[string]*document{}, 0
	}
	c.drop(key)
	for k := range c.held {
		if c.size+d.size() <= cacheLimit {
			break
		}
		c.drop(k)
	}
	if c.size+d.size() <= cacheLimit {
		c.held[key] = d
		c.size += d.size()
	}
}

func (c *cache) drop(key string) {
	if d, ok := c.held[key]; ok {
		delete(c.held, key)
		c.size -= d.size()
	}
}

// size is roughly the memory a document takes.
func (d *document) size() int {
	n := len(d.body) + len(d.small) + 512
	if d.halves != nil {
		n += len(d.halves.smallBefore) + len(d.halves.smallAfter)
	}
	return n
}
