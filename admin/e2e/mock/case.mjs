// Cases of the invented world and what happens when they are acted on.
import { filled, matters } from './matter.mjs'

const now = () => new Date().toISOString()
const text = (name, title, more = {}) => ({ name, title, type: 'string', required: true, options: [], maxLength: 500, min: null, max: null, default: null, ...more })

const clock = (kind, title, n, dueOn, remaining) => ({ id: 'k' + kind, kind, title, party: 'agency', unit: 'workday', n, extended: 0, startedOn: '2026-03-02', dueOn, provisional: false, state: 'running', remaining, segments: [{ fromOn: '2026-03-04', toOn: '2026-03-06', reason: '现场核查', basis: null, shift: 2 }], explain: [`自 2026-03-02 次日起算 ${n} 个工作日`, '3月7日、8日为周末，不计', `期满日为 ${dueOn}`] })

const actions = {
  acceptance: () => [
    { id: 'accept', title: '受理', effect: 'accept', requires: [], document: 'acceptance', documentTitle: '受理通知书', issued: null, unlocked: false, lockedReason: 'document_required', lockedMessage: '须先出具受理通知书', inputs: [] },
    { id: 'refuse', title: '不予受理', effect: 'refuse_acceptance', requires: ['reason', 'legal_basis'], document: 'non_acceptance', documentTitle: '不予受理通知书', issued: null, unlocked: false, lockedReason: 'document_required', lockedMessage: '须先出具不予受理通知书', inputs: [text('reason', '理由', { type: 'text' }), text('legal_basis', '法律依据')] },
    { id: 'correct', title: '补正补齐', effect: 'issue_correction', requires: ['item_list', 'reason'], document: 'correction', documentTitle: '补正材料一次性告知书', issued: null, unlocked: false, lockedReason: 'document_required', lockedMessage: '须先出具补正材料一次性告知书', inputs: [text('item_list', '补正事项', { type: 'items', maxLength: null }), text('reason', '理由', { type: 'text' })] },
  ],
  review: () => [{ id: 'submit', title: '完成初审', effect: null, requires: ['opinion'], document: null, documentTitle: null, issued: null, unlocked: true, lockedReason: null, lockedMessage: null, inputs: [] }],
  decide: () => [{ id: 'grant', title: '准予', effect: 'decide_grant', requires: ['opinion'], document: 'grant', documentTitle: '准予行政许可决定书', issued: null, unlocked: false, lockedReason: 'separation_of_duty', lockedMessage: '初审人员不得作出决定', inputs: [] }],
}
const titles = { acceptance: '受理', review: '审查（初审）', decide: '决定' }
const following = { acceptance: 'review', review: 'decide' }

let serial = 100

function task(found, node, remaining, assignee) {
  return {
    id: `k-${found.id}-${node}`, case: found, node, title: titles[node], state: assignee ? 'in_progress' : 'offered', assignee: assignee ?? null, candidates: [{ id: 'a-shencha', name: '张审' }, { id: 'a-jueding', name: '周决' }],
    openedAt: now(), dueOn: '2026-03-09', remaining, closedAt: null, action: null, opinion: null, actions: actions[node](),
    form: node === 'review' ? [text('recommend', '建议', { type: 'enum', options: [{ value: 'grant', title: '准予' }, { value: 'refuse', title: '不予' }], maxLength: null })] : [],
  }
}

/** A case at a node of the workflow. */
export function createCase(number, node, remaining, assignee, more = {}) {
  const found = {
    id: 'c' + number, number, queryCode: '7K3M9Q', status: 'received', statusText: '已收件', outcome: null, finishCode: null, source: 'native', channel: 'web', tenant: matters[0].tenant, matter: matters[0], matterDigest: 'a1', facts: {}, digest: 'f0'.repeat(32),
    applicant: { type: 'enterprise', name: '双峰县老味道餐馆', uscc: '91431321MA4L00011P', idMasked: '4313********0013', mobileMasked: '138****0000', agentName: null },
    form: filled,
    materials: matters[0].materials.map((one) => ({ ref: one.ref, title: one.title, required: one.required, status: 'submitted', defectNote: null, dueOn: null, fulfilledBy: null, files: [{ id: 'f-' + one.ref, filename: one.title + '.pdf', size: 123456, mime: 'application/pdf', sha256: 'ab'.repeat(32), status: 'stored', url: '/objects/' + one.ref + '.pdf' }] })),
    tasks: [], clocks: [clock('acceptance', '受理时限', 5, '2026-03-09', 3), clock('statutory', '法定办结时限', 10, '2026-03-16', 8)],
    timeline: [{ seq: 1, type: 'case.received', title: '收件', actorName: '双峰县老味道餐馆', actingRole: '申请人', at: '2026-03-02T01:30:00Z', payload: {}, prevHash: '', hash: '9f'.repeat(32), algorithm: 'sha256' }],
    documents: [{ id: 'doc1', alias: 'receipt', title: '窗口收件回执单', number: '收〔2026〕双市监第000001号', class: 'receipt', digest: '', templateDigest: '', values: {}, date: '2026-03-02', caseVersion: 1, issuedBy: null, issuedAt: now(), file: { id: 'p1', url: '/objects/receipt.pdf' }, voided: false, voidReason: null }],
    flow: Object.entries(titles).map(([id, title], i, all) => ({ title, phase: i ? 'handling' : 'pre_acceptance', state: id === node ? 'current' : i < all.findIndex(([other]) => other === node) ? 'done' : 'ahead', limit: null })),
    corrections: [], specials: [], extensions: [], licence: null, verbs: [{ id: 'withdraw', title: '撤回申请', permitted: true, reason: null }],
    receivedAt: '2026-03-02T01:30:00Z', acceptedOn: null, deemedAccepted: false, decidedOn: null, finishedAt: null, promisedDueOn: '2026-03-10', statutoryDueOn: '2026-03-16', archive: null, version: 3, ...more,
  }
  if (node) found.tasks = [task(found, node, remaining, assignee)]
  return found
}

/** A case in the course of site inspection. */
export function inspectedCase() {
  const found = createCase('431321-2026-000003', null, 0, null, { status: 'suspended', statusText: '特别程序中', acceptedOn: '2026-03-03' })
  found.specials = [{ id: 's1', procedure: 'food-site-inspection', title: '现场核查', procedureType: 'site_survey', status: 'running', reason: null, startedOn: '2026-03-04', expectedOn: '2026-03-10', endedOn: null, promisedEffect: 'suspend', statutoryEffect: 'run', result: null, report: null, executors: [], minimumPersons: 2, recordable: true, decidable: false, inputs: [text('result', '核查结果', { type: 'enum', options: [{ value: 'passed', title: '合格' }, { value: 'failed', title: '不合格' }, { value: 'rectify', title: '限期整改' }] }), text('findings', '核查情况', { type: 'text', required: false }), text('photos', '现场照片', { type: 'files', min: 1 }), text('gps', '位置', { type: 'position' })], case: found }]
  return found
}

/** The record of a document, which unlocks its action. */
export function issue(found, action) {
  serial++
  const document = { ...found.documents[0], id: 'doc' + serial, alias: action.document, title: action.documentTitle, class: 'notice', number: `受〔2026〕双市监第${String(serial).padStart(6, '0')}号`, file: null }
  found.documents = [...found.documents, document]
  Object.assign(action, { issued: document, unlocked: true, lockedReason: null, lockedMessage: null })
  return document
}

/** An action done: an event, the next task. */
export function act(found, done, action, actor) {
  const last = found.timeline.at(-1)
  found.timeline = [...found.timeline, { ...last, seq: last.seq + 1, type: 'task.done', title: `${done.title}：${action.title}`, actorName: actor, actingRole: done.title, at: now(), prevHash: last.hash, hash: String(serial++).padStart(64, '0') }]
  const next = following[done.node]
  found.tasks = action.id === 'correct' ? [] : next ? [task(found, next, 2, done.assignee)] : []
  if (action.id === 'correct') Object.assign(found, { status: 'awaiting_correction', statusText: '待补正', corrections: [{ id: 'r1', sequence: 1, items: [{ material: 'premises-layout', field: null, requirement: '布局图未标明操作流程，请重新提交' }], reason: '材料不符合法定形式', issuedAt: now(), applicantDueOn: '2026-03-12', resubmittedAt: null, status: 'issued', document: null }] })
  if (action.effect === 'accept') Object.assign(found, { status: 'accepted', statusText: '已受理', acceptedOn: '2026-03-03' })
  found.version++
}
