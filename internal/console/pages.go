package console

import (
	_ "embed"

	"toban/internal/page"
)

//go:embed pages/parts.html
var partsText string

//go:embed pages/runs.html
var runsText string

//go:embed pages/run.html
var runText string

//go:embed pages/questions.html
var questionsText string

//go:embed pages/choices.html
var choicesText string

//go:embed pages/problem.html
var problemText string

// The bodies of our pages.
var (
	runsBody      = page.Template(partsText, runsText)
	runBody       = page.Template(partsText, runText)
	questionsBody = page.Template(partsText, choicesText, questionsText)
	problemBody   = page.Template(problemText)
)
