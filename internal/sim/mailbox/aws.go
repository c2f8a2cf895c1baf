package mailbox

import (
	"fmt"
	"strings"
	"time"
)

// Sample is a ready-made mail for the demo's composer. Its label is the text
// "mailbox.sample.<Name>".
type Sample struct {
	Name string
	Mail Mail
}

// Samples gives the ready-made mails about the instances, which should be three.
func Samples(ids []string) []Sample {
	one := ids[:min(1, len(ids))]
	return []Sample{
		{"old", OldMaintenance(one...)},
		{"old-retirement", OldRetirement(one...)},
		{"new", NewRetirement(one...)},
		{"three", NewRetirement(ids...)},
		{"html", HTMLNotice(one...)},
		{"unrelated", Unrelated()},
	}
}

const (
	account = "123456789012"
	region  = "ap-northeast-1"
	aws     = "Amazon Web Services <no-reply-aws@amazon.com>"
)

// OldMaintenance is the planned-maintenance mail of about 2016: the ids stand
// alone on lines. The subject is one that FrontOps' article filters on.
func OldMaintenance(ids ...string) Mail {
	return Mail{
		From:    aws,
		Subject: "Amazon EC2 Maintenance - Maintenance Scheduled",
		Text: fmt.Sprintf(`Dear Amazon EC2 customer,

Maintenance is planned for hardware that hosts some of your instances. It
takes place between %s UTC and %s UTC.
In that time these instances in the %s region can't be reached and are then
rebooted:

%s

You need not wait for it: an instance that you stop and start before then
moves to other hardware.

Amazon Web Services
`, utc(7), utc(7+1), region, lines(ids)),
	}
}

// OldRetirement is the retirement mail of 2016 to 2018: the id stands in the
// text, never at the start of a line, so FrontOps' expression doesn't find it.
func OldRetirement(ids ...string) Mail {
	return Mail{
		From:    aws,
		Subject: "[Retirement Notification] Amazon EC2 Instance scheduled for retirement.",
		Text: fmt.Sprintf(`Dear Amazon EC2 customer,

There is news about your account (AWS Account ID: %s). The hardware under one
of your instances is degrading (instance-ID: %s) in the %s region.
The instance will be stopped after %s UTC.

* What does this mean for you? *
After that time the instance can't be reached until it is started again.

* What should you do? *
Stop and start the instance at a time of your choice.

Amazon Web Services
`, account, strings.Join(ids, ", "), region, utc(14)),
	}
}

// NewRetirement is the retirement mail since 2020: another subject, and a list
// of ids on lines of their own.
func NewRetirement(ids ...string) Mail {
	return Mail{
		From:    aws,
		Subject: fmt.Sprintf("Amazon EC2 Instance Retirement [AWS Account: %s]", account),
		Text: fmt.Sprintf(`Hello,

EC2 found degraded hardware under at least one instance (instance-ID: %s) of
your AWS account (AWS Account ID: %s) in the %s region. Because of that it may
already be out of reach. It will be stopped after %s UTC.

The affected instances are listed below:

%s

You can see the event in the AWS Health Dashboard, and stop and start the
instances yourself before that time.

Sincerely,
Amazon Web Services
`, strings.Join(ids, ", "), account, region, utc(14), lines(ids)),
	}
}

// HTMLNotice is the form since December 2025: another sender, HTML only.
func HTMLNotice(ids ...string) Mail {
	return Mail{
		From:    "AWS Health <health@aws.com>",
		Subject: "[Action may be required] EC2 instance retirement scheduled",
		HTML: fmt.Sprintf(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><style>p{font:14px sans-serif}</style></head><body>
<h2>EC2 instance retirement scheduled</h2>
<p>Account: %s<br>Region: %s<br>Start time: %s UTC</p>
<p>Degraded hardware was found under your instances. They will be stopped at the start time.</p>
<p>Affected resources</p>
<div>%s</div>
<p><a href="https://health.console.aws.amazon.com/">Open the event</a></p>
</body></html>
`, account, region, utc(14), strings.Join(ids, "</div>\n<div>")),
	}
}

// Unrelated is a mail from AWS that no maintenance filter should match.
func Unrelated() Mail {
	return Mail{
		From:    aws,
		Subject: "Your AWS invoice is ready",
		Text:    "Hello,\n\nthe invoice for last month is ready in the billing console.\n\nAmazon Web Services\n",
	}
}

func lines(ids []string) string { return strings.Join(ids, "\n") }

func utc(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02 15:04") }
