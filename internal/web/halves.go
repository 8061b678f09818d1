package web

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/klauspost/compress/flate"
)

// nameMark stands in a page that is kept where the reader's name goes. No text
// of anybody's can be it, for markup in a text is escaped.
const nameMark = "<!--reader-->"

// halves are a page that is kept without the name of who reads it: what comes
// before the name and after it, each also deflated, so that a name is put in
// without compressing the page again.
type halves struct {
	before, after           []byte
	smallBefore, smallAfter []byte
	sum                     uint32 // CRC-32 of before
}

// cutAtName is nil for a page that names nobody.
func cutAtName(body []byte) *halves {
	before, after, found := bytes.Cut(body, []byte(nameMark))
	if !found {
		return nil
	}
	return &halves{before, after, deflated(before, false), deflated(after, true), crc32.ChecksumIEEE(before)}
}

// deflated is part in deflate: ended at a whole byte, or for good.
func deflated(part []byte, last bool) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is constant
	}
	w.Write(part) // a Buffer does not fail
	if last {
		w.Close()
	} else {
		w.Flush()
	}
	return b.Bytes()
}

// body is the page with a name in it.
func (n *halves) body(name string) []byte { return slices.Concat(n.before, []byte(name), n.after) }

// mostStored is how many bytes a block of deflate holds as they are.
const mostStored = 1<<16 - 1

// gzipHead says deflate, no name, no time, no system.
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// small is body in gzip (RFC 1952), the name being a block that is stored as it
// is (RFC 1951, 3.2.4).
func (n *halves) small(name string) []byte {
	name = name[:min(len(name), mostStored)]
	out := slices.Concat(gzipHead, n.smallBefore)
	out = append(out, 0) // not the last block; stored
	out = binary.LittleEndian.AppendUint16(out, uint16(len(name)))
	out = binary.LittleEndian.AppendUint16(out, ^uint16(len(name)))
	out = append(append(out, name...), n.smallAfter...)
	sum := crc32.Update(crc32.Update(n.sum, crc32.IEEETable, []byte(name)), crc32.IEEETable, n.after)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, uint32(len(n.before)+len(name)+len(n.after)))
}
