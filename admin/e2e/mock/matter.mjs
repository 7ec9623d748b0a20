// The food-business matter of the demo county, in the shape of the schema.
import { readFileSync } from 'node:fs'

const cases = JSON.parse(readFileSync(new URL('../../../internal/form/testdata/cases/food-business.json', import.meta.url), 'utf8'))

const titles = {
  business_mode: { food_sale: '食品销售', catering_service: '餐饮服务', canteen: '单位食堂' },
  categories: { prepacked: '预包装食品', bulk: '散装食品', catering: '热食类制售', school_canteen: '学校食堂', cold_dish: '冷食类制售', raw_food: '生食类制售', cake: '糕点类制售', beverage: '自制饮品' },
}

function form() {
  const schema = structuredClone(cases.spec.schema)
  schema.properties.business_mode['x-enum-titles'] = titles.business_mode
  schema.properties.categories.items['x-enum-titles'] = titles.categories
  return {
    title: '食品经营许可申请书',
    schema,
    sections: [
      { title: '经营者', fields: ['operator_name', 'uscc', 'legal_rep', 'legal_rep_id'] },
      { title: '经营场所与项目', fields: ['premises_division', 'premises_address', 'business_mode', 'categories', 'area_sqm', 'online_operation', 'website', 'safety_manager'] },
      { title: '联系与承诺', fields: ['contact_phone', 'truth_commitment'] },
    ],
    prefill: [{ field: 'operator_name', from: 'legal_entity.name', editable: false }],
    rules: [],
    sensitive: ['legal_rep_id', 'contact_phone'],
  }
}

const material = (ref, title, more) => ({ ref, title, required: true, requiredWhen: null, source: 'applicant', issuingBody: null, formKind: 'electronic', formats: ['pdf', 'jpg', 'png'], maxMb: 10, copies: 1, checkPoints: [], sampleUrl: null, blankUrl: null, commitment: null, toleranceDue: null, waiveWhenFound: false, generatedFromForm: false, ...more })

export const tenants = [
  { id: 't1', code: '430000', title: '湖南省', level: 'province', status: 'active', parent: null, portal: null },
  { id: 't2', code: '431300', title: '娄底市', level: 'city', status: 'active', parent: { code: '430000' }, portal: null },
  { id: 't3', code: '431321', title: '双峰县', level: 'county', status: 'active', parent: { code: '431300' }, portal: { title: '双峰县政务服务网', hotline: '12345', supervisionPhone: '0738-0000000' } },
  { id: 't4', code: '420000', title: '湖北省', level: 'province', status: 'active', parent: null, portal: null },
]

const food = {
  id: 'm1',
  name: 'food-business-licence',
  title: '食品经营许可（新办）',
  tenant: tenants[2],
  digest: 'a1',
  itemType: 'administrative_licence',
  caseType: 'promised',
  open: true,
  basicCode: '000131023000',
  implementationCode: '1143132100610001054000131023000',
  exerciseLevel: 'county',
  serviceObjects: ['enterprise', 'unincorporated_enterprise', 'individual_business'],
  department: { id: 'd1', title: '双峰县市场监督管理局' },
  legalBasis: [{ law: '中华人民共和国食品安全法', article: '第三十五条', documentNo: null, text: '国家对食品生产经营实行许可制度。', url: null }, { law: '食品经营许可和备案管理办法', article: null, documentNo: '国家市场监督管理总局令第78号' }],
  conditions: ['具有与经营的食品品种、数量相适应的经营场所', '有专职或者兼职的食品安全管理人员和保证食品安全的规章制度'],
  statutoryLimit: { n: 10, unit: 'workday', text: '10个工作日' },
  promisedLimit: { n: 5, unit: 'workday', text: '5个工作日' },
  acceptanceWindow: { n: 5, unit: 'workday', text: '5个工作日' },
  materials: [
    material('food-application-form', '食品经营许可申请书', { source: 'platform', generatedFromForm: true, sampleUrl: '/objects/sample.pdf', blankUrl: '/objects/blank.docx' }),
    material('business-licence-copy', '营业执照', { source: 'government_issued', issuingBody: '市场监督管理部门', waiveWhenFound: true }),
    material('premises-layout', '经营场所布局图', { checkPoints: ['标明操作流程', '标明面积'] }),
    material('safety-rules', '食品安全管理制度', { toleranceDue: { n: 5, unit: 'workday', text: '5个工作日' } }),
    material('food-safety-manager-cert', '食品安全管理员证明', { required: false, requiredWhen: "form.categories.exists(c, c == 'catering')", commitment: '承诺在取得许可前配备经培训考核合格的食品安全管理员。' }),
  ],
  form: form(),
  fee: { title: '不收费', charge: 'none', amountFen: null, basis: null },
  specialProcedures: [{ name: 'food-site-inspection', title: '现场核查', procedureType: 'site_survey', legalBasis: null, max: { n: 4, unit: 'workday', text: '4个工作日' }, promisedEffect: 'suspend', statutoryEffect: 'run', start: 'automatic' }],
  results: [{ kind: 'licence', name: 'food-business-licence', title: '食品经营许可证' }],
  situations: [{ id: 'prepack_only', title: '仅销售预包装食品', when: '', outcome: 'redirect', redirectTo: null, message: '应办理备案而非许可' }],
  channels: ['web', 'mobile', 'window', 'terminal'],
  handlingForms: ['window', 'online', 'courier'],
  delivery: ['pickup', 'courier', 'electronic'],
  onlineDepth: 'IV',
  visits: 1,
  minUserLevel: 'L2',
  steps: [
    { node: 'pre_review', title: '预审', phase: 'pre_acceptance', limit: { n: 1, unit: 'workday', text: '1个工作日' } },
    { node: 'acceptance', title: '受理', phase: 'pre_acceptance', limit: null },
    { node: 'site_inspection', title: '现场核查（特别程序）', phase: 'handling', limit: null },
    { node: 'review', title: '审查（初审）', phase: 'handling', limit: { n: 2, unit: 'workday', text: '2个工作日' } },
    { node: 'decide', title: '决定', phase: 'handling', limit: { n: 1, unit: 'workday', text: '1个工作日' } },
    { node: 'deliver', title: '制证送达', phase: 'post_decision', limit: null },
  ],
  places: { address: '双峰县政务服务中心一楼综合窗口', hours: '工作日 09:00-12:00 13:00-17:00', phone: '0738-0000001', complaint: '0738-0000002' },
  faq: [{ question: '营业执照经营范围未载明食品经营可以申请吗', answer: '请先办理营业执照变更登记。' }],
  remedies: { reconsiderationBody: '双峰县人民政府', reconsiderationDays: 60, reconsiderationFirst: false, litigationCourt: '双峰县人民法院', litigationMonths: 6 },
  themes: ['餐饮'],
}

export const matters = [food, { ...food, id: 'm2', name: 'food-record', title: '仅销售预包装食品备案', caseType: 'instant', itemType: 'public_service', form: null, materials: [], steps: [], promisedLimit: null, open: false }]

/** Data of a complete form. */
export const filled = cases.cases[0].data
