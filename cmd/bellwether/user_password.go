package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"bellwether/internal/credential"
	"bellwether/internal/stat"
)

// askPassword reads a password for somebody and encodes it: typed twice and
// unseen at a terminal, otherwise the first line of standard input.
func (p *parts) askPassword(ctx context.Context, s streams, is stat.Person) (string, error) {
	in := bufio.NewReader(s.in)
	again := terminal(s.in)
	if again {
		defer hidden(s)()
	}
	password, err := ask(ctx, in, s.err, fmt.Sprintf("Password for %s, of %d characters or more: ", is.Title, credential.Shortest))
	if err != nil {
		return "", err
	}
	if err := credential.Check(password, is.Name, is.Title, p.home.Name); err != nil {
		return "", err
	}
	if again {
		second, err := ask(ctx, in, s.err, "The same again: ")
		if err != nil {
			return "", err
		}
		if second != password {
			return "", errors.New("the two are not the same: nothing was changed")
		}
	}
	return credential.Hash(password)
}

// ask reads a line, or gives up with the context: a read of a terminal does
// not end by itself.
func ask(ctx context.Context, in *bufio.Reader, prompt io.Writer, question string) (string, error) {
	fmt.Fprint(prompt, question)
	defer fmt.Fprintln(prompt)
	type answer struct {
		line string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := in.ReadString('\n')
		read <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.New("no password was given: nothing was changed")
	case a := <-read:
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return "", fmt.Errorf("reading the password: %w", a.err)
		}
		return strings.TrimRight(a.line, "\r\n"), nil
	}
}

func terminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	i, err := f.Stat()
	return err == nil && i.Mode()&os.ModeCharDevice != 0
}

// hidden stops a terminal showing what is typed, until the function it returns
// is called.
func hidden(s streams) func() {
	stty := func(mode string) error {
		cmd := exec.Command("stty", mode)
		cmd.Stdin = s.in
		return cmd.Run()
	}
	if stty("-echo") != nil {
		fmt.Fprintln(s.err, "What you type will be seen here.")
	}
	return func() { stty("echo") }
}
