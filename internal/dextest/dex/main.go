// Command dex is a real OpenID Connect provider for Bellwether's tests: dex's
// own server, keys, storage and pages, on the loopback address, with the people
// of a file. It is a module of its own, so that the program carries none of it.
//
//	dex USERS REDIRECT
//
// The file is read anew at each sign-in:
//
//	{"jo": {"id": "1001", "password": "…", "title": "Jo Smith", "groups": ["analyst"]}}
//
// Its first line of output is its issuer. It ends when its standard input does,
// and so with the test that began it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dexidp/dex/connector"
	"github.com/dexidp/dex/server"
	"github.com/dexidp/dex/storage"
	"github.com/dexidp/dex/storage/memory"
	"github.com/dexidp/dex/web"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: dex USERS REDIRECT")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	issuer := "http://" + listener.Addr().String() + "/dex"
	handler, err := provider(issuer, os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(issuer)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal(http.Serve(listener, handler))
}

// provider is dex with one client, "bellwether", that must use its secret.
func provider(issuer, users, redirect string) (http.Handler, error) {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server.ConnectorsConfig["file"] = func() server.ConnectorConfig { return &file{path: users} }
	held := storage.WithStaticClients(memory.New(logger), []storage.Client{{
		ID: "bellwether", Secret: "loopback-only", Name: "Bellwether", RedirectURIs: []string{redirect},
	}})
	held = storage.WithStaticConnectors(held, []storage.Connector{{ID: "file", Type: "file", Name: "The council", Config: []byte("{}")}})
	return server.NewServer(context.Background(), server.Config{
		Issuer: issuer, Storage: held, SkipApprovalScreen: true, Logger: logger,
		Web: server.WebConfig{WebFS: web.FS()}, PrometheusRegistry: prometheus.NewRegistry(),
	})
}

// file is a connector whose people stand in a file.
type file struct{ path string }

func (f *file) Open(string, *slog.Logger) (connector.Connector, error) { return f, nil }

func (f *file) Prompt() string { return "Name" }

func (f *file) Login(_ context.Context, _ connector.Scopes, name, password string) (connector.Identity, bool, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return connector.Identity{}, false, err
	}
	var users map[string]struct {
		ID, Password, Title string
		Groups              []string
	}
	if err := json.Unmarshal(text, &users); err != nil {
		return connector.Identity{}, false, err
	}
	u, ok := users[name]
	return connector.Identity{UserID: u.ID, Username: u.Title, Groups: u.Groups}, ok && u.Password == password, nil
}
