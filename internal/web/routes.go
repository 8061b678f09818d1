package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// route is one line of the table: who may come to an address, and what
// answers there.
type route struct {
	access access
	method string
	path   string
	answer func(*Server, *gin.Context) error
}

// table is every address of Bellwether. mount takes nothing else, so what is
// not in it cannot be reached, and what is in it has an access.
type table []route

// get is a page or a file, and with each ending a twin of it. No GET changes
// anything.
func get(a access, path string, h func(*Server, *gin.Context) error, endings ...string) table {
	out := table{{a, http.MethodGet, path, h}}
	for _, ending := range endings {
		out = append(out, route{a, http.MethodGet, path + ending, h})
	}
	return out
}

// post is where a form is sent.
func post(a access, path string, h func(*Server, *gin.Context) error) table {
	return table{{a, http.MethodPost, path, h}}
}

func join(parts ...table) (out table) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// routes is the table of the whole application.
func routes() table {
	return join(figureRoutes(), councilRoutes(), reportRoutes(), importRoutes(), personRoutes(), administratorRoutes(), openRoutes())
}

// figureRoutes are what is published, and what analysts say beside it.
func figureRoutes() table {
	return join(
		get(public, "/", (*Server).overview),
		get(public, "/dashboards", (*Server).boardList),
		get(public, "/dashboards/:name", (*Server).board),
		get(public, "/compare", (*Server).compare, ".json", ".csv", ".xlsx", ".svg"),
		get(public, "/build", (*Server).build, ".json", ".csv", ".xlsx", ".svg"),
		get(public, "/measures", (*Server).measureList, ".json"),
		get(public, "/measures/:name", (*Server).measure),
		get(public, "/measures/:name/:page", (*Server).areas),
		get(viewer, "/measures/:name/history", (*Server).history, ".json"),
		get(public, sincePath, (*Server).since, ".json", ".csv", ".xlsx"),
		get(public, searchPath, (*Server).search, ".json"),
		get(public, methodsPath, (*Server).methods),
		get(public, glossaryPath, (*Server).glossary, ".json"),
		post(analyst, "/dashboards/:name/commentary", (*Server).comment),
		post(analyst, "/measures/:name/name", (*Server).name),
		post(analyst, "/measures/:name/steward", (*Server).steward),
		post(analyst, "/measures/:name/process", (*Server).rebase),
		post(analyst, "/measures/:name/process/undo", (*Server).undoRebase),
		post(analyst, "/measures/:name/projection", (*Server).keepProjection),
	)
}

// councilRoutes are what the council says of itself.
func councilRoutes() table {
	return join(
		get(viewer, councilPath, (*Server).council, ".json"),
		get(analyst, "/groups/new", (*Server).newGroup),
		get(analyst, "/groups/:name", (*Server).group),
		post(analyst, "/groups", (*Server).addGroup),
		post(analyst, "/groups/:name", (*Server).changeGroup),
		post(analyst, "/groups/:name/delete", (*Server).deleteGroup),
		post(analyst, "/meetings", (*Server).addMeeting),
		post(analyst, "/meetings/delete", (*Server).deleteMeeting),
	)
}

// reportRoutes are the reports: what was issued is for all, a draft is not.
func reportRoutes() table {
	return join(
		get(viewer, reportsPath, (*Server).reportList, ".json"),
		get(viewer, reportsPath+"/issues/:number", (*Server).issued),
		get(analyst, reportsPath+"/:name", (*Server).report),
		get(analyst, reportsPath+"/:name/:page", (*Server).reportPart),
		post(analyst, reportsPath+"/:name/commentary", (*Server).reportComment),
		post(analyst, reportsPath+"/:name/questions", (*Server).ask),
		post(analyst, reportsPath+"/:name/answers", (*Server).reply),
		post(publisher, reportsPath+"/:name/issue", (*Server).issue),
	)
}

// importRoutes are the files on their way in, and those that came.
func importRoutes() table {
	return join(
		get(analyst, importsPath, (*Server).importList, ".json"),
		get(analyst, importsPath+"/:name", (*Server).importPage),
		post(analyst, importsPath, (*Server).receive),
		post(analyst, importsPath+"/:name/withdraw", (*Server).withdraw), // a published one takes a publisher
		post(publisher, importsPath+"/:name/publish", (*Server).publish),
		post(publisher, importsPath+"/:name/take-back", (*Server).takeBack),
		post(analyst, "/layouts/delete", (*Server).deleteLayout),
		get(analyst, "/uploads/:name", (*Server).uploadPage),
		get(analyst, "/uploads/:name/problems.xlsx", (*Server).marked),
		get(analyst, "/uploads/:name/columns", (*Server).mappingPage),
		post(analyst, "/uploads/:name/columns", (*Server).tell),
		post(analyst, "/uploads/:name/accept", (*Server).accept),
		post(analyst, "/uploads/:name/confirm", (*Server).confirm),
		post(analyst, "/uploads/:name/cancel", (*Server).cancel),
		get(analyst, "/samples/:name", (*Server).sample),
	)
}

// administratorRoutes are what looks after people, settings and the data.
func administratorRoutes() table {
	return join(
		get(administrator, peoplePath, (*Server).peoplePage, ".json"),
		get(administrator, peoplePath+"/:id", (*Server).personPage),
		post(administrator, peoplePath, (*Server).addPerson),
		post(administrator, peoplePath+"/:id", (*Server).changePerson),
		post(administrator, peoplePath+"/:id/link", (*Server).passwordLink),
		post(administrator, peoplePath+"/:id/factor", (*Server).removeFactor),
		get(administrator, settingsPath, (*Server).settingsPage, ".json"),
		post(administrator, settingsPath, (*Server).saveSettings),
		get(administrator, auditPath, (*Server).auditPage, ".json"),
		get(administrator, auditPath+".csv", (*Server).auditCSV),
		get(administrator, safekeepingPath, (*Server).safekeepingPage, ".json"),
		post(administrator, safekeepingPath+"/backup", (*Server).makeCopy),
		get(administrator, "/metrics", (*Server).metrics),
	)
}

// personRoutes are how somebody comes in, and what they see of themselves.
func personRoutes() table {
	return join(
		get(open, signInPath, (*Server).signInPage),
		post(open, signInPath, (*Server).signIn),
		get(open, codePath, (*Server).codePage),
		post(open, codePath, (*Server).code),
		get(open, enrolPath, (*Server).enrolPage),
		post(open, enrolPath, (*Server).enrol),
		get(open, providerPath, (*Server).toProvider),
		get(open, CallbackPath, (*Server).fromProvider),
		post(open, "/sign-out", (*Server).signOut),
		get(open, firstPath+":token", (*Server).firstPage),
		post(open, firstPath+":token", (*Server).first),
		get(open, linkPath+":token", (*Server).linkPage),
		post(open, linkPath+":token", (*Server).link),
		get(viewer, accountPath, (*Server).account),
		post(viewer, accountPath+"/password", (*Server).changePassword),
		post(viewer, accountPath+"/codes", (*Server).changeCodes),
		post(viewer, accountPath+"/sessions", (*Server).endSessions),
	)
}

// openRoutes are for whoever asks.
func openRoutes() table {
	return join(
		get(open, "/about/accessibility", (*Server).accessibility),
		get(static, securityPath, (*Server).securityText),
		get(static, reportStyle, (*Server).reportStyle),
		get(static, "/assets/*name", (*Server).asset),
		get(static, "/healthz", (*Server).healthz),
	)
}

// mount puts a table on an engine, each line behind its access.
func (s *Server) mount(t table) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.SetTrustedProxies(prefixes(s.Proxies))
	e.RemoteIPHeaders = []string{"X-Forwarded-For"}
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.UseRawPath = true
	e.Use(routed, s.recovered)
	for _, r := range t {
		e.Handle(r.method, r.path, s.guarded(r))
		if r.method == http.MethodGet {
			e.HEAD(r.path, s.guarded(r))
		}
	}
	e.NoRoute(s.guarded(route{access: open, answer: func(*Server, *gin.Context) error {
		return notFound("There is nothing at this address.", nil)
	}}))
	e.NoMethod(s.guarded(route{access: open, answer: func(_ *Server, c *gin.Context) error {
		return &failure{http.StatusMethodNotAllowed, "That cannot be done here", "This address does not take a " + c.Request.Method + " request.", nil}
	}}))
	return e
}

func (s *Server) healthz(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.String(http.StatusOK, "ok\n")
	return nil
}
