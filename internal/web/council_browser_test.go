package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// An analyst makes a group of authorities, compares with it, changes it and
// deletes it.
func TestJourneyGroup(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	do(t, ctx, chromedp.Navigate(server.URL+"/council"))
	see(t, ctx, "Groups of authorities")
	do(t, ctx, chromedp.Click(chromedp.CSS(`a[href="/groups/new"]`)))
	see(t, ctx, "New group of authorities")
	look(t, ctx, "group-new")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#title"), "North East authorities"), chromedp.Click(chromedp.CSS("main form button")))
	see(t, ctx, "Choose at least one authority other than Middlesbrough")
	look(t, ctx, "group-wrong")
	do(t, ctx, chromedp.Click(chromedp.CSS("#region-"+northEast)), chromedp.Click(chromedp.CSS("main form button")))
	see(t, ctx, "12 authorities")
	look(t, ctx, "council-group")
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"), chromedp.SetValue(chromedp.CSS("#neighbours"), "north-east-authorities"))
	arrive(t, ctx, "neighbours=north-east-authorities")
	see(t, ctx, "North East authorities")
	look(t, ctx, "measure-group")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-tabs a[href*="/neighbours"]`)))
	see(t, ctx, "Hartlepool")
	look(t, ctx, "neighbours-group")
	do(t, ctx, chromedp.Navigate(server.URL+"/groups/north-east-authorities"), chromedp.Click(chromedp.CSS("#delete summary")),
		chromedp.Click(chromedp.CSS(`form[action$="/delete"] button`)))
	see(t, ctx, "There are none yet. A group can be")
	if groups, err := s.db.Groups(t.Context()); err != nil || len(groups) != 0 {
		t.Errorf("kept are %v, %v", groups, err)
	}
}

// Without a script a region is opened by its summary and taken whole.
func TestJourneyGroupWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/groups/new"),
		chromedp.SendKeys(chromedp.CSS("#title"), "Tees Valley"),
		chromedp.Click(chromedp.CSS("#area-E06000001")), chromedp.Click(chromedp.CSS("#area-E06000005")),
		chromedp.Click(chromedp.CSS("main form button")))
	see(t, ctx, "2 authorities: Darlington, Hartlepool.")
}

// A panel member adds a meeting and asks what has moved since.
func TestJourneyMeeting(t *testing.T) {
	_, server, ctx := open(t, "400 (Bad Request)")
	do(t, ctx, chromedp.Navigate(server.URL+"/council"), chromedp.SendKeys(chromedp.CSS("#date"), "last week"), chromedp.SendKeys(chromedp.CSS("#name"), "Scrutiny Panel"),
		chromedp.Click(chromedp.CSS("#add-meeting button")))
	see(t, ctx, "Give the day of the meeting")
	look(t, ctx, "meeting-wrong")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#date"), "3 June 2024"), chromedp.Click(chromedp.CSS("#add-meeting button")))
	see(t, ctx, "Remove Scrutiny Panel, 3 June 2024")
	look(t, ctx, "council-meeting")
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.SetValue(chromedp.CSS("#since"), "2024-06-03"))
	arrive(t, ctx, "since=2024-06-03")
	see(t, ctx, "Since the meeting")
	look(t, ctx, "overview-since")
	do(t, ctx, chromedp.Navigate(server.URL+"/council"), chromedp.Click(chromedp.CSS(".bw-meetings button")))
	see(t, ctx, "There are none yet. Add a meeting")
}

// An analyst says that a process changed and takes it back.
func TestJourneyRebase(t *testing.T) {
	s, server, ctx := open(t, "400 (Bad Request)")
	s.imported(monthly())
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/referrals"), chromedp.Click(chromedp.CSS("#process summary")),
		chromedp.Click(chromedp.CSS("#process button")))
	see(t, ctx, "Choose where the new limits begin")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#process-from"), "2025-04-01"), chromedp.SendKeys(chromedp.CSS("#process-reason"), "The hub opened"))
	look(t, ctx, "rebase-wrong")
	do(t, ctx, chromedp.Click(chromedp.CSS("#process button")))
	see(t, ctx, "New limits from 1 April 2025: The hub opened")
	look(t, ctx, "rebased")
	do(t, ctx, chromedp.Click(chromedp.CSS(`#referrals-control .bw-listed summary`)), chromedp.SendKeys(chromedp.CSS(`#undo-2025-04-01`), "It opened a month later"),
		chromedp.Click(chromedp.CSS(`form[action*="/process/undo"] button`)))
	see(t, ctx, "unusually low")
	if n := run(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll('[id^="undo-"]').length`)); n != 0 {
		t.Error("what was taken back still stands")
	}
}

// An analyst projects further and keeps what comes out.
func TestJourneyKeep(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"), chromedp.SetValue(chromedp.CSS("#project"), "2027"))
	arrive(t, ctx, "project=2027")
	see(t, ctx, "Keep this projection")
	do(t, ctx, chromedp.Click(chromedp.CSS("#keep summary")), chromedp.SendKeys(chromedp.CSS("#keep-note"), "For the budget"))
	look(t, ctx, "keep")
	do(t, ctx, chromedp.Click(chromedp.CSS("#keep button")))
	see(t, ctx, "by analyst: For the budget")
	look(t, ctx, "kept")
	do(t, ctx, chromedp.Navigate(server.URL+"/council"))
	see(t, ctx, "Projections that are kept")
	look(t, ctx, "council-kept")
}
