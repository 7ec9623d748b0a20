package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zhengtong/graph"
	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
	"zhengtong/internal/problem"
)

func TestTheErrorTable(t *testing.T) {
	positions := problem.List{{Path: "$.form.uscc", Code: "format", Message: "格式不对", Severity: problem.SeverityError}}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a coded refusal keeps its words": {problem.New(problem.Conflict, "stale_version", "他人已修改"), `{"message":"他人已修改","extensions":{"code":"CONFLICT","reason":"stale_version","reference":"r-1","retryable":false}}`},
		"also when wrapped":               {fmt.Errorf("act: %w", problem.Missing()), `{"message":"未找到","extensions":{"code":"NOT_FOUND","reference":"r-1","retryable":false}}`},
		"a permission is named":           {problem.Denied("case.decide", "forbidden", "无权"), `{"message":"无权","extensions":{"code":"FORBIDDEN","permission":"case.decide","reason":"forbidden","reference":"r-1","retryable":false}}`},
		"problems are positioned":         {problem.Invalid(positions), `{"message":"输入有误，请按提示修改","extensions":{"code":"VALIDATION","problems":[{"path":"$.form.uscc","code":"format","message":"格式不对","severity":"error"}],"reference":"r-1","retryable":false}}`},
		"a limit says when to come back":  {&problem.Error{Code: problem.RateLimited, RetryAfter: 1200 * time.Millisecond}, `{"message":"请求过于频繁，请稍后再试","extensions":{"code":"RATE_LIMITED","reference":"r-1","retryAfter":2,"retryable":true}}`},
		"a cost says its figures":         {&limit.CostError{Cost: 12, Max: 10}, `{"message":"查询过于复杂：开销 12，上限 10","extensions":{"code":"TOO_COMPLEX","cost":12,"maxCost":10,"reason":"cost","reference":"r-1","retryable":false}}`},
		"the unknown shows a reference":   {errors.New("pq: password of 张三"), `{"message":"系统内部错误，请联系管理员并提供编号 r-1","extensions":{"code":"INTERNAL","reference":"r-1","retryable":false}}`},
		"a coded INTERNAL likewise":       {&problem.Error{Code: problem.Internal, Message: "secret"}, `{"message":"系统内部错误，请联系管理员并提供编号 r-1","extensions":{"code":"INTERNAL","reference":"r-1","retryable":false}}`},
		"a timeout may be tried again":    {fmt.Errorf("query: %w", context.DeadlineExceeded), `{"message":"处理超时，请重试","extensions":{"code":"UNAVAILABLE","reason":"timeout","reference":"r-1","retryable":true}}`},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			table := graph.NewErrors(slog.New(slog.NewTextHandler(&log, nil)))
			raw, err := json.Marshal(table.Present(edge.With(t.Context(), edge.Request{ID: "r-1", Language: edge.Chinese}), c.err))
			if err != nil || string(raw) != c.want {
				t.Errorf("%s, %v", raw, err)
			}
			if logged := strings.Contains(log.String(), "reference=r-1"); logged != strings.Contains(c.want, "INTERNAL") {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func TestEnglishByAcceptLanguage(t *testing.T) {
	table := graph.NewErrors(slog.New(slog.DiscardHandler))
	ctx := edge.With(t.Context(), edge.Request{ID: "r-1", Language: edge.English})
	for want, err := range map[string]error{
		"Issue the document first: notice before action":             problem.New(problem.Conflict, "document_required", "请先生成文书"),
		"You may not do this (recusal)":                              problem.Denied("case.decide", "recusal", "应当回避"),
		"Internal error; tell the administrator this reference: r-1": errors.New("boom"),
	} {
		if got := table.Present(ctx, err).Message; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAPanicIsInternalAndLoggedWithItsStack(t *testing.T) {
	var log bytes.Buffer
	table := graph.NewErrors(slog.New(slog.NewTextHandler(&log, nil)))
	err := table.Recover(t.Context(), "boom")
	if problem.CodeOf(err) != problem.Internal || !strings.Contains(log.String(), "errors_test.go") {
		t.Error(err, log.String())
	}
}

func TestRefusalsBeforeGraphQLHaveAStatus(t *testing.T) {
	table := graph.NewErrors(slog.New(slog.DiscardHandler))
	w := httptest.NewRecorder()
	table.Refuse(w, httptest.NewRequest("POST", "/graphql", nil), &problem.Error{Code: problem.RateLimited, RetryAfter: time.Second})
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `"RATE_LIMITED"`) {
		t.Error(w.Code, w.Header(), w.Body)
	}
	w = httptest.NewRecorder()
	table.Refuse(w, httptest.NewRequest("POST", "/graphql", nil), problem.New(problem.Unauthenticated, "", "请先登录"))
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Error(w.Code, w.Header())
	}
}
