package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// safekeepingPage says what would be left if this computer's disk were lost.
type safekeepingPage struct {
	adminPage
	Copies         []shownCopy // the latest first
	Unread         string      // why they cannot be listed
	Stale          bool        // the latest is older than a schedule leaves it
	Drill          stat.Act    // the last restore that was proven; zero for none
	DrillAge       string
	Failures       []stat.Act // the latest first
	Size           string
	Version        int64
	Head           stat.Act
	Folder         string // of the copies; "" where none are made
	Field, Problem string
}

// shownCopy is a backup as it is listed.
type shownCopy struct {
	store.Copy
	File, Age, Size string
	Short           string // the beginning of its hash
}

// overdue is the age at which the latest copy is no longer today's: a schedule
// makes one a day.
const overdue = 26 * time.Hour

func (s *Server) safekeepingPage(c *gin.Context) error {
	if strings.HasSuffix(c.Request.URL.Path, ".json") {
		return s.safekeepingJSON(c)
	}
	return s.safekeepingHTML(c, http.StatusOK, "")
}

func (s *Server) safekeepingHTML(c *gin.Context, status int, problem string) error {
	p := safekeepingPage{adminPage: s.adminBase(c, "Safekeeping", safekeepingPath, safekeepingPath+".json"), Folder: s.Backups, Field: "backup", Problem: problem}
	p.faulty(problem)
	k, err := s.safekept(c.Request.Context())
	if err != nil {
		return err
	}
	p.Unread, p.Drill, p.Failures, p.Version, p.Head, p.Size = k.Unread, k.Drill, k.Failures, k.Version, k.Head, bytesWords(k.Bytes)
	for _, copied := range k.Copies {
		p.Copies = append(p.Copies, shownCopy{copied, filepath.Base(copied.Path), age(s.Now().Sub(copied.Made)), bytesWords(copied.Bytes), copied.SHA256[:min(12, len(copied.SHA256))]})
	}
	p.Stale = len(k.Copies) > 0 && s.Now().Sub(k.Copies[0].Made) > overdue
	if p.Drill.Number > 0 {
		p.DrillAge = age(s.Now().Sub(p.Drill.At))
	}
	return s.pages.write(c.Writer, status, "safekeeping", p)
}

// Acts are how many the audit trail has.
func (p safekeepingPage) Acts() int { return int(p.Head.Number) }

// safekept is what there is to fall back on.
type safekept struct {
	Copies   []store.Copy
	Unread   string // why the copies cannot be listed
	Drill    stat.Act
	Failures []stat.Act
	Bytes    int64
	Version  int64
	Head     stat.Act
}

func (s *Server) safekept(ctx context.Context) (k safekept, err error) {
	if k.Copies, err = s.copies(ctx); err != nil {
		k.Unread = sentence(err)
	}
	if k.Drill, err = s.Store.LastDrill(ctx); err != nil {
		return k, err
	}
	if k.Failures, err = s.failures(ctx); err != nil {
		return k, err
	}
	if k.Bytes, err = s.Store.Size(ctx); err != nil {
		return k, err
	}
	if k.Version, err = s.Store.Version(ctx); err != nil {
		return k, err
	}
	k.Head, err = s.Store.Head(ctx)
	return k, err
}

// safekeepingJSON is the page for a program.
func (s *Server) safekeepingJSON(c *gin.Context) error {
	k, err := s.safekept(c.Request.Context())
	if err != nil {
		return err
	}
	type named struct {
		File  string `json:"file"`
		Bytes int64  `json:"bytes"`
		store.Copy
	}
	copies := []named{}
	for _, copied := range k.Copies {
		copies = append(copies, named{filepath.Base(copied.Path), copied.Bytes, copied})
	}
	writeJSON(c.Writer, http.StatusOK, map[string]any{"copies": copies, "unread": k.Unread, "drill": known(k.Drill), "failures": append([]stat.Act{}, k.Failures...),
		"bytes": k.Bytes, "version": k.Version, "head": known(k.Head)})
	return nil
}

// known is an act, null where there is none.
func known(a stat.Act) *stat.Act {
	if a.Number == 0 {
		return nil
	}
	return &a
}

// failures are the backups and drills of the last quarter that came to
// nothing, the latest first.
func (s *Server) failures(ctx context.Context) (out []stat.Act, err error) {
	const most = 10
	for a, err := range newestFirst(ctx, s.Store, 0) {
		switch {
		case err != nil:
			return nil, err
		case len(out) == most, s.Now().Sub(a.At) > 90*24*time.Hour:
			return out, nil
		case a.What == stat.ActBackupFailed, a.What == stat.ActDrillFailed:
			out = append(out, a)
		}
	}
	return out, nil
}

// makeCopy makes a backup now, as the schedule does.
func (s *Server) makeCopy(c *gin.Context) error {
	if s.Backups == "" {
		return conflict("Bellwether was started without a folder for backups (serve --backups).")
	}
	ctx := c.Request.Context()
	copied, err := s.Store.Keep(ctx, s.Backups, s.who(c), s.Now())
	if errors.Is(err, fs.ErrExist) {
		return conflict("A backup was made this very second. One is enough.")
	}
	if copied.Path != "" {
		s.Log.Info("backup", "copy", copied)
	}
	if err != nil {
		s.Log.Error("the backup failed", "err", err)
		return s.safekeepingHTML(c, http.StatusInternalServerError, sentence(err)+" The copies that were kept before are still there.")
	}
	c.Redirect(http.StatusSeeOther, safekeepingPath+"?done=copied")
	return nil
}

// copies are the backups of the schedule, the latest first.
func (s *Server) copies(ctx context.Context) ([]store.Copy, error) {
	if s.Backups == "" {
		return nil, nil
	}
	return s.Store.Copies(ctx, s.Backups)
}

// bytesWords are so many bytes as a person says them.
func bytesWords(n int64) string {
	if n < 1<<20 {
		return count(int(n+1023)>>10) + " KB"
	}
	return megabytes(n)
}

// age is a time that has passed, as a person says it.
func age(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(d.Hours()))
	}
	return strconv.Itoa(int(d.Hours()/24)) + " days ago"
}
