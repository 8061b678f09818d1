// Package ziptest opens parts of the files that tests look into: Word and Excel
// files are zip archives. It knows nothing of what the parts say.
package ziptest

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// Part is the content of one part; the test fails where there is none.
func Part(t testing.TB, data []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
