package kind

// FeeSchedule computes what a matter costs. Amounts are whole fen; formulas are decimal.
type FeeSchedule struct {
	Title      string            `yaml:"title!" format:"title" doc:"收费标准名称"`
	Charge     string            `yaml:"charge!" enum:"none,fixed,formula" doc:"不收费、固定、公式"`
	LegalBasis string            `yaml:"legal_basis!" format:"text" missing:"V-12" doc:"收费或不收费的依据"`
	Payee      *Payee            `yaml:"payee" doc:"收款方"`
	Unit       string            `yaml:"unit" enum:"fen" default:"fen" doc:"单位：分"`
	Tables     map[string]any    `yaml:"tables" doc:"费率表；整数写数字，小数写带引号的文本"`
	Inputs     map[string]string `yaml:"inputs" expr:"fee" doc:"中间量：名称到表达式，可引用其他中间量"`
	Amount     string            `yaml:"amount" expr:"fee" doc:"金额（分）"`
	Rounding   *Rounding         `yaml:"rounding" doc:"取整"`
	Waivers    []Waiver          `yaml:"waivers" merge:"key=id" doc:"减免"`
	Due        *FeeDue           `yaml:"due" doc:"缴费期限"`
	Methods    []string          `yaml:"methods" merge:"set" enum:"online,pos,cash,transfer" doc:"缴费方式"`
	Adjust     *FeeAdjust        `yaml:"adjust" doc:"人工调整"`
	Refund     *Refund           `yaml:"refund" doc:"退费"`
	Tests      []FeeTest         `yaml:"tests" doc:"用例，发布时执行"`
}

// Payee is who receives the money.
type Payee struct {
	Department  string `yaml:"department!" ref:"Department" doc:"执收部门"`
	AccountCode string `yaml:"account_code!" format:"id" doc:"非税账户代码"`
}

// Rounding makes whole fen, jiao or yuan.
type Rounding struct {
	Mode string `yaml:"mode!" enum:"half_up,half_even,down,up" doc:"四舍五入、银行家舍入、舍去、进位"`
	To   string `yaml:"to!" enum:"fen,jiao,yuan" doc:"取整到"`
}

// Waiver multiplies the amount by Rate when its condition holds.
type Waiver struct {
	ID       string `yaml:"id!" format:"id" doc:"标识"`
	Title    string `yaml:"title" format:"title" doc:"名称"`
	When     string `yaml:"when!" expr:"fee_waiver" doc:"条件（表达式）"`
	Rate     string `yaml:"rate!" format:"decimal" doc:"应缴比例，0.0 全免，0.5 减半"`
	Approval string `yaml:"approval" ref:"Role" doc:"须由谁批准"`
}

// FeeDue is the payer's clock.
type FeeDue struct {
	Limit
	From     string `yaml:"from" enum:"bill_issued,decided" default:"bill_issued" doc:"起算"`
	OnExpiry string `yaml:"on_expiry" enum:"hold_result,remind" default:"hold_result" doc:"逾期：扣住结果、只提醒；准予决定不因欠费撤销"`
}

// FeeAdjust lets one person ask and another approve another amount.
type FeeAdjust struct {
	RequestRole    string `yaml:"request_role!" ref:"Role" doc:"提出的角色"`
	ApproveRole    string `yaml:"approve_role!" ref:"Role" doc:"批准的角色"`
	ReasonRequired bool   `yaml:"reason_required" default:"true" doc:"须写理由"`
	Only           string `yaml:"only" enum:"decrease,increase,both" default:"decrease" doc:"只可减少、增加或都可以"`
}

// Refund says when and how much is given back.
type Refund struct {
	Allowed       bool         `yaml:"allowed!" doc:"是否可退"`
	Cases         []RefundCase `yaml:"cases" merge:"key=id" doc:"退费情形"`
	ApproveRole   string       `yaml:"approve_role" ref:"Role" doc:"批准的角色"`
	OriginalRoute bool         `yaml:"original_route" default:"true" doc:"原路退回"`
	Within        *Limit       `yaml:"within" doc:"多长时间内退"`
}

// RefundCase is one reason to refund.
type RefundCase struct {
	ID     string `yaml:"id!" format:"id" doc:"标识"`
	When   string `yaml:"when!" expr:"refund" doc:"条件（表达式）"`
	Amount string `yaml:"amount!" expr:"refund_amount" doc:"退费金额（分）"`
}

// FeeTest is a worked example; with Refund it tests that refund case after paying in full.
type FeeTest struct {
	Form      map[string]any `yaml:"form!" doc:"表单内容"`
	Applicant map[string]any `yaml:"applicant" doc:"申请人"`
	Facts     map[string]any `yaml:"facts" doc:"事实"`
	Case      map[string]any `yaml:"case" doc:"办件"`
	Refund    string         `yaml:"refund" format:"id" doc:"测试哪个退费情形"`
	ExpectFen int64          `yaml:"expect_fen!" min:"0" doc:"期望金额（分）"`
}
