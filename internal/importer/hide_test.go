package importer_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

// hide makes a sheet of a workbook very hidden.
func hide(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	return rezip(t, data, func(part, text string) string {
		if part != "xl/workbook.xml" {
			return text
		}
		return strings.Replace(text, `name="`+name+`"`, `name="`+name+`" state="veryHidden"`, 1)
	})
}

// rezip writes a workbook anew with its parts changed.
func rezip(t testing.TB, data []byte, change func(part, text string) string) []byte {
	return rewrite(t, data, change, nil)
}

// addParts writes a workbook anew with parts more.
func addParts(t testing.TB, data []byte, parts map[string]string) []byte {
	return rewrite(t, data, func(_, text string) string { return text }, parts)
}

func rewrite(t testing.TB, data []byte, change func(part, text string) string, more map[string]string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, change(f.Name, string(text))); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range more {
		w, err := out.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
