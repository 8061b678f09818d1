// Package assets holds the styles and scripts as npm builds them. It knows
// their names and their compressed copies; it refuses to know which page wants
// which, and how they are sent.
package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// Dist is the built front end. It is empty but for .gitkeep until npm has run,
// so that the Go code builds from a bare checkout.
//
//go:embed all:dist
var Dist embed.FS

// Prefix is the path below which every File is served.
const Prefix = "/assets/"

// ErrNotBuilt says that npm has not run.
var ErrNotBuilt = errors.New("the front end is not built: run make, or npm ci in internal/web/assets")

// File is one served file. A hashed name never changes its content.
type File struct {
	Name, Type          string // "app-1A2B3C4D.css", "text/css; charset=utf-8"
	Hashed              bool
	Plain, Gzip, Brotli []byte
}

// Set is everything that is built.
type Set struct {
	Server []byte // the script that draws charts on the server; not served
	names  map[string]string
	files  map[string]File
}

// Embedded reads the set in the binary; the error is ErrNotBuilt before npm
// has run.
func Embedded() (*Set, error) {
	dist, err := fs.Sub(Dist, "dist")
	if err != nil {
		return nil, err
	}
	return Load(dist)
}

// Load reads a set from its folder: manifest.json, which maps a logical name
// to a file, the files with their .gz and .br beside them, and ssr.js.
func Load(dist fs.FS) (*Set, error) {
	manifest, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	} else if err != nil {
		return nil, fmt.Errorf("reading the front end: %w", err)
	}
	s := &Set{files: map[string]File{}}
	if err := json.Unmarshal(manifest, &s.names); err != nil {
		return nil, fmt.Errorf("reading the front end's manifest.json: %w", err)
	}
	if s.Server, err = fs.ReadFile(dist, "ssr.js"); err != nil {
		return nil, fmt.Errorf("reading the front end: %w", err)
	}
	for logical, name := range s.names {
		f, err := read(dist, name)
		if err != nil {
			return nil, fmt.Errorf("reading the front end's %s: %w", logical, err)
		}
		f.Hashed = name != logical
		s.files[name] = f
	}
	return s, nil
}

func read(dist fs.FS, name string) (f File, err error) {
	f = File{Name: name, Type: types[path.Ext(name)]}
	if f.Plain, err = fs.ReadFile(dist, name); err != nil {
		return f, err
	}
	if f.Gzip, err = fs.ReadFile(dist, name+".gz"); err != nil {
		return f, err
	}
	f.Brotli, err = fs.ReadFile(dist, name+".br")
	return f, err
}

var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// URL is where a logical name ("app.css", "app.js", "chart.js", "icon.svg",
// "LICENCES.txt") is served, "" for an unknown one.
func (s *Set) URL(logical string) string {
	if name, ok := s.names[logical]; ok {
		return Prefix + name
	}
	return ""
}

// File finds what is served under a name below Prefix.
func (s *Set) File(name string) (File, bool) {
	f, ok := s.files[name]
	return f, ok
}
