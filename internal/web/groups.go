package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"bellwether/internal/stat"
	"bellwether/internal/store"
)

// groupPage is the form of a group of authorities.
type groupPage struct {
	page
	Name           string // "" for a new one
	GroupTitle     string
	Action         string
	Regions        []regionBoxes
	Field, Problem string
}

// regionBoxes are the authorities of a region to choose from.
type regionBoxes struct {
	Name, Code string // Code is "" for those that no longer exist
	Areas      []areaBox
	Open       bool
}

type areaBox struct {
	stat.Area
	Chosen bool
}

func groupPath(name string) string { return "/groups/" + name }

func (s *Server) newGroup(c *gin.Context) error {
	return s.groupHTML(c, http.StatusOK, stat.Group{}, "", "")
}

func (s *Server) group(c *gin.Context) error {
	g, err := s.findGroup(c)
	if err != nil {
		return err
	}
	return s.groupHTML(c, http.StatusOK, g, "", "")
}

// findGroup is the group the address names.
func (s *Server) findGroup(c *gin.Context) (stat.Group, error) {
	groups, err := s.Store.Groups(c.Request.Context())
	if err != nil {
		return stat.Group{}, err
	}
	at := slices.IndexFunc(groups, func(g stat.Group) bool { return g.Name == c.Param("name") })
	if at < 0 {
		return stat.Group{}, notFound("There is no such group. They are listed on the page of groups and meetings.", nil)
	}
	return groups[at], nil
}

// groupHTML is the form of a group, with what is wrong with a field of it.
func (s *Server) groupHTML(c *gin.Context, status int, g stat.Group, field, problem string) error {
	p := groupPage{page: s.base(c.Request.Context(), "New group of authorities", councilPath, ""), Name: g.Name, GroupTitle: g.Title, Action: "/groups", Field: field, Problem: problem}
	if g.Name != "" {
		p.Title, p.Action = "Change the group "+g.Title, groupPath(g.Name)
	}
	p.faulty(problem)
	p.Regions = s.regionBoxes(g.Areas)
	return s.pages.write(c.Writer, status, "group", p)
}

// regionBoxes offers every authority. Regions with one that is chosen are
// open; where none is, the council's own.
func (s *Server) regionBoxes(chosen []string) []regionBoxes {
	var out []regionBoxes
	for _, of := range areaGroups(s.Catalogue, stat.DateOf(s.Now())) {
		b := regionBoxes{Name: of.Name}
		if first := of.Areas[0]; first.ExistedAt(stat.DateOf(s.Now())) {
			b.Code = first.Region
			b.Open = len(chosen) == 0 && b.Code == s.Home.Region
		}
		for _, a := range of.Areas {
			box := areaBox{a, slices.Contains(chosen, a.Code)}
			b.Open = b.Open || box.Chosen
			b.Areas = append(b.Areas, box)
		}
		out = append(out, b)
	}
	return out
}

// addGroup keeps a new group, under a name made from its title.
func (s *Server) addGroup(c *gin.Context) error { return s.keepGroup(c, stat.Group{}) }

// changeGroup keeps a group anew; its name, which links have, stays.
func (s *Server) changeGroup(c *gin.Context) error {
	g, err := s.findGroup(c)
	if err != nil {
		return err
	}
	return s.keepGroup(c, g)
}

func (s *Server) keepGroup(c *gin.Context, old stat.Group) error {
	if err := readForm(c); err != nil {
		return err
	}
	s.growing.Lock()
	defer s.growing.Unlock()
	g := stat.Group{Name: old.Name, Title: plain(c.PostForm("title")), By: s.who(c), At: s.Now()}
	var err error
	if g.Areas, err = s.areasOf(c.PostFormArray("area"), c.PostFormArray("region")); err != nil {
		return err
	}
	held, err := s.Store.Groups(c.Request.Context())
	if err != nil {
		return err
	}
	field, problem := s.groupFault(g, held)
	if problem == "" {
		if g.Name == "" {
			g.Name = slug(g.Title)
		}
		if err = s.Store.SaveGroup(c.Request.Context(), g); errors.Is(err, store.ErrInvalid) {
			field, problem = "title", "“"+g.Title+"” means something else here. Choose another title."
		} else if err != nil {
			return err
		}
	}
	if problem != "" {
		g.Name = old.Name
		return s.groupHTML(c, http.StatusBadRequest, g, field, problem)
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, councilPath+"#groups")
	return nil
}

// areasOf are the authorities that were chosen, one by one or by region, in
// the order they are offered in.
func (s *Server) areasOf(codes, regions []string) ([]string, error) {
	for _, code := range codes {
		if a, err := s.Catalogue.Area(code); err != nil || a.Level != stat.Authority || a.Code != code {
			return nil, &failure{http.StatusBadRequest, "There is a problem with the group", "One of the authorities is not known here. Go back and choose again.", err}
		}
	}
	var out []string
	for _, b := range s.regionBoxes(codes) {
		all := b.Code != "" && slices.Contains(regions, b.Code)
		for _, a := range b.Areas {
			if all || a.Chosen {
				out = append(out, a.Code)
			}
		}
	}
	return out, nil
}

// groupFault says in which field of the form what is wrong.
func (s *Server) groupFault(g stat.Group, held []stat.Group) (field, problem string) {
	others := slices.ContainsFunc(g.Areas, func(code string) bool { return code != s.Home.Code })
	taken := slices.ContainsFunc(held, func(k stat.Group) bool {
		return k.Name != g.Name && (stat.Fold(k.Title) == stat.Fold(g.Title) || g.Name == "" && k.Name == slug(g.Title))
	})
	switch {
	case slug(g.Title) == "":
		return "title", "Give the group a title, such as North East authorities."
	case taken:
		return "title", "There is a group called that already. Change that one, or choose another title."
	case g.Name == "" && slices.Contains(reserved, slug(g.Title)):
		return "title", "“" + g.Title + "” means something else here. Choose another title."
	case !others:
		return "areas", "Choose at least one authority other than " + s.Home.Name + "."
	}
	return "", ""
}

// reserved cannot be the name of a group: an address means something else by
// it.
var reserved = []string{"new", "region"}

// deleteGroup stops offering a group to compare with.
func (s *Server) deleteGroup(c *gin.Context) error {
	if err := s.Store.DeleteGroup(c.Request.Context(), c.Param("name"), s.who(c), s.Now()); err != nil {
		return err
	}
	s.cache.changed()
	c.Redirect(http.StatusSeeOther, councilPath+"#groups")
	return nil
}

// maxSlug is the length of a name in an address.
const maxSlug = 40

// slug makes a name for an address out of a title: north-east-authorities.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	name := strings.Join(words, "-")
	return strings.TrimRight(name[:min(len(name), maxSlug)], "-")
}
