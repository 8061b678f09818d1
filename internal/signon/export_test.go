package signon

// Rested lets a provider that did not answer be asked anew.
func (p *Provider) Rested() { p.asked = p.asked.Add(-pause) }
