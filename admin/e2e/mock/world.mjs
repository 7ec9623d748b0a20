// The resolvers of the invented world: enough to walk each page.
import { GraphQLError } from 'graphql'
import { act, createCase, inspectedCase, issue } from './case.mjs'
import { matters, tenants } from './matter.mjs'

const refuse = (code, message, more = {}) => new GraphQLError(message, { extensions: { code, reference: 'mock', retryable: false, ...more } })
const connection = (nodes) => ({ edges: nodes.map((node) => ({ cursor: node.id, node })), pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }, totalCount: nodes.length })
const whole = (matter) => ({ ...matter, joint: false })
const listed = (found, text) => ({ ...connection(found.map(whole)), edges: found.map((one) => ({ cursor: one.id, node: whole(one), titleParts: text && one.title.includes(text) ? one.title.split(new RegExp(`(${text})`)).filter(Boolean).map((part) => ({ text: part, matched: part === text })) : [{ text: one.title, matched: false }] })), facets: facetsOf(found) })
const facetsOf = (found) => ['itemType', 'caseType'].map((name) => ({ name, values: [...new Set(found.map((one) => one[name]))].map((value) => ({ value, title: null, count: found.filter((one) => one[name] === value).length })) }))
const fits = (one, filter) => Object.entries(filter ?? {}).every(([name, value]) => one[name] === undefined || one[name] === value)
const now = () => new Date().toISOString()

// The logins of the demonstration, so that the same journeys run on both.
const staff = { shencha: '张审', jueding: '周决' }

function viewerOf(login) {
  if (!login) return null
  const name = staff[login]
  return { account: { id: 'a-' + login, name: name ?? '双峰县老味道餐馆', type: name ? 'staff' : 'legal_person', login, level: 'L3', staffNo: name ? 'S001' : null, department: null }, home: name ? tenants[2] : { code: 'national', title: '国家' }, actingTenant: tenants[2], roles: name ? [{ role: login, title: '审查人员' }] : [], permissions: name ? ['supervision.linked'] : [], departments: [] }
}

function problemsOf(draft) {
  const schema = draft.matter.form?.schema ?? { required: [], properties: {} }
  const problems = schema.required.filter((name) => draft.form[name] === undefined).map((name) => ({ path: '$.' + name, code: 'required', message: `请填写“${schema.properties[name].title}”`, severity: 'error' }))
  const division = draft.form.premises_division
  if (division && !division.startsWith('431321')) problems.push({ path: '$.premises_division', code: 'rule:local_premises', message: '经营场所不在本县，请向所在地申请', severity: 'error' })
  for (const one of draft.matter.materials) {
    const given = draft.materials.find((material) => material.ref === one.ref)
    if (one.required && !one.generatedFromForm && !given?.files.length && !given?.commitment) problems.push({ path: `$.materials[ref=${one.ref}]`, code: 'required', message: `缺少必需材料“${one.title}”`, severity: 'error' })
  }
  return problems
}

export function createWorld() {
  const sessions = new Map()
  const files = new Map()
  const drafts = []
  const reviewer = { id: 'a-shencha', name: staff.shencha }
  const cases = [createCase('431321-2026-000001', 'acceptance', 1, reviewer), createCase('431321-2026-000002', 'acceptance', -1, null), inspectedCase(), createCase('431321-2026-000004', 'review', 4, reviewer, { status: 'accepted', statusText: '已受理', acceptedOn: '2026-03-03' })]
  const signedIn = (context) => {
    if (!context.login) throw refuse('UNAUTHENTICATED', '请先登录')
    return context.login
  }
  const taskById = (id) => cases.flatMap((one) => one.tasks).find((task) => task.id === id)
  const materialsOf = (input) => (input ?? []).map((one) => ({ ref: one.ref, files: (one.files ?? []).map((id) => files.get(id)), reuse: null, commitment: one.commitment ?? false }))
  const caseById = (id) => cases.find((one) => one.id === id)

  const query = {
    viewer: (_, context) => viewerOf(context.login),
    tenant: ({ code }) => tenants.find((one) => one.code === code) ?? null,
    tenants: ({ parent, level }) => connection(tenants.filter((one) => (parent ? one.parent?.code === parent : !level || one.level === level))),
    matters: ({ text, filter }) => listed(matters.filter((one) => (!text || one.title.includes(text) || 'spjyxkz'.startsWith(text)) && fits(one, filter)), text),
    matter: ({ name }) => matters.find((one) => one.name === name) ?? null,
    drafts: (_, context) => signedIn(context) && connection(drafts),
    case: ({ id }, context) => signedIn(context) && (caseById(id) ?? null),
    myCases: (_, context) => signedIn(context) && connection(cases),
    caseProgress: ({ number, queryCode }) => {
      const found = cases.find((one) => one.number === number && one.queryCode === queryCode)
      return found ? { number, matterTitle: found.matter.title, tenantTitle: found.tenant.title, departmentTitle: found.matter.department.title, status: found.status, statusText: found.statusText, outcome: null, receivedAt: found.receivedAt, acceptedOn: found.acceptedOn, promisedDueOn: found.promisedDueOn, waitingFor: 'agency', steps: [{ title: '收件', at: found.receivedAt }], flow: found.flow } : null
    },
    verifyLicence: ({ identifier, qr }) => (identifier === 'forged' || qr === 'forged' ? { verdict: 'forged', message: '签名与内容不符', fields: [], checkedAt: now(), signatureValid: false } : { verdict: 'valid', message: '该证照真实，目前有效。', status: 'valid', licenceNo: 'JY24313210000019', identifier: identifier ?? qr, title: '食品经营许可证', issuer: '双峰县市场监督管理局', validFrom: '2026-03-10', validTo: '2031-03-09', fields: [{ name: 'holder', title: '经营者', value: '双峰县老味道餐馆' }], signatureValid: true, checkedAt: now() }),
    tasks: ({ filter }, context) => {
      signedIn(context)
      const view = filter?.view ?? 'todo'
      const all = cases.flatMap((one) => one.tasks).filter((task) => !filter?.number || task.case.number.startsWith(filter.number))
      return connection(all.filter((task) => (view === 'mine' ? task.assignee : view === 'claimable' ? !task.assignee : view !== 'done')))
    },
    subordinates: ({ under }) => connection(tenants.filter((one) => one.parent?.code === under)),
    linkedCases: (_, context) => signedIn(context) && connection(cases.map((one, i) => ({ id: 'l' + one.id, tenant: one.tenant.code, tenantTitle: one.tenant.title, number: one.number, matterTitle: one.matter.title, departmentTitle: one.matter.department.title, applicantMasked: '双峰县***餐馆', status: one.status, outcome: null, receivedAt: one.receivedAt, acceptedOn: one.acceptedOn, promisedDueOn: one.promisedDueOn, statutoryDueOn: one.statutoryDueOn, light: ['green', 'red', 'yellow'][i % 3], updatedAt: now() }))),
  }

  const mutation = {
    signIn: ({ input }, context) => {
      if (input.password === 'wrong') throw refuse('UNAUTHENTICATED', '登录名或密码不正确', { reason: 'bad_credentials' })
      const id = 's' + sessions.size
      sessions.set(id, input.login)
      context.cookie = id
      return { token: id, expiresAt: now(), viewer: viewerOf(input.login) }
    },
    signOut: (_, context) => {
      context.cookie = ''
      return { ended: true }
    },
    saveDraft: ({ input }, context) => {
      signedIn(context)
      let draft = drafts.find((one) => one.id === input.draft)
      if (!draft) drafts.push((draft = { id: 'd' + drafts.length, matter: matters.find((one) => one.id === input.matter), materials: [], changes: [], expiresAt: new Date(Date.now() + 30 * 86400e3).toISOString(), version: 0 }))
      Object.assign(draft, { form: input.form, savedAt: now(), version: draft.version + 1 })
      if (input.materials) draft.materials = materialsOf(input.materials)
      draft.problems = problemsOf(draft)
      return { draft }
    },
    requestUpload: ({ input }) => {
      const file = { id: 'u' + files.size, filename: input.filename, size: input.size, mime: input.mime, sha256: input.sha256, status: 'pending', url: null }
      files.set(file.id, file)
      return { file, url: '/objects/' + file.id, method: 'PUT', headers: { 'Content-Type': input.mime }, expiresAt: now() }
    },
    completeUpload: ({ input }) => ({ file: Object.assign(files.get(input.file), { status: 'stored', url: '/objects/' + input.file }) }),
    submitApplication: ({ input }) => {
      const draft = drafts.find((one) => one.id === input.draft)
      const problems = problemsOf(draft)
      if (problems.length > 0) throw refuse('VALIDATION', '输入有误，请按提示修改', { problems })
      const found = createCase('431321-2026-00000' + (cases.length + 1), 'acceptance', 5, null, { form: draft.form })
      cases.unshift(found)
      drafts.splice(drafts.indexOf(draft), 1)
      return { case: found }
    },
    resubmitCorrection: ({ input }) => {
      const found = caseById(input.case)
      Object.assign(found, { status: 'received', statusText: '已收件', corrections: found.corrections.map((one) => ({ ...one, status: 'satisfied' })) })
      return { case: found }
    },
    withdrawCase: ({ input }) => ({ case: Object.assign(caseById(input.case), { status: 'ended', statusText: '已撤回', outcome: 'withdrawn', verbs: [], tasks: [] }) }),
    claimTask: ({ input }, context) => ({ task: Object.assign(taskById(input.task), { assignee: { id: 'a-' + context.login, name: staff[context.login] }, state: 'in_progress' }) }),
    releaseTask: ({ input }) => ({ task: Object.assign(taskById(input.task), { assignee: null, state: 'offered' }) }),
    issueDocument: ({ input }) => {
      const task = taskById(input.task)
      return { document: issue(task.case, task.actions.find((one) => one.id === input.action)), task }
    },
    actOnTask: ({ input }, context) => {
      const task = taskById(input.task)
      const action = task.actions.find((one) => one.id === input.action)
      if (input.version !== task.case.version) throw refuse('CONFLICT', '办件已被他人更改，请刷新后重试', { reason: 'stale_version', retryable: true })
      if (!action.unlocked) throw refuse('CONFLICT', action.lockedMessage, { reason: action.lockedReason })
      if (action.requires.includes('opinion') && !input.opinion) throw refuse('VALIDATION', '输入有误，请按提示修改', { problems: [{ path: '$.fields.opinion', code: 'required', message: '须填写意见' }] })
      act(task.case, task, action, staff[context.login] ?? context.login)
      return { case: task.case }
    },
    recordSpecialResult: ({ input }) => {
      const found = cases.find((one) => one.specials.some((special) => special.id === input.special))
      Object.assign(found.specials[0], { status: 'completed', result: input.report.result, report: input.report, recordable: false })
      return { special: found.specials[0], case: found }
    },
  }
  return { sessions, root: { ...query, ...mutation } }
}
