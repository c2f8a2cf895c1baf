package store

import (
	"context"
	"errors"
	"time"
)

// The errors that callers decide on.
var (
	ErrNotFound = errors.New("not found")
	// ErrClosed: the question is not open any more; its row says how it ended.
	ErrClosed = errors.New("question is not open")
	// ErrRepeated: a new run has the source and event key of another run.
	ErrRepeated = errors.New("the event has a run already")
	// ErrLocked: another process owns the data folder.
	ErrLocked = errors.New("the data folder is in use by another process")
)

// Store keeps the durable state. Implementations are safe for concurrent use.
type Store interface {
	// Commit writes the cuts atomically, in order, and returns once they are on
	// stable storage. Concurrent calls share a transaction. After an error none
	// of the cuts is written, and the same cuts may be committed again.
	// ErrRepeated: a new run has the event key of another one.
	Commit(ctx context.Context, cuts ...*Cut) error

	// Recover loads what a partition's owner needs to go on. "" means all partitions.
	Recover(ctx context.Context, partition string) (*Snapshot, error)
	// FindEvent gives the run of a source's event key, or ErrNotFound.
	FindEvent(ctx context.Context, source, key string) (run string, err error)

	// Runs lists runs, newest first.
	Runs(ctx context.Context, f RunFilter) ([]Run, error)
	// Run gives one run and its journal, oldest record first, or ErrNotFound.
	Run(ctx context.Context, id string) (Run, []Record, error)

	// Question gives one question, or ErrNotFound.
	Question(ctx context.Context, id string) (Question, error)
	// Questions lists questions, newest first.
	Questions(ctx context.Context, f QuestionFilter) ([]Question, error)
	// EndQuestion is the one compare-and-swap by which a question ends: it
	// sets State, Answer and EndedAt if the question is open, and gives the row
	// as it then is. A question that is not open gives its row and ErrClosed.
	// state Answered needs now before the deadline, Expired needs it at or after;
	// otherwise the row and ErrClosed. now is the store's clock.
	EndQuestion(ctx context.Context, id string, end Ending) (Question, error)
	// Posted records where the card of a question stands.
	Posted(ctx context.Context, id, ref string) error

	// PutRevision keeps a deployed flow file by its hash; Revision gives it or ErrNotFound.
	PutRevision(ctx context.Context, hash string, file []byte) error
	Revision(ctx context.Context, hash string) ([]byte, error)

	// Cursor and SetCursor keep a source's place; ErrNotFound when there is none.
	Cursor(ctx context.Context, source string) ([]byte, error)
	SetCursor(ctx context.Context, source string, value []byte) error

	// Prune deletes ended runs and what belongs to them: those that ended before
	// the time, and then the oldest ones until what is left takes no more than so
	// many bytes (0: any number). Open runs and those about which something is
	// asked stay, whatever they take. The file shrinks by what was deleted.
	Prune(ctx context.Context, before time.Time, bytes int64) (runs int, err error)

	Close() error
}

// Cut is what changed in one partition since its last cut.
type Cut struct {
	Partition string
	Runs      []RunWrite
	Context   []ContextWrite
	State     []StateWrite
	Questions []Question // new ones, open
	Consumed  []string   // ids of ended questions whose outcome is now in the run
}

// RunWrite is a run's row as it now is, and the journal record to append (nil: none).
type RunWrite struct {
	Run
	Record []byte
}

// Run is the row of a run.
type Run struct {
	ID        string
	Partition string
	Flow      string // tab id
	FlowName  string
	Revision  string
	Source    string // node id
	EventKey  string // "" when events of this source have no key
	Title     string
	Status    string // running, waiting, done, failed, cancelled
	Waiting   string // for what, when waiting
	Error     string
	Rehearsal bool
	Parent    string // the run that this one came out of after its end, or rehearses; "" for none
	StartedAt time.Time
	EndedAt   time.Time // zero while open
}

// Record is one journal record of a run.
type Record struct {
	Run  string
	Seq  int64 // increasing over the whole store
	Data []byte
}

// ContextWrite sets a context's whole value; nil Value deletes it. Owner is a
// node id, flow id or "global".
type ContextWrite struct {
	Owner string
	Value []byte
}

// StateWrite sets or deletes one row of a node's state.
type StateWrite struct {
	Node   string
	Seq    uint64
	Delete bool
	Value  []byte // the engine's encoding of the row, key and step included
	Due    time.Time
}

// Question is the row of a question.
type Question struct {
	ID         string
	Run        string
	Step       int
	Partition  string
	Node       string
	Kind       string // ask, unknown
	Title      string
	Connection string
	Channel    string
	Body       []byte // the engine's encoding of the card and choices
	Approvers  []string
	State      string // open, answered, expired, cancelled
	Answer     []byte // the engine's encoding, when answered
	Ref        string // where the card stands, "" until it is posted
	Consumed   bool
	CreatedAt  time.Time
	Deadline   time.Time
	EndedAt    time.Time
}

// Ending says how a question ends.
type Ending struct {
	State  string // answered, expired, cancelled
	Answer []byte
}

// The states of a question.
const (
	Open      = "open"
	Answered  = "answered"
	Expired   = "expired"
	Cancelled = "cancelled"
)

// Snapshot is what survives of a partition (or of all).
type Snapshot struct {
	Runs      []Run    // the open ones
	Records   []Record // their journals, in order of Seq
	Context   []ContextWrite
	State     []StateRow
	Questions []Question // open ones, and ended ones not yet consumed
}

// StateRow is one row of a node's state.
type StateRow struct {
	Partition string
	Node      string
	Seq       uint64
	Value     []byte
	Due       time.Time
}

// RunFilter selects runs. Zero fields don't select.
type RunFilter struct {
	Status, Flow string
	Text         string    // part of the title or id
	Before       string    // only runs older than this id (paging)
	Since, Until time.Time // by StartedAt
	Parent       string
	Rehearsal    bool // only rehearsals
	Limit        int  // default 50, at most 1000
}

// QuestionFilter selects questions. Zero fields don't select.
type QuestionFilter struct {
	State, Run string
	Limit      int
}
