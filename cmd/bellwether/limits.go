package main

import (
	"fmt"
	"strconv"
	"strings"
)

// limits bound what a file may hold; zero is the importer's own limit.
type limits struct {
	MaxUpload size   `help:"The largest file that is read, such as 50MB; otherwise 20MB." placeholder:"SIZE" env:"BELLWETHER_MAX_UPLOAD"`
	MaxRows   uint32 `help:"The last row of a sheet that is read; otherwise 200000." placeholder:"ROWS" env:"BELLWETHER_MAX_ROWS"`
}

// most is as large as a file can be made: it is read into memory.
const most = 2 << 30

// size is a number of bytes, written with or without a unit.
type size int64

var units = []struct {
	name  string
	bytes float64
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}, {"", 1}}

// UnmarshalText reads 50MB, "1.5 GB" or a number of bytes.
func (s *size) UnmarshalText(text []byte) error {
	written := strings.ToUpper(strings.TrimSpace(string(text)))
	for _, u := range units {
		number, ok := strings.CutSuffix(written, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if bytes := n * u.bytes; err == nil && bytes >= 1 && bytes <= most {
			*s = size(bytes)
			return nil
		}
		break
	}
	return fmt.Errorf("%q is not a size such as 50MB, and no more than 2GB", text)
}
