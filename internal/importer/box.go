package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"bellwether/internal/stat"
)

// The box is the published figures that come with the project: one compact
// CSV for each published file and release, and an index that says whose they
// are. boxfile.go has the layout of the CSVs.
const (
	boxFolder = "reference/figures"
	boxIndex  = "index.toml"
	licence   = "Open Government Licence v3.0"
)

// boxEntry is what the index says of one file of the box.
type boxEntry struct {
	Name      string       `toml:"name,omitempty"` // of the box's file
	Model     string       `toml:"model,omitempty"`
	File      string       `toml:"file"` // as published
	Publisher string       `toml:"publisher"`
	Released  stat.Release `toml:"released"`
	Layout    string       `toml:"layout"`
	Title     string       `toml:"title"`
	Address   string       `toml:"address"` // where the publisher keeps it, in general
	Licence   string       `toml:"licence"`
	SHA256    string       `toml:"sha256,omitempty"` // of the published file
}

// boxContents is the index: files of figures in the order they are to be
// stored, so that of two that say the same the later is the origin; and the
// neighbour models.
type boxContents struct {
	Figures    []boxEntry `toml:"figures"`
	Neighbours []boxEntry `toml:"neighbours"`
}

func readIndex(fsys fs.FS, name string) (boxContents, error) {
	var c boxContents
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return c, fmt.Errorf("reading the index of published figures: %w", err)
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&c); err != nil {
		return c, tomlError(name, err)
	}
	return c, nil
}

// ReadBox reads the published figures of fsys, which is rooted at imports/:
// one submission for each published file and release, then one for each
// neighbour model. The SHA-256 is that of the box's own file, so that the
// published file is not taken for one that was imported already. Errors name
// file and line, and end the sequence.
func ReadBox(fsys fs.FS, cat *stat.Catalogue) iter.Seq2[stat.Submission, error] {
	return func(yield func(stat.Submission, error) bool) {
		index, err := readIndex(fsys, path.Join(boxFolder, boxIndex))
		if err != nil {
			yield(stat.Submission{}, err)
			return
		}
		for _, e := range index.Figures {
			s, err := readBoxFile(fsys, cat, e)
			if !yield(s, err) || err != nil {
				return
			}
		}
		for _, e := range index.Neighbours {
			s, err := boxNeighbours(fsys, cat, e)
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func (e boxEntry) batch(rows int, sha string) stat.Batch {
	return stat.Batch{File: e.File, SHA256: sha, Layout: e.Layout, Publisher: e.Publisher, Released: e.Released, Rows: rows}
}

// boxNeighbours is the model's part of reference/neighbours.csv.
func boxNeighbours(fsys fs.FS, cat *stat.Catalogue, e boxEntry) (stat.Submission, error) {
	all, err := ReadNeighbours(fsys, cat)
	if err != nil {
		return stat.Submission{}, err
	}
	var s stat.Submission
	areas := map[string]bool{}
	var content strings.Builder
	for _, l := range all {
		if l.Model == e.Model {
			s.Links = append(s.Links, l)
			areas[l.Area] = true
			fmt.Fprintln(&content, l)
		}
	}
	if len(s.Links) == 0 {
		return s, fmt.Errorf("%s: there are no neighbours of the model %q", path.Join(boxFolder, boxIndex), e.Model)
	}
	s.Batch = e.batch(len(areas), sum([]byte(content.String())))
	return s, nil
}

const indexHead = `# The published figures in this folder, in the order they are stored, and the
# neighbour models of ../neighbours.csv. Written by the importer's tests
# (go test ./internal/importer -run Box -update); title and address are kept.
# sha256 is that of the file as published.

`

// WriteBox writes the figures of subs into dir as ReadBox reads them, one file
// for each published file and release, in their order, and the index: it is how
// the box is made from the files as published, by a test's -update. What the
// index in dir says already of title, address and neighbours is kept.
func WriteBox(dir string, subs []stat.Submission) error {
	old, err := readIndex(os.DirFS(dir), boxIndex)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	next := boxContents{Neighbours: old.Neighbours}
	for _, s := range subs {
		for _, f := range boxFiles(s) {
			if err := f.write(dir); err != nil {
				return err
			}
			next.Figures = append(next.Figures, f.entry.after(old.Figures))
		}
	}
	data, err := toml.Marshal(next)
	if err != nil {
		return fmt.Errorf("writing the index of published figures: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, boxIndex), append([]byte(indexHead), data...), 0o644)
}

// after takes title and address from the index as it was.
func (e boxEntry) after(old []boxEntry) boxEntry {
	for _, o := range old {
		if o.Name == e.Name {
			e.Title, e.Address = o.Title, o.Address
		}
	}
	return e
}
