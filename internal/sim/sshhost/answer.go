package sshhost

import (
	"encoding/json"

	"toban/internal/sim/ec2"
)

// The CLI's answers, in its order of fields.
type (
	stateJSON struct {
		Code int
		Name string
	}
	tagJSON      struct{ Key, Value string }
	instanceJSON struct {
		InstanceID   string `json:"InstanceId"`
		InstanceType string
		State        stateJSON
		Tags         []tagJSON `json:",omitempty"`
	}
	reservationJSON struct {
		Groups    []string
		Instances []instanceJSON
		OwnerID   string `json:"OwnerId"`
	}
	changeJSON struct {
		CurrentState  stateJSON
		InstanceID    string `json:"InstanceId"`
		PreviousState stateJSON
	}
)

func described(found []ec2.Instance) any {
	answer := struct{ Reservations []reservationJSON }{[]reservationJSON{}}
	for _, i := range found {
		in := instanceJSON{InstanceID: i.ID, InstanceType: "t3.micro", State: stateOf(i.State)}
		if i.Name != "" {
			in.Tags = []tagJSON{{"Name", i.Name}}
		}
		answer.Reservations = append(answer.Reservations,
			reservationJSON{Groups: []string{}, Instances: []instanceJSON{in}, OwnerID: "123456789012"})
	}
	return answer
}

func changed(name string, changes []ec2.Change) any {
	list := []changeJSON{}
	for _, c := range changes {
		list = append(list, changeJSON{stateOf(c.Current), c.ID, stateOf(c.Previous)})
	}
	return map[string]any{name: list}
}

func stateOf(s ec2.State) stateJSON { return stateJSON{s.Code(), string(s)} }

// plain turns an answer into maps, slices and scalars.
func plain(answer any) any {
	encoded, err := json.Marshal(answer)
	if err != nil {
		panic(err) // all answers are of the types above
	}
	var v any
	if err := json.Unmarshal(encoded, &v); err != nil {
		panic(err)
	}
	return v
}
