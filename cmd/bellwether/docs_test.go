package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// running are the files by which Bellwether is run; each is held against the
// program.
var running = []string{"docs/operations.md", "docs/security.md", "deploy/bellwether.service", "deploy/bellwether.env", "Dockerfile"}

// What they name is there: each command line can be read by the program, each
// flag, variable, file, test, address, metric and target of make exists.
func TestRunningNamed(t *testing.T) {
	there := whatIsThere(t)
	for _, file := range running {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range there.faults(string(text)) {
			t.Errorf("%s: %s", file, fault)
		}
	}
}

// Every requirement in the table of docs/security.md says where it is met, and
// which test holds it, or that none does.
func TestSecurityTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	faults, rows := unmet(string(text))
	for _, fault := range faults {
		t.Error(fault)
	}
	if rows < 40 {
		t.Errorf("the table has %d requirements", rows)
	}
}

// What docs/operations.md quotes is what the program says.
func TestOperationsQuoted(t *testing.T) {
	var said strings.Builder
	for _, file := range sources(t, "../../cmd/bellwether", "../../internal") {
		if !strings.HasSuffix(file, "_test.go") {
			said.WriteString(read(t, file))
		}
	}
	_, table, _ := strings.Cut(read(t, "../../docs/operations.md"), "\n| it says | do |\n")
	quoted := regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(table, -1)
	if len(quoted) < 10 {
		t.Errorf("the table quotes %d messages", len(quoted))
	}
	for _, m := range quoted {
		if !strings.Contains(said.String(), m[1]) {
			t.Errorf("nothing says %q", m[1])
		}
	}
}

// The above must be able to fail.
func TestRunningNamedFails(t *testing.T) {
	there := whatIsThere(t)
	for text, want := range map[string]string{
		"    bellwether serve --adress=:80":              "unknown flag --adress",
		"    sudo -u bellwether bellwether backup":       `expected "<file>"`,
		"    bellwether import --publish=perhaps a.xlsx": "perhaps",
		"run `bellwether banish 12` now":                 "there is no command bellwether banish",
		"run `bellwether group forget NAME` now":         "there is no command bellwether group forget",
		"ExecStart=/usr/local/bin/bellwether serve -q":   "unknown flag -q",
		`CMD ["serve", "--addr=0.0.0.0:1", "--quick"]`:   "unknown flag --quick",
		"where `--sessionz` stands":                      "there is no flag --sessionz",
		"Environment=BELLWETHER_DATABASE=x":              "there is no variable BELLWETHER_DATABASE",
		"met in `web/no-such-file.go`":                   "there is no file web/no-such-file.go",
		"see [that](no-such-page.md)":                    "there is no file docs/no-such-page.md",
		"held by `web.TestNoSuchThing`":                  "there is no test web.TestNoSuchThing",
		"held by `importer.TestHouse`":                   "there is no test importer.TestHouse",
		"held by TestHouse":                              "TestHouse: say of which package, as in `cmd.TestHouse`",
		"look at `/no-such-page`":                        "there is no address /no-such-page",
		"the metric `bellwether_no_such_total`":          "there is no metric bellwether_no_such_total",
		"run `make tea`":                                 "there is no target tea",
	} {
		faults := there.faults(text)
		if len(faults) != 1 || !strings.Contains(faults[0], want) {
			t.Errorf("%q: found %q, want one that says %q", text, faults, want)
		}
	}
	good := "    bellwether backup FILE   # and more\nrun `bellwether publish 12`, `bellwether group`, `--db`, `BELLWETHER_DB`, `cmd.TestHouse`, `store/backup.go`, `/healthz`, `/etc/passwd`, `make soak`, [this](settings.md)"
	if faults := there.faults(good); len(faults) > 0 {
		t.Errorf("what is there is said not to be: %q", faults)
	}
	table := "|---|---|---|---|\n| 1.2.3 | is asked | `web/web.go` | `web.TestX` |\n| 1.2.4 | is asked |  | `web.TestX` |\n| 1.2.5 | is asked | `web/web.go` | it is fine |\n"
	if faults, rows := unmet(table); len(faults) != 2 || rows != 3 {
		t.Errorf("of three rows, of which two lack something, %d are faulted: %q", len(faults), faults)
	}
}

// things are what a document may name.
type things struct {
	commands                           *kong.Node
	flags, variables, tests, addresses map[string]bool
	makefile, metrics                  string
}

func whatIsThere(t *testing.T) things {
	t.Helper()
	app := model(t)
	out := things{commands: app.Node, flags: map[string]bool{"--help": true}, variables: map[string]bool{}, tests: map[string]bool{}, addresses: map[string]bool{}}
	for _, n := range append(app.Leaves(true), app.Node) {
		for _, f := range n.Flags {
			out.flags["--"+f.Name] = true
			for _, env := range f.Envs {
				out.variables[env] = true
			}
		}
	}
	for _, file := range sources(t, "../../cmd/bellwether", "../../internal") {
		if strings.HasSuffix(file, "_test.go") {
			for _, name := range functions(t, file) {
				out.tests[strings.Replace(filepath.Base(filepath.Dir(file)), "bellwether", "cmd", 1)+"."+name] = true
			}
		}
	}
	for line := range strings.Lines(read(t, "../../internal/web/testdata/access.golden")) {
		if words := strings.Fields(line); len(words) > 1 {
			out.addresses[words[1]] = true // "GET /measures/:name ..."
		}
	}
	out.metrics = read(t, "../../internal/web/metrics.go")
	out.makefile = read(t, "../../Makefile")
	return out
}

func sources(t *testing.T, dirs ...string) (out []string) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if strings.HasSuffix(path, ".go") {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func functions(t *testing.T, file string) (out []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
			out = append(out, f.Name.Name)
		}
	}
	return out
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Where a document names something: lines of code, and spans of it.
var (
	codeLine   = regexp.MustCompile(`(?m)^(?:ExecStart=\S*/| {4,}(?:sudo -u \S+ |docker exec \S+ )?)(bellwether (?:[a-z]|-).*)$`)
	imageLine  = regexp.MustCompile(`(?m)^CMD \[(.*)\]$`)
	otherLine  = regexp.MustCompile(`(?m)^(?:RUN|COPY) .*$`)
	codeSpan   = regexp.MustCompile("`([^`\n]+)`")
	link       = regexp.MustCompile(`\]\(([^):#]+)[^):]*\)`)
	flagName   = regexp.MustCompile("(?:^|[\\s`(\"])(--[a-z][a-z-]*)")
	variable   = regexp.MustCompile(`BELLWETHER_[A-Z_]+`)
	testName   = regexp.MustCompile(`([a-z]+\.)?\b((?:Test|Fuzz|Benchmark)[A-Z]\w*)`)
	filePath   = regexp.MustCompile(`^[\w.-]+(?:/[\w.-]+)+$|^(?:Makefile|Dockerfile)$`)
	metricName = regexp.MustCompile(`^bellwether_[a-z_]+$`)
	elsewhere  = regexp.MustCompile(`^/(?:etc|var|usr|data|tmp|run|srv)(?:/|$)`) // on the reader's own computer
)

// faults are what a document names that is not there.
func (w things) faults(text string) (out []string) {
	fault := func(there bool, format string, args ...any) {
		if says := fmt.Sprintf(format, args...); !there && !slices.Contains(out, says) {
			out = append(out, says)
		}
	}
	for _, line := range commandLines(text) {
		err := w.parse(line)
		fault(err == nil, "%s: %v", line, err)
	}
	for _, done := range []*regexp.Regexp{codeLine, imageLine, otherLine} { // whose flags are said, or other programs'
		text = done.ReplaceAllString(text, "")
	}
	for _, m := range flagName.FindAllStringSubmatch(text, -1) {
		fault(w.flags[m[1]], "there is no flag %s", m[1])
	}
	for _, name := range variable.FindAllString(text, -1) {
		fault(w.variables[name], "there is no variable %s", name)
	}
	for _, m := range testName.FindAllStringSubmatch(text, -1) {
		fault(m[1] != "", "%s: say of which package, as in `cmd.TestHouse`", m[2])
		fault(m[1] == "" || w.tests[m[0]], "there is no test %s", m[0])
	}
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		fault(exists("docs/"+m[1]), "there is no file docs/%s", m[1])
	}
	for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
		w.span(m[1], fault)
	}
	return out
}

// commandLines are those of blocks of code, of the unit and of the image,
// without what a shell makes of them.
func commandLines(text string) (out []string) {
	for _, m := range codeLine.FindAllStringSubmatch(text, -1) {
		line, _, _ := strings.Cut(m[1], "  #")
		line, _, _ = strings.Cut(line, " | ")
		out = append(out, strings.TrimSpace(line))
	}
	for _, m := range imageLine.FindAllStringSubmatch(text, -1) {
		out = append(out, "bellwether "+strings.NewReplacer(`"`, "", ",", "").Replace(m[1]))
	}
	return out
}

var word = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

// parse reads a command line as the program would, and does nothing.
func (w things) parse(line string) error {
	var args []string
	for _, arg := range word.FindAllString(line, -1)[1:] {
		args = append(args, strings.Trim(arg, `'"`))
	}
	var b bytes.Buffer
	k, err := kong.New(&cli{}, kong.Name("bellwether"), kong.Writers(&b, &b), kong.Exit(func(int) {}))
	if err != nil {
		return err
	}
	_, err = k.Parse(args)
	return err
}

// span looks at one span of code.
func (w things) span(code string, fault func(there bool, format string, args ...any)) {
	program, rest, _ := strings.Cut(code, " ")
	switch {
	case program == "bellwether" && rest != "":
		name, ok := w.command(strings.Fields(rest))
		fault(ok, "there is no command bellwether %s", name)
	case program == "make" && rest != "":
		fault(strings.Contains(w.makefile, "\n"+rest+":"), "there is no target %s", rest)
	case metricName.MatchString(code):
		named := strings.Contains(w.metrics, `"`+code+`"`) || strings.Contains(w.metrics, `"`+strings.TrimPrefix(code, "bellwether_")+`"`)
		fault(named, "there is no metric %s", code)
	case strings.HasPrefix(code, "/") && !elsewhere.MatchString(code):
		path, _, _ := strings.Cut(code, " ")
		fault(w.addresses[strings.TrimRight(path, "…")], "there is no address %s", path)
	case filePath.MatchString(code):
		fault(strings.Contains(w.makefile, "\n"+code+":") || exists(code) || exists("internal/"+code) || exists("cmd/"+strings.Replace(code, "cmd/", "bellwether/", 1)), "there is no file %s", code)
	}
}

// command follows words down the commands, as far as there are commands below.
func (w things) command(words []string) (name string, ok bool) {
	at := w.commands
	for i, word := range words {
		if len(at.Children) == 0 || strings.HasPrefix(word, "-") {
			break
		}
		next := slices.IndexFunc(at.Children, func(n *kong.Node) bool { return n.Name == word })
		if next < 0 {
			return strings.Join(words[:i+1], " "), false
		}
		at = at.Children[next]
	}
	return "", true
}

func exists(path string) bool {
	_, err := os.Stat("../../" + path)
	return err == nil
}

// unmet are the rows of the tables that lack something, and how many rows there
// are: "| number | what is asked | where | held by |".
func unmet(text string) (faults []string, rows int) {
	table := false
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			table = false
			continue
		}
		if strings.HasPrefix(line, "|---|---|---|---|") {
			table = true
			continue
		}
		if !table {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		switch {
		case len(cells) != 4:
			faults = append(faults, fmt.Sprintf("%q has %d cells", line, len(cells)))
		case !strings.Contains(cells[2], "`"):
			faults = append(faults, fmt.Sprintf("%q names nothing where it is met", line))
		case !testName.MatchString(cells[3]) && !strings.Contains(cells[3], "no test"):
			faults = append(faults, fmt.Sprintf("%q names no test, and does not say that there is none", line))
		}
	}
	return faults, rows
}
