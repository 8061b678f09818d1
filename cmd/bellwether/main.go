// Command bellwether is the whole program: it reads its flags, wires the parts
// together and maps their answers to output and exit codes. It is the only
// place where all parts meet, and works nothing out itself.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

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

	Serve    serveCmd    `cmd:"" help:"Serve the web application."`
	Import   importCmd   `cmd:"" help:"Import spreadsheets."`
	Series   seriesCmd   `cmd:"" help:"A measure's figures for an area over time."`
	Compare  compareCmd  `cmd:"" help:"An area against its neighbours, region, England and its own past."`
	History  historyCmd  `cmd:"" help:"Every released version of one figure."`
	Withdraw withdrawCmd `cmd:"" help:"Take an import back; nothing is deleted."`
	Check    checkCmd    `cmd:"" help:"Check every definition, layout and reference file."`
	Backup   backupCmd   `cmd:"" help:"A consistent copy of the database, also while serving."`
}

// streams are where a command writes: answers to out, messages to err.
type streams struct{ out, err io.Writer }

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
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{stdout, stderr}, &c))
	k, err := parser.Parse(args)
	if ended >= 0 { // --help has answered
		return ended
	}
	if err != nil {
		fmt.Fprintf(stderr, "bellwether: %v (bellwether --help lists the commands)\n", err)
		return usage
	}
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

// usageError is a flag whose value cannot be meant.
type usageError struct{ error }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
