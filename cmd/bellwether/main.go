// Command bellwether is the whole program: it reads its flags, wires the parts
// together and maps their answers to output and exit codes. It is the only
// place where all parts meet, and works nothing out itself.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	osuser "os/user"
	"strings"
	"syscall"
	_ "time/tzdata" // an empty image has no times of summer

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	done    = 0
	refused = 1 // refused or failed
	usage   = 2 // the command line is wrong
)

type cli struct {
	DB   string `help:"Database file." default:"data/bellwether.db" placeholder:"FILE" env:"BELLWETHER_DB"`
	JSON bool   `help:"Answer in JSON on standard output, messages on standard error." name:"json"`
	Home string `help:"The council whose own figures these are: ONS code, DfE number or name." default:"E06000002" placeholder:"AREA" env:"BELLWETHER_HOME"`

	Dashboards string `help:"A folder of the council's own dashboards (*.toml) and, in its folder reports, reports, which join the built-in ones or replace those of the same name." placeholder:"DIR" env:"BELLWETHER_DASHBOARDS"`

	Who string `help:"Who does this, for the records; otherwise the user of this computer." placeholder:"NAME" env:"BELLWETHER_WHO"`

	Serve    serveCmd    `cmd:"" help:"Serve the web application."`
	Import   importCmd   `cmd:"" help:"Import spreadsheets."`
	Series   seriesCmd   `cmd:"" help:"A measure's figures for an area over time."`
	Compare  compareCmd  `cmd:"" help:"An area against its neighbours, region, England and its own past."`
	History  historyCmd  `cmd:"" help:"Every released version of one figure."`
	Withdraw withdrawCmd `cmd:"" help:"Take an import back; nothing is deleted."`
	Publish  publishCmd  `cmd:"" help:"Sign an import off, so that viewers see it, or take that back."`
	Group    groupCmd    `cmd:"" help:"Groups of authorities to compare with."`
	Meeting  meetingCmd  `cmd:"" help:"Days on which figures are read, to tell changes from."`
	Rebase   rebaseCmd   `cmd:"" help:"Days from which the limits of control charts begin anew."`
	Report   reportCmd   `cmd:"" help:"Write a council report, as a draft or to be issued."`
	Reports  reportsCmd  `cmd:"" help:"The reports there are, and those that were issued."`
	Issue    issueCmd    `cmd:"" help:"An issued report, as it was handed out, and what has been revised since."`
	Question questionCmd `cmd:"" help:"Questions of meetings, to be answered at later ones."`
	Comment  commentCmd  `cmd:"" help:"What the service says in reports and scorecards."`
	Steward  stewardCmd  `cmd:"" help:"Who answers for a measure, and why one is not measured yet."`
	User     userCmd     `cmd:"" help:"Who may sign in, and as what."`
	Check    checkCmd    `cmd:"" help:"Check every definition, layout and reference file."`
	Backup   backupCmd   `cmd:"" help:"A consistent copy of the database, also while serving."`
	Drill    drillCmd    `cmd:"" name:"restore-drill" help:"Restore a backup to a scratch file and prove that it is whole."`
	Audit    auditCmd    `cmd:"" help:"Who did what, when: the audit trail, and whether it is as it was written."`
}

// streams are what a command reads, and where it writes: answers to out,
// messages to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errRefused says that the command has explained itself already.
var errRefused = errors.New("refused")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program as tests call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	ended := -1
	parser := kong.Must(&c, kong.Name("bellwether"), kong.UsageOnError(),
		kong.Description("A children's services performance dashboard for an English council."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { ended = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{os.Stdin, stdout, stderr}, &c))
	k, err := parser.Parse(args)
	if ended >= 0 { // --help has answered
		return ended
	}
	if err != nil {
		fmt.Fprintf(stderr, "bellwether: %v (bellwether --help lists the commands)\n", err)
		return usage
	}
	c.Who = cmp.Or(strings.TrimSpace(c.Who), user())
	switch err := k.Run(); {
	case err == nil:
		return done
	case errors.Is(err, errRefused):
		return refused
	case errors.As(err, new(usageError)):
		fmt.Fprintf(stderr, "bellwether: %v\n", err)
		return usage
	default:
		fmt.Fprintf(stderr, "bellwether: %v\n", err)
		return refused
	}
}

// user is who runs the program, "analyst" where the system does not say.
func user() string {
	if u, err := osuser.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "analyst"
}

// usageError is a flag whose value cannot be meant.
type usageError struct{ error }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
