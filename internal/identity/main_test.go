package identity_test

import (
	"os"
	"testing"

	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }
