package failpoint

// Point is the name of a durable boundary.
type Point string

// The points. What each stands at is in [All].
const (
	EventAccepted  Point = "event-accepted"
	EventStoring   Point = "event-storing"
	EventStored    Point = "event-stored"
	EventSafe      Point = "event-safe"
	CursorStoring  Point = "cursor-storing"
	CursorStored   Point = "cursor-stored"
	MailMarking    Point = "mail-marking"
	MailMarked     Point = "mail-marked"
	MailExpunged   Point = "mail-expunged"
	WebhookReplied Point = "webhook-replied"

	CutWriting           Point = "cut-writing"
	CutWritten           Point = "cut-written"
	TransactionWritten   Point = "transaction-written"
	TransactionCommitted Point = "transaction-committed"
	RunEnding            Point = "run-ending"
	RunEnded             Point = "run-ended"

	EffectReserving  Point = "effect-reserving"
	EffectReserved   Point = "effect-reserved"
	EffectStarting   Point = "effect-starting"
	CommandStarted   Point = "command-started"
	EffectFinished   Point = "effect-finished"
	EffectConfirming Point = "effect-confirming"
	EffectConfirmed  Point = "effect-confirmed"
	EffectObserved   Point = "effect-observed"
	PostSending      Point = "post-sending"
	PostSent         Point = "post-sent"

	QuestionStoring Point = "question-storing"
	QuestionStored  Point = "question-stored"
	CardPosting     Point = "card-posting"
	CardPosted      Point = "card-posted"
	CardNoted       Point = "card-noted"
	ClickTaken      Point = "click-taken"
	AnswerStoring   Point = "answer-storing"
	AnswerStored    Point = "answer-stored"
	AnswerConsuming Point = "answer-consuming"
	AnswerConsumed  Point = "answer-consumed"
	CardUpdating    Point = "card-updating"
	CardUpdated     Point = "card-updated"
	DeadlinePassed  Point = "deadline-passed"
	ExpiryStored    Point = "expiry-stored"
	CancelStoring   Point = "cancel-storing"
	CancelStored    Point = "cancel-stored"

	StateStoring   Point = "state-storing"
	StateStored    Point = "state-stored"
	TimerFired     Point = "timer-fired"
	StateReleasing Point = "state-releasing"
	StateReleased  Point = "state-released"

	CredentialsStored  Point = "credentials-stored"
	FlowsWritten       Point = "flows-written"
	CredentialsTrimmed Point = "credentials-trimmed"
	RevisionStoring    Point = "revision-storing"
	RevisionStored     Point = "revision-stored"
	DeploySwitched     Point = "deploy-switched"
	DeployDone         Point = "deploy-done"
	Recovering         Point = "recovering"
	Recovered          Point = "recovered"

	FileWritten     Point = "file-written"
	FileRenamed     Point = "file-renamed"
	UsersWriting    Point = "users-writing"
	UsersWritten    Point = "users-written"
	SessionsWriting Point = "sessions-writing"
	SessionsWritten Point = "sessions-written"

	PrunedRuns      Point = "pruned-runs"
	PrunedRevisions Point = "pruned-revisions"
	PrunedSpace     Point = "pruned-space"
)

// Boundary is a point and what it stands at, in one sentence.
type Boundary struct {
	Point Point
	At    string
}

// All lists every point, in the order in which an event comes by them.
func All() []Boundary { return boundaries }

var boundaries = []Boundary{
	{EventAccepted, "A run has begun in memory; nothing of it is stored."},
	{EventStoring, "The cut that stores a new run is about to be written."},
	{EventStored, "A new run is stored; its source has not been told."},
	{EventSafe, "The source has been told that it may acknowledge the event."},
	{CursorStoring, "A source is about to store its place."},
	{CursorStored, "A source's place is stored; the source has not been told."},
	{MailMarking, "A mail is about to be marked, its event being safe."},
	{MailMarked, "The mail server has marked a mail."},
	{MailExpunged, "The mail server has deleted a mail."},
	{WebhookReplied, "A request has got its answer; the step that gave it has not ended."},

	{CutWriting, "A cut has been taken and is about to be written."},
	{CutWritten, "A cut is stored; nothing that waited for it has been let go."},
	{TransactionWritten, "A transaction has all its writes and is about to be committed."},
	{TransactionCommitted, "A transaction is committed; none of its callers has been told."},
	{RunEnding, "The cut with the end of a run is about to be written."},
	{RunEnded, "The end of a run is stored."},

	{EffectReserving, "The cut with the decision to start an effect is about to be written."},
	{EffectReserved, "The decision to start an effect is stored; it has not started."},
	{EffectStarting, "An effect starts now."},
	{CommandStarted, "The SSH host has taken a command; its outcome is not known yet."},
	{EffectFinished, "An effect has come back; only its goroutine knows the result."},
	{EffectConfirming, "The cut with the result of an effect is about to be written."},
	{EffectConfirmed, "The result of an effect is stored."},
	{EffectObserved, "After a crash the world has said whether an effect happened; that is not stored yet."},
	{PostSending, "A message is about to be sent to Slack."},
	{PostSent, "Slack has taken a message; nobody has noted where it stands."},

	{QuestionStoring, "The cut with a question is about to be written."},
	{QuestionStored, "A question is stored; no card shows it."},
	{CardPosting, "The card of a question is about to be posted."},
	{CardPosted, "A card is posted; where it stands is not stored."},
	{CardNoted, "Where a card stands is stored."},
	{ClickTaken, "A click has been acknowledged to Slack; nothing of it is stored."},
	{AnswerStoring, "A valid answer is about to be stored."},
	{AnswerStored, "An answer is stored by compare-and-swap; neither card nor run knows."},
	{AnswerConsuming, "The cut in which a run takes the outcome of a question is about to be written."},
	{AnswerConsumed, "A run has taken the outcome of a question."},
	{CardUpdating, "A card is about to be changed to show how its question ended."},
	{CardUpdated, "A card shows how its question ended."},
	{DeadlinePassed, "The time of a question is up; its expiry is about to be stored."},
	{ExpiryStored, "A question has expired in the store; neither card nor run knows."},
	{CancelStoring, "A question that nobody is to answer any more is about to be cancelled."},
	{CancelStored, "A question is cancelled in the store; neither card nor run knows."},

	{StateStoring, "The cut with a message that a node holds is about to be written."},
	{StateStored, "A message that a node holds is stored."},
	{TimerFired, "The time of a held message is up; its node has not been woken."},
	{StateReleasing, "The cut in which a node lets a held message go is about to be written."},
	{StateReleased, "It is stored that a node has let a held message go."},

	{CredentialsStored, "A deploy has stored the credentials of the old and the new flows; the flow file is the old one."},
	{FlowsWritten, "A deploy has written the flow file; credentials of deleted nodes are still there."},
	{CredentialsTrimmed, "A deploy has written the flow file and its credentials; the engine runs the old flows."},
	{RevisionStoring, "A flow file is about to be stored for its runs."},
	{RevisionStored, "A flow file is stored for its runs; none is on it yet."},
	{DeploySwitched, "The engine runs the new flows; their sources have not started."},
	{DeployDone, "The sources of the new flows have started; the deployer has not been told."},
	{Recovering, "A start has read what is stored; nothing goes on yet."},
	{Recovered, "A start has rebuilt the open runs; no source has started."},

	{FileWritten, "The new content of a file is in a temporary file beside it."},
	{FileRenamed, "A file has its new content; its folder is not synced."},
	{UsersWriting, "The users are about to be written."},
	{UsersWritten, "The users are written; who changed them has not been told."},
	{SessionsWriting, "The sessions are about to be written."},
	{SessionsWritten, "The sessions are written; who signed in or out has not been told."},

	{PrunedRuns, "Some old runs are deleted, others and their flow files are not yet."},
	{PrunedRevisions, "Old runs and flow files are deleted; the database has not shrunk."},
	{PrunedSpace, "The database has given back some of its free space."},
}
