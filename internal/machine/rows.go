package machine

import (
	"maps"
	"slices"
	"time"

	"toban/internal/message"
)

// Row is one row of a node's state. Run and Step name the step whose message
// it holds; Run is "" when there is none.
type Row struct {
	Node  string
	Seq   uint64
	Key   string
	Value message.Value
	Due   time.Time
	Run   string
	Step  int
}

// shelf is one node's rows in order of Seq.
type shelf struct {
	rows []Row
	last uint64
}

type rowChange struct {
	row    Row
	delete bool
}

// Rows lists a node's rows in order of Seq.
func (m *Machine) Rows(node string) []Row {
	s := m.rows[node]
	if s == nil {
		return nil
	}
	return slices.Clone(s.rows)
}

// Row finds one row.
func (m *Machine) Row(node string, seq uint64) (Row, bool) {
	s := m.rows[node]
	if s == nil {
		return Row{}, false
	}
	if i, ok := s.find(seq); ok {
		return s.rows[i], true
	}
	return Row{}, false
}

// AllRows lists the rows of all nodes, by node and Seq.
func (m *Machine) AllRows() []Row {
	var all []Row
	for _, node := range slices.Sorted(maps.Keys(m.rows)) {
		all = append(all, m.rows[node].rows...)
	}
	return all
}

// PutRow adds a row (Seq 0) or replaces the one with its Seq, and gives it back.
func (m *Machine) PutRow(row Row) Row {
	s := m.rows[row.Node]
	if s == nil {
		s = &shelf{}
		m.rows[row.Node] = s
	}
	if row.Seq == 0 {
		s.last++
		row.Seq = s.last
	}
	s.last = max(s.last, row.Seq)
	if i, ok := s.find(row.Seq); ok {
		s.rows[i] = row
	} else {
		s.rows = slices.Insert(s.rows, i, row)
	}
	m.dirtyRows = append(m.dirtyRows, rowChange{row: row})
	return row
}

// DeleteRow removes a row and gives it back.
func (m *Machine) DeleteRow(node string, seq uint64) (Row, bool) {
	s := m.rows[node]
	if s == nil {
		return Row{}, false
	}
	i, ok := s.find(seq)
	if !ok {
		return Row{}, false
	}
	row := s.rows[i]
	s.rows = slices.Delete(s.rows, i, i+1)
	m.dirtyRows = append(m.dirtyRows, rowChange{row: row, delete: true})
	return row, true
}

func (s *shelf) find(seq uint64) (int, bool) {
	return slices.BinarySearchFunc(s.rows, seq, func(r Row, seq uint64) int {
		switch {
		case r.Seq < seq:
			return -1
		case r.Seq > seq:
			return 1
		}
		return 0
	})
}
