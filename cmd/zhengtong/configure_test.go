package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhengtong/internal/testkit"
)

// faster is the county's matter with a promise of so many working days; the shipped one promises 5.
func faster(t *testing.T, days int) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(testkit.Root(), "tenants/hunan/loudi/shuangfeng/matters/food.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(content), "promised_limit: {n: 5,", fmt.Sprintf("promised_limit: {n: %d,", days), 1)
	if edited == string(content) {
		t.Fatal("the shipped matter no longer promises 5 days")
	}
	return edited
}
