package casework

import "zhengtong/internal/workflow"

// StatusText is a status in words, as documents and pages show it (SM-05).
func StatusText(s workflow.Status) string { return statusText[s] }

var statusText = map[workflow.Status]string{
	workflow.StatusDraft: "草稿", workflow.StatusReceived: "已收件", workflow.StatusPreReview: "预审中", workflow.StatusAwaitingCorrection: "待补正",
	workflow.StatusAbnormal: "异常待处理", workflow.StatusAccepted: "已受理", workflow.StatusProcessing: "办理中", workflow.StatusSuspended: "特别程序中（计时中止）",
	workflow.StatusAwaitingSupplement: "待补交", workflow.StatusDecided: "已决定", workflow.StatusAwaitingPayment: "待缴费", workflow.StatusHeld: "结果暂存待缴费",
	workflow.StatusIssuing: "制证中", workflow.StatusAwaitingDelivery: "待领取", workflow.StatusStored: "逾期未领，登记保存", workflow.StatusDelivered: "已送达",
	workflow.StatusEnded: "已办结", workflow.StatusArchived: "已归档",
}
