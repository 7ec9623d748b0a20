package graph

import (
	"cmp"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"zhengtong/graph/edge"
	"zhengtong/internal/problem"
)

// chinese are the words for a code whose refusal brings none of its own.
var chinese = map[problem.Code]string{
	problem.Unauthenticated:     "请先登录",
	problem.Forbidden:           "无权进行此操作",
	problem.NotFound:            "未找到",
	problem.BadRequest:          "请求无效",
	problem.Validation:          "输入有误，请按提示修改",
	problem.Conflict:            "状态已变化，请刷新后重试",
	problem.RateLimited:         "请求过于频繁，请稍后再试",
	problem.TooComplex:          "查询过于复杂",
	problem.IdempotencyMismatch: "该 Idempotency-Key 已用于另一请求",
	problem.Unavailable:         "服务暂不可用，请稍后重试",
	problem.Internal:            "系统内部错误，请联系管理员并提供编号 ",
}

// english are the words for a code when English is asked for.
var english = map[problem.Code]string{
	problem.Unauthenticated:     "Sign in first",
	problem.Forbidden:           "You may not do this",
	problem.NotFound:            "Not found",
	problem.BadRequest:          "The request is not valid",
	problem.Validation:          "The input is not valid; see the problems",
	problem.Conflict:            "The state has changed; read it again",
	problem.RateLimited:         "Too many requests; try again later",
	problem.TooComplex:          "The query is too complex",
	problem.IdempotencyMismatch: "This Idempotency-Key was used for another request",
	problem.Unavailable:         "Temporarily unavailable; try again later",
	problem.Internal:            "Internal error; tell the administrator this reference: ",
}

// reasons are English words for reasons that people meet often; others show the code's words with the reason behind.
var reasons = map[string]string{
	"stale_version":            "Somebody changed the case in the meantime; read it again",
	"action_not_offered":       "This action is not offered now",
	"document_required":        "Issue the document first: notice before action",
	"lost_claim":               "Somebody else has claimed the task",
	"separation_of_duty":       "Another person must do this: separation of duty",
	"bad_id":                   "The id is not valid",
	"bad_cursor":               "The cursor is not valid or belongs to another list",
	"bad_first":                "first must be 1 to 100",
	"bad_date":                 "A date is YYYY-MM-DD",
	"bad_time":                 "A time is RFC 3339, such as 2026-02-10T01:30:00Z",
	"mutation_over_get":        "Mutations need POST",
	"batching":                 "Batches are not supported",
	"body_too_large":           "The body is larger than 1 MiB",
	"cross_origin":             "Requests from other sites are not accepted",
	"bad_authorization":        "Authorization must be a bearer token",
	"subscription":             "Subscribe at /graphql/stream or over WebSocket",
	"bad_credentials":          "Login or password is wrong",
	"account_locked":           "The account is locked; try again later",
	"password_change_required": "This is a one-time password; change it first",
	"wrong_password":           "The present password is wrong",
	"tenant_draft":             "This government takes no applications yet",
	"tenant_suspended":         "This government takes no new applications for now",
	"session_ended":            "The session has ended; sign in again",
	"unlisted_matter":          "This matter is not offered here",
	"upload_incomplete":        "The bytes do not match what was announced",
	"special_before_min":       "A result is refused before the procedure's minimum",
	"too_few_executors":        "More people must carry this out",
	"twin_in_flight":           "The same request is still running; try again",
	"reviewer_is_author":       "A change must be approved by another person",
	"introspection_disabled":   "Introspection is disabled; see /schema.graphql",
}

// fromParser are the reasons whose English words are the parser's own.
var fromParser = map[string]bool{"parse_failed": true, "validation_failed": true, "bad_variables": true}

// word says a refusal in the language asked for; INTERNAL says the reference and nothing else.
func word(lang edge.Language, p *problem.Error, located *gqlerror.Error, ref string) string {
	if p.Code == problem.Internal {
		if lang == edge.English {
			return english[problem.Internal] + ref
		}
		return chinese[problem.Internal] + ref
	}
	if lang != edge.English {
		return cmp.Or(p.Message, chinese[p.Code], string(p.Code))
	}
	if fromParser[p.Reason] && located != nil {
		return located.Message
	}
	if text, ok := reasons[p.Reason]; ok {
		return text
	}
	text := cmp.Or(english[p.Code], string(p.Code))
	if p.Reason != "" {
		text += " (" + p.Reason + ")"
	}
	return text
}
