package chart

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"

	"modernc.org/quickjs"

	"bellwether/internal/dashboard"
)

// Limits of one drawing, and of the drawings that are kept.
const (
	drawTimeout = 30 * time.Second
	drawMemory  = 128 << 20
	keptBytes   = 16 << 20
)

// Renderer draws panels as SVG with the script the browser runs. It holds a
// pool of virtual machines, each used by one goroutine at a time, and keeps
// what was drawn. It is safe for concurrent use.
type Renderer struct {
	bytecode []byte
	vms      chan *quickjs.VM // nil is one that is yet to be started
	kept     *cache
	closing  sync.Once
	closed   chan struct{}
}

// NewRenderer compiles the bundle (dist/ssr.js of package assets) for a pool
// of vms machines, or where that is 0 one for each processor up to four. A
// machine is started when it is first wanted.
func NewRenderer(bundle []byte, vms int) (*Renderer, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("starting the chart engine: %w", err)
	}
	defer vm.Close()
	bytecode, err := vm.Compile(string(bundle), quickjs.EvalGlobal)
	if err != nil {
		return nil, fmt.Errorf("compiling the chart script: %w", err)
	}
	if vms <= 0 {
		vms = min(runtime.NumCPU(), 4)
	}
	r := &Renderer{bytecode: bytecode, vms: make(chan *quickjs.VM, vms), kept: newCache(keptBytes), closed: make(chan struct{})}
	for range vms {
		r.vms <- nil
	}
	return r, nil
}

// SVG draws a panel for a container of width by height pixels. The picture
// scales to its container, is named by the panel's title and sentence, and
// needs neither style sheet nor style attribute. Its ids begin with the
// panel's ID and the width. The error is ErrNoFigures as of Options, or that
// of ctx, or ErrClosed.
func (r *Renderer) SVG(ctx context.Context, p dashboard.Panel, width, height int) ([]byte, error) {
	options, err := Options(p)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %d %s", p.ID, p.Title, p.Sentence, width, height, options))
	for {
		if svg, ok := r.kept.get(key); ok {
			return svg, nil
		}
		end, other := r.kept.begin(key)
		if end != nil {
			defer end()
			return r.picture(ctx, p, key, string(options), width, height)
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// picture is drawn, and kept under its key.
func (r *Renderer) picture(ctx context.Context, p dashboard.Panel, key [sha256.Size]byte, options string, width, height int) ([]byte, error) {
	raw, err := r.draw(ctx, options, width, height)
	if err != nil {
		return nil, fmt.Errorf("drawing chart %s: %w", p.ID, err)
	}
	svg, err := clean(raw, p.ID+"-"+strconv.Itoa(width), p.Title, p.Sentence)
	if err != nil {
		return nil, fmt.Errorf("cleaning chart %s: %w", p.ID, err)
	}
	r.kept.put(key, svg)
	return svg, nil
}

// ErrClosed says that the Renderer was closed.
var ErrClosed = errors.New("the chart engine is closed")

func (r *Renderer) draw(ctx context.Context, options string, width, height int) (string, error) {
	vm, err := r.take(ctx)
	if err != nil {
		return "", err
	}
	answer, err := vm.Call("renderSVG", options, width, height)
	if err != nil {
		vm.Close() // after a timeout its state is not to be trusted
		r.vms <- nil
		return "", err
	}
	r.vms <- vm
	svg, ok := answer.(string)
	if !ok {
		return "", fmt.Errorf("the chart script answered %T, not an SVG", answer)
	}
	return svg, nil
}

// take waits for a machine and starts it if it is new.
func (r *Renderer) take(ctx context.Context) (*quickjs.VM, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-r.closed:
		return nil, ErrClosed
	default:
	}
	select {
	case vm := <-r.vms:
		if vm != nil {
			return vm, nil
		}
		vm, err := r.start()
		if err != nil {
			r.vms <- nil
			return nil, err
		}
		return vm, nil
	case <-r.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *Renderer) start() (*quickjs.VM, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("starting the chart engine: %w", err)
	}
	vm.SetMemoryLimit(drawMemory)
	if err := vm.SetEvalTimeout(drawTimeout); err != nil {
		vm.Close()
		return nil, err
	}
	if _, err := vm.EvalBytecode(r.bytecode); err != nil {
		vm.Close()
		return nil, fmt.Errorf("loading the chart script: %w", err)
	}
	return vm, nil
}

// Close waits for what is being drawn and frees the machines. Drawing
// afterwards is ErrClosed.
func (r *Renderer) Close() {
	r.closing.Do(func() {
		close(r.closed)
		for range cap(r.vms) {
			if vm := <-r.vms; vm != nil {
				vm.Close()
			}
		}
	})
}
