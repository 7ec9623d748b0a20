import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary } from '@/components/error-summary'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import type { Data } from '@/form/schema'
import { go } from '@/route/route'
import { t } from '@/text'
import { Fields } from '@/widgets/fields'
import { Refused, type Application } from './apply'
import { errorsByPath, problemsIn, remarksIn, schemaOf, sectionsOf, targetOf } from './model'
import { toTasks } from './tasks'

interface Shown {
  path?: string | null
  message: string
}

/** One page of the form. The browser checks it before it is sent; what only the server knows is shown after. */
export function SectionPage({ application, index }: { application: Application; index: number }) {
  const { matter, draft, save, busy, error, at } = application
  const sections = sectionsOf(matter)
  const section = sections[index - 1]
  const [data, setData] = useState<Data>((draft?.form ?? {}) as Data)
  const [wrong, setWrong] = useState<Shown[]>(() => serverErrors(application, section?.fields ?? []))
  if (!section) return <Page title={t('page.lost')}>{t('page.lostHint')}</Page>
  const schema = schemaOf(matter)
  const next = index < sections.length ? at(`section/${index + 1}`) : matter.materials.length > 0 ? at('materials') : at('check')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const problems = problemsIn(matter, data, section.fields)
    setWrong(problems)
    if (problems.length > 0) return
    const saved = await save(data)
    if (!saved) return
    const remarks = remarksIn(saved.problems, section.fields).filter((remark) => remark.severity === 'error')
    setWrong(remarks)
    if (remarks.length === 0) go(next)
  }
  const leave = async () => {
    if (await save(data)) toTasks(application)
  }
  const all = [...wrong, ...(error?.problems ?? [])]
  const prefilled = Object.fromEntries((matter.form?.prefill ?? []).map((one) => [one.field, t(one.editable ? 'apply.prefilled' : 'apply.prefilledFixed')]))
  const warnings = remarksIn(draft?.problems ?? [], section.fields).filter((remark) => remark.severity === 'warning')
  return (
    <Page title={section.title} caption={t('apply.step', { title: matter.title, n: index, of: sections.length })} back={{ to: at(), label: t('apply.toTasks') }}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary errors={all.map((one) => ({ target: targetOf(one.path ?? ''), message: one.message }))} />
        <Refused error={error} />
        {section.conditional && <Notice>{t('apply.conditionalHint')}</Notice>}
        {warnings.map((warning) => (
          <Notice key={warning.code} tone="warning" title={t('apply.remark')}>
            <p>{warning.message}</p>
          </Notice>
        ))}
        <Fields names={section.fields} schema={schema} root={schema} path="$" data={data} onChange={setData} errors={errorsByPath(all)} hints={prefilled} />
        <div className="actions">
          <Button type="submit" busy={busy}>
            {t('apply.continue')}
          </Button>
          <Button look="secondary" busy={busy} onClick={leave}>
            {t('apply.later')}
          </Button>
        </div>
      </form>
    </Page>
  )
}

/** What the server remarked on answers already given; unanswered fields are asked for first. */
function serverErrors({ draft }: Application, fields: string[]): Shown[] {
  const unasked = new Set(['required', 'dependentRequired', 'minItems'])
  return remarksIn(draft?.problems ?? [], fields).filter((remark) => remark.severity === 'error' && !unasked.has(remark.code))
}
