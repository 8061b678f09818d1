package workbook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bellwether/internal/longtest"
	"bellwether/internal/workbook"
)

const (
	longestAnswer = 2 * time.Second
	mostMemory    = 64 << 10 // kB above what an empty file takes
)

// corpusFile names the file that a child of this test is to read.
const corpusFile = "WORKBOOK_CORPUS_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(corpusFile); path != "" {
		answerFor(path)
		return
	}
	os.Exit(m.Run())
}

// answer is what a child says of a file.
type answer struct {
	Code, Message string
	Cells         int
	CPU           time.Duration // of the whole process, from the file's opening
	Peak          int           // kB, the most ever resident
}

// answerFor reads a file to its end, and says how that went.
func answerFor(path string) {
	var a answer
	data, err := os.ReadFile(path)
	begun := processTime()
	if err == nil {
		a.Cells, err = countCells(filepath.Base(path), data)
	}
	a.CPU = processTime() - begun
	var f *workbook.Fault
	if errors.As(err, &f) {
		a.Code, a.Message = f.Code, f.Error()
	} else if err != nil {
		a.Code, a.Message = "no fault", err.Error()
	}
	a.Peak = peak()
	json.NewEncoder(os.Stdout).Encode(a)
}

func countCells(name string, data []byte) (n int, err error) {
	book, err := workbook.Open(name, data, workbook.DefaultLimits)
	if err != nil {
		return 0, err
	}
	defer book.Close()
	for i := range book.Sheets {
		for row, err := range book.Rows(i) {
			if err != nil {
				return n, err
			}
			for _, c := range row.Cells {
				if c.Kind != workbook.Empty {
					n++
				}
			}
		}
	}
	return n, nil
}

// peak is the most memory the process ever had in use, in kB; 0 where the
// system does not say.
func peak() int {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kB, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.Atoi(kB)
	return n
}

// processTime is the time that processors have spent on the process; waiting
// for other processes is no time of its own.
func processTime() time.Duration {
	stat, _ := os.ReadFile("/proc/self/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return time.Duration(time.Now().UnixNano())
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on every Linux
}

// ask has a child read a file.
func ask(t *testing.T, path string) answer {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), corpusFile+"="+path)
	var a answer
	out, err := child.CombinedOutput()
	if err == nil {
		err = json.Unmarshal(out, &a)
	}
	if err != nil {
		t.Fatalf("the child ended with %v: %.2000s", err, out)
	}
	return a
}

// TestCorpus holds hostile files to their expected answer, in time and memory.
func TestCorpus(t *testing.T) {
	if longtest.Apart(t) {
		return
	}
	dir := t.TempDir()
	empty := sync.OnceValue(func() int {
		path := filepath.Join(dir, "empty.xlsx")
		if err := os.WriteFile(path, pack(t, plain(rows(`<row r="1"><c r="A1"><v>1</v></c></row>`))...), 0o600); err != nil {
			t.Fatal(err)
		}
		return ask(t, path).Peak
	})
	var slow slowFiles
	t.Run("together", func(t *testing.T) {
		for i, h := range corpus() {
			t.Run(h.what, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(dir, fmt.Sprint(i)+h.name)
				if err := os.WriteFile(path, h.data(), 0o600); err != nil {
					t.Fatal(err)
				}
				a := ask(t, path)
				if a.Code != h.code || a.Cells != h.cells {
					t.Errorf("answered %q with %d cells, want %q with %d: %s", a.Code, a.Cells, h.code, h.cells, a.Message)
				}
				more := a.Peak - empty()
				t.Logf("%v of processor time, %d MiB more than an empty file: %s %s", a.CPU, more>>10, a.Code, a.Message)
				if a.CPU > longestAnswer {
					slow.add(h.what, path)
				}
				if more > mostMemory {
					t.Errorf("it took %d MiB more than an empty file", more>>10)
				}
			})
		}
	})
	slow.again(t)
}

// slowFiles took too long beside others: on a busy machine the same work takes
// more of a processor's time.
type slowFiles struct {
	mu    sync.Mutex
	paths map[string]string
}

func (s *slowFiles) add(what, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paths == nil {
		s.paths = map[string]string{}
	}
	s.paths[what] = path
}

// again reads each alone. Of a few times the shortest counts.
func (s *slowFiles) again(t *testing.T) {
	for what, path := range s.paths {
		best := ask(t, path).CPU
		for range 9 {
			if best > longestAnswer {
				time.Sleep(time.Second)
				best = min(best, ask(t, path).CPU)
			}
		}
		if t.Logf("%s: %v alone", what, best); best > longestAnswer {
			t.Errorf("%s: it took %v", what, best)
		}
	}
}

// Every cut of a larger workbook is refused.
func TestCutAnywhere(t *testing.T) {
	data := pack(t, plain(rows(repeatRows(2000, `<c t="s"><v>3</v></c><c><v>%d</v></c>`)))...)
	for n := 0; n < len(data); n += 1 + len(data)/150 {
		if _, _, err := read("a.xlsx", data[:n], workbook.DefaultLimits); err == nil {
			t.Errorf("%d of %d bytes were read as a workbook", n, len(data))
		}
	}
}

// repeatRows is n rows of the same cells, in which %d is the row's number.
func repeatRows(n int, cells string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(`<row r="` + strconv.Itoa(i) + `">` + strings.ReplaceAll(cells, "%d", strconv.Itoa(i)) + `</row>`)
	}
	return b.String()
}
