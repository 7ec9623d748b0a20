package code_test

import (
	"fmt"
	"time"

	"zhengtong/internal/code"
)

func ExampleCheckUSCC() {
	fmt.Println(code.CheckUSCC("114313210061000105"))
	fmt.Println(code.CheckUSCC("114313210061000106"))
	// Output:
	// <nil>
	// 第 18 位校验码应为“5”，实为“6”
}

func ExamplePattern_Format() {
	p, err := code.ParsePattern("受〔{yyyy}〕{dept}第{seq:6}号", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Format(code.Values{Date: time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC), Department: "双市监", Seq: 1}))
	// Output: 受〔2026〕双市监第000001号 <nil>
}
