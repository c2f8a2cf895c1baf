package ec2

import (
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"time"
)

// What all instances of this account have in common.
const (
	namespace   = "http://ec2.amazonaws.com/doc/2016-11-15/"
	owner       = "123456789012"
	reservation = "r-0f00f00f00f00f00f"
)

// The answers of the API, with the fields that a runbook asks for.
type (
	stateXML struct {
		Code int    `xml:"code"`
		Name string `xml:"name"`
	}
	tagXML struct {
		Key   string `xml:"key"`
		Value string `xml:"value"`
	}
	tagsXML struct {
		Items []tagXML `xml:"item"`
	}
	instanceXML struct {
		InstanceID   string   `xml:"instanceId"`
		ImageID      string   `xml:"imageId"`
		State        stateXML `xml:"instanceState"`
		InstanceType string   `xml:"instanceType"`
		LaunchTime   string   `xml:"launchTime"`
		Zone         string   `xml:"placement>availabilityZone"`
		RootDevice   string   `xml:"rootDeviceType"`
		Tags         *tagsXML `xml:"tagSet"` // absent when there is none
	}
	reservationXML struct {
		ReservationID string        `xml:"reservationId"`
		OwnerID       string        `xml:"ownerId"`
		Instances     []instanceXML `xml:"instancesSet>item"`
	}
	describeXML struct {
		XMLName      xml.Name
		RequestID    string           `xml:"requestId"`
		Reservations []reservationXML `xml:"reservationSet>item"`
	}
	changeXML struct {
		InstanceID string   `xml:"instanceId"`
		Current    stateXML `xml:"currentState"`
		Previous   stateXML `xml:"previousState"`
	}
	changesXML struct {
		XMLName   xml.Name
		RequestID string      `xml:"requestId"`
		Instances []changeXML `xml:"instancesSet>item"`
	}
)

// describeAnswer puts each instance into a reservation of its own, as separate launches do.
func describeAnswer(found []Instance) describeXML {
	answer := describeXML{XMLName: xml.Name{Space: namespace, Local: "DescribeInstancesResponse"}, RequestID: requestID()}
	for i, in := range found {
		x := instanceXML{
			InstanceID:   in.ID,
			ImageID:      "ami-0f00f00f00f00f00f",
			State:        stateOf(in.State),
			InstanceType: "t3.micro",
			LaunchTime:   in.Since.UTC().Format(time.RFC3339),
			Zone:         "ap-northeast-1a",
			RootDevice:   "ebs",
		}
		if in.Name != "" {
			x.Tags = &tagsXML{[]tagXML{{"Name", in.Name}}}
		}
		answer.Reservations = append(answer.Reservations,
			reservationXML{fmt.Sprintf("%s%d", reservation[:18], i%10), owner, []instanceXML{x}})
	}
	return answer
}

func changeAnswer(name string, changes []Change) changesXML {
	answer := changesXML{XMLName: xml.Name{Space: namespace, Local: name}, RequestID: requestID()}
	for _, c := range changes {
		answer.Instances = append(answer.Instances, changeXML{c.ID, stateOf(c.Current), stateOf(c.Previous)})
	}
	return answer
}

func stateOf(s State) stateXML { return stateXML{s.Code(), string(s)} }

func requestID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
