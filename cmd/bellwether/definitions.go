package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"bellwether/dashboards"
)

// definitions are the dashboards and, in a folder reports, the reports: those
// of the program and, where a folder is given, the council's own, which join
// them or by their names replace them.
func (c *cli) definitions() (fs.FS, error) {
	if c.Dashboards == "" {
		return dashboards.FS, nil
	}
	if info, err := os.Stat(c.Dashboards); err != nil || !info.IsDir() {
		return nil, usageError{fmt.Errorf("--dashboards: %s is not a folder that can be read", c.Dashboards)}
	}
	return overlay{over: os.DirFS(c.Dashboards), base: dashboards.FS}, nil
}

// beside names the council's own folder, for a fault that may be in it.
func (c *cli) beside() string {
	if c.Dashboards == "" {
		return ""
	}
	return fmt.Sprintf(" (the built-in ones and those in %s)", c.Dashboards)
}

// overlay is two folders as one: a file of over hides that of the same name in
// base.
type overlay struct{ over, base fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	if f, err := o.over.Open(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	return o.base.Open(name)
}

// ReadDir lists the files of both by name; a folder may be in one alone.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	own, err := fs.ReadDir(o.over, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ReadDir(o.base, name)
	}
	if err != nil {
		return nil, err
	}
	given, err := fs.ReadDir(o.base, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range given {
		if !slices.ContainsFunc(own, func(f fs.DirEntry) bool { return f.Name() == e.Name() }) {
			own = append(own, e)
		}
	}
	slices.SortFunc(own, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return own, nil
}
