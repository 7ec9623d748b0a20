package graph

import (
	"context"
	"encoding/json"

	"zhengtong/graph/model"
	"zhengtong/internal/audit/chain"
	"zhengtong/internal/casework"
)

// eventTitles are the events of a case in words.
var eventTitles = map[string]string{
	"case.submitted": "提交申请", "case.received": "收件", "case.accepted": "受理", "case.not_accepted": "不予受理", "case.decided": "作出决定",
	"case.ended": "办结", "case.archived": "归档", "case.withdrawn": "申请人撤回", "case.voided": "作废", "case.deleted": "删除", "case.lapsed": "补正不来办结",
	"case.abnormal": "列入异常", "case.returned_to_window": "退窗", "case.dispatched": "分办", "case.delivered": "送达", "case.ready_for_pickup": "待领取",
	"case.event_recorded": "登记事件", "case.event_ignored": "事件不适用", "case.extended": "延长办理期限", "case.due_changed": "期限随日历变动", casework.EventMigrated: "改按新版本办理",
	casework.EventMigratedWorse: "改按新版本办理，要求有变", "case.form_corrected": "更正表单",
	"case.status_changed": "状态变化", "case.suspended": "中止计时", "case.resumed": "恢复计时", "case.forwarded": "转报", "case.transferred": "移送",
	"clock.due_soon": "期限将至", "clock.expired": "期限届满", "clock.suspended": "时限中止", "clock.resumed": "时限恢复",
	"correction.issued": "一次性告知补正", "correction.resubmitted": "补正后重新提交", "correction.expired": "补正期限届满", "correction.due_soon": "补正期限将至",
	"document.issued": "出具文书", "document.rendered": "文书生成", "document.voided": "文书作废", "licence.issued": "制发证照", "opinion.given": "签署意见",
	"extension.requested": "申请延期", "extension.decided": "审批延期", "extension.lapsed": "延期申请失效",
	"special.requested": "提出特别程序", "special.approved": "批准特别程序", "special.rejected": "不同意特别程序", "special.started": "特别程序开始",
	"special.reported": "提交特别程序结果", "special.report_returned": "退回特别程序结果", "special.completed": "特别程序结束", "special.overrun": "特别程序超期",
	"task.assigned": "任务派出", "task.claimed": "领取任务", "task.released": "退回任务", "task.acted": "办理任务", "task.due_soon": "环节期限将至",
	"task.overdue": "环节超期", "task.skipped": "跳过环节", "supervision.raised": "触发监察",
}

// milestones are the events that progress shows to anyone with the query code (R-APP-13).
var milestones = map[string]bool{
	"case.received": true, "case.accepted": true, "case.not_accepted": true, "correction.issued": true, "correction.resubmitted": true, "special.started": true,
	"special.completed": true, "special.overrun": true, "case.extended": true, "case.decided": true, "licence.issued": true, "case.ready_for_pickup": true,
	"case.delivered": true, casework.EventMigrated: true, casework.EventMigratedWorse: true, "case.withdrawn": true, "case.voided": true, "case.lapsed": true, "case.ended": true,
}

// internal are the fields of events that stay within the agency: who is assigned,
// what officials say to each other before the decision, an inspector's report.
var internal = map[string]bool{"opinion": true, "staff": true, "assignee": true, "executors": true, "report": true, "author": true, "reviewer": true}

// personal are the fields of events that hold what the applicant filled in, unmasked: they
// are the applicant's to read, and in the archive package.
var personal = map[string]bool{"dropped": true}

func eventTitle(kind string) string {
	if title, ok := eventTitles[kind]; ok {
		return title
	}
	return kind
}

func eventModel(ctx context.Context, v *casework.View, e *casework.Event) (*model.CaseEvent, error) {
	payload, err := shown(ctx, e.Payload)
	if err != nil {
		return nil, err
	}
	return &model.CaseEvent{
		View: v, By: e.Actor, Seq: int(e.Seq), Type: e.Type, Title: eventTitle(e.Type), ActingRole: opt(e.ActingRole), At: e.At, Payload: payload,
		PrevHash: e.PrevHash, Hash: e.Hash, Algorithm: e.Algorithm,
	}, nil
}

// shown takes the values out of a salted payload: staff who see the case see what is
// not personal, the applicant what is not internal, nobody what was withheld by law.
func shown(ctx context.Context, text string) (json.RawMessage, error) {
	var salted chain.Payload
	if err := json.Unmarshal([]byte(text), &salted); err != nil {
		return nil, err
	}
	values := map[string]json.RawMessage{}
	for name, field := range salted {
		staff := isStaff(ctx)
		if field.Withheld == "" && (staff || !internal[name]) && (!staff || !personal[name]) {
			values[name] = field.Value
		}
	}
	return json.Marshal(values)
}

// timeline reads events of a case that was looked at.
func (r *Resolver) timeline(ctx context.Context, v *casework.View, after int64, first int) ([]*model.CaseEvent, error) {
	events, err := r.Casework.Timeline(ctx, v, after, first)
	if err != nil {
		return nil, err
	}
	return eventModels(ctx, v, events)
}
