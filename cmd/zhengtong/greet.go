package main

import (
	"fmt"
	"io"
)

// greet says where the demonstration is and who may sign in.
func (a *app) greet(out io.Writer) {
	origin := a.settings.Origin()
	fmt.Fprintf(out, `
政通演示环境已就绪（虚拟时钟：%s）

  办事大厅    %s/
  工作台      %s/desk
  GraphQL     %s/graphql      结构 %s/schema.graphql
  健康检查    %s/readyz

  账号（口令均为 Zhengtong#2026；工作人员登录时填区划代码）
    申请人  xiangwei（企业）  yongfeng（个体）  lixiang、zhouji（公民）
    双峰县 431321  chuangkou（窗口）  shencha、shencha2（审查）  hecha、hecha2（核查）  jueding（决定）  juzhang（负责人）
    湖南省 430000  sheng-jiancha（联动监察）

  走一遍完整办件：bin/zhengtong demo --server %s

`, a.clock.Now().In(demoStart.Location()).Format("2006-01-02 15:04"), origin, origin, origin, origin, origin, origin)
}
