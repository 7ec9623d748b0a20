package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/jackc/pgx/v5"

	"zhengtong/internal/matter"
)

const (
	mattersATenant = 500
	otherTenants   = 3000 // whose matters must not matter
	searchP95      = 50   // milliseconds
	searchGrowth   = 1.25 // of the median, from the searched tenants alone to all of them
)

// What titles are made of: 100 things, 5 acts.
var (
	things = strings.Fields(`食品经营 食品生产 小餐饮经营 药品经营 医疗器械经营 道路货物运输经营 道路旅客运输 劳务派遣经营 人力资源服务 取水 建筑工程施工
		占用城市道路 挖掘城市道路 户外广告设置 公共场所卫生 饮用水供水单位卫生 民办学校办学 民办幼儿园设立 医疗机构执业 诊所设立 特种设备使用 危险化学品经营
		烟花爆竹零售 旅馆业特种行业 典当业特种行业 公章刻制业特种行业 机动车驾驶证 居民身份证 普通护照 往来港澳通行证 结婚登记 离婚登记 收养登记 社会团体成立
		民办非企业单位成立 企业设立 个体工商户设立 农民专业合作社设立 不动产首次登记 不动产转移登记 不动产抵押权登记 不动产预告登记 住房公积金提取 住房公积金贷款
		社会保险参保 养老保险关系转移 失业保险金申领 工伤认定 生育津贴支付 异地就医备案 老年人优待证 残疾人证 最低生活保障 特困人员供养 临时救助 高龄津贴
		林木采伐 木材运输 陆生野生动物繁育 动物防疫条件 动物诊疗 种畜禽生产经营 农药经营 兽药经营 种子生产经营 拖拉机驾驶证 渔业捕捞 水域滩涂养殖 排污
		环境影响评价 危险废物经营 辐射安全 建设用地规划 建设工程规划 临时用地 采矿权 探矿权 测绘资质 地图审核 雷电防护装置设计 升放气球活动 人防工程
		建设工程消防设计 公众聚集场所消防安全 网络文化经营 营业性演出 文物保护工程 出版物零售 印刷经营 电影放映 广播电视节目制作 律师执业 公证员执业
		法律援助 教师资格 外国人工作 集体合同审查 特殊工时 粮食收购 固定资产投资项目节能 政府投资项目 烟草专卖零售 成品油零售`)
	acts = []string{"许可（新办）", "许可变更", "许可延续", "注销", "补办"}
)

// searches are what one reader asks for in turn: one character, two, whole titles,
// pinyin and its beginnings, initials, mixtures, what people say, filters, hot lists,
// and what is not there.
var searches = []map[string]any{
	{"text": "食"}, {"text": "许可"}, {"text": "食品"}, {"text": "食品经营许可"}, {"text": "护照 补办"}, {"text": "shipin"}, {"text": "jingy"}, {"text": "zhuxiao"},
	{"text": "spjyxk"}, {"text": "xk"}, {"text": "食品jy"}, {"text": "开饭店"}, {"text": "食品经营许可证"}, {"text": "驾駛證"},
	{"text": "许可", "filter": map[string]any{"serviceGroup": "enterprise", "onlineDepth": "III"}}, {"filter": map[string]any{"theme": "餐饮", "caseType": "instant"}},
	{"orderBy": "hot"}, {"text": "火箭发射场"}, {"text": "qushuii"},
}

const searchQuery = `query($text: String, $filter: MatterFilter, $orderBy: MatterOrder) { matters(text: $text, filter: $filter, orderBy: $orderBy) {
	edges { cursor titleParts { text matched } node { id title itemType caseType tenant { code title } } } pageInfo { hasNextPage } } }`

// measureSearch reads result pages in tenants of the demonstration, first with their
// own matters alone, then with those of 3,000 tenants more in the same table.
func measureSearch(ctx context.Context, b *bench) ([]Row, error) {
	tenants, err := b.world.searched(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := b.world.fillMatters(ctx, tenants); err != nil {
		return nil, err
	}
	alone, err := b.world.search(ctx, tenants, b.Time)
	if err != nil {
		return nil, err
	}
	others := make([]string, otherTenants)
	for i := range others {
		others[i] = fmt.Sprintf("9%05d", i)
	}
	b.say("filling in %d matters of %d other tenants", otherTenants*mattersATenant, otherTenants)
	began := time.Now()
	rows, err := b.world.fillMatters(ctx, others)
	if err != nil {
		return nil, err
	}
	filled := time.Since(began)
	used, err := processorTime()
	if err != nil {
		return nil, err
	}
	among, err := b.world.search(ctx, tenants, b.Time)
	if err != nil {
		return nil, err
	}
	after, err := processorTime()
	if err != nil {
		return nil, err
	}
	cpu := (after - used) / time.Duration(len(among)+len(tenants)*len(searches)) // the first round included
	var size string
	if err := b.world.owner.QueryRow(ctx, "SELECT pg_size_pretty(pg_relation_size('matter')) || ', indexes ' || pg_size_pretty(pg_indexes_size('matter'))").Scan(&size); err != nil {
		return nil, err
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	what := fmt.Sprintf("pages of 20 through GraphQL over HTTP, one reader, %d kinds of searches in turn in %d tenants with %d matters each, those above searched too",
		len(searches), len(tenants), mattersATenant)
	latency := Row{Name: "search", What: what + fmt.Sprintf("; 95th percentile at %d matters", rows+len(tenants)*mattersATenant), Ours: ms(percentile(among, 95)),
		Unit: "ms", Aim: atMost(searchP95),
		Note: fmt.Sprintf("median %s, %d searches; processor time of this process, reader included: %s each; table %s; filled with all its indexes in %s", milliseconds(percentile(among, 50)), len(among), milliseconds(cpu), size, filled.Round(time.Second))}
	growth := Row{Name: "search-growth", What: what + "; the median", Against: "the same searches before the other tenants' matters were in the table",
		Ours: ms(percentile(among, 50)), Reference: ms(percentile(alone, 50)), Unit: "ms", Aim: atMost(searchGrowth)}
	growth.Ratio = growth.Ours / growth.Reference
	return []Row{latency.judged(), growth.judged()}, nil
}

// searched are the demonstration's tenants but the realm.
func (w *world) searched(ctx context.Context) ([]string, error) {
	rows, err := w.owner.Query(ctx, "SELECT tenant_id FROM tenant WHERE tenant_id <> 'national' ORDER BY tenant_id")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// fillMatters copies a catalogue into each of the tenants, and returns how many rows that was.
func (w *world) fillMatters(ctx context.Context, tenants []string) (int, error) {
	columns := []string{"tenant_id", "id", "name", "title", "basic_code", "item_type", "case_type", "department", "department_title", "line", "level", "audiences",
		"themes", "channels", "deliveries", "online_depth", "joint", "status", "public_listed", "digest", "revision", "updated_at", "search", "sounds"}
	projection, now := matter.NewProjection(nil), time.Now().UTC()
	templates := make([][]any, 0, mattersATenant)
	for i := range mattersATenant {
		row := matter.Row{Title: things[i/len(acts)] + acts[i%len(acts)], BasicCode: fmt.Sprintf("000900%06d", i), DepartmentTitle: "市场监督管理局", Themes: []string{"餐饮"}}
		search, sounds := projection.Indexed(row)
		templates = append(templates, []any{nil, nil, fmt.Sprintf("bench-%d", i), row.Title, row.BasicCode, "administrative_licence", []string{"instant", "promised"}[i%2],
			"scjgj", row.DepartmentTitle, "市场监管", "county", `["enterprise","individual_business"]`, `["餐饮"]`, `["web"]`, `["pickup"]`, []string{"I", "II", "III", "IV"}[i%4],
			i%7 == 0, "published", true, strings.Repeat("0", 64), 1, now, search, sounds})
	}
	n := 0
	source := pgx.CopyFromFunc(func() ([]any, error) {
		if n == len(tenants)*mattersATenant {
			return nil, nil
		}
		id, err := uuid.NewV7()
		row := append([]any{tenants[n/mattersATenant], [16]byte(id)}, templates[n%mattersATenant][2:]...)
		n++
		return row, err
	})
	if _, err := w.owner.CopyFrom(ctx, pgx.Identifier{"matter"}, columns, source); err != nil {
		return 0, fmt.Errorf("copy matters: %w", err)
	}
	_, err := w.owner.Exec(ctx, "VACUUM ANALYZE matter")
	return n, err
}

// search asks for every kind of search in every tenant in turn, alone, for a time, and
// returns what each took. The first round is not counted: it fills caches.
func (w *world) search(ctx context.Context, tenants []string, during time.Duration) ([]time.Duration, error) {
	var bodies [][]byte
	for _, variables := range searches {
		request, err := body(searchQuery, variables)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, request)
	}
	reader := &client{http: newHTTP(), origin: strings.TrimRight(w.server.Origin, "/")}
	var out []time.Duration
	round := len(tenants) * len(bodies)
	began := time.Now()
	for n := 0; n < 2*round || time.Since(began) < during; n++ {
		reader.tenant = tenants[n/len(bodies)%len(tenants)]
		started := time.Now()
		if _, err := reader.send(ctx, bodies[n%len(bodies)], ""); err != nil {
			return nil, err
		}
		if n >= round {
			out = append(out, time.Since(started))
		} else {
			began = time.Now()
		}
	}
	return out, nil
}
