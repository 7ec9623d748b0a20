import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary } from '@/components/error-summary'
import { TextBox } from '@/components/field'
import { SummaryList, Timeline } from '@/components/list'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { Show } from '@/components/state'
import { CaseProgressDocument, type CaseProgressQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { usePlace } from '@/route/route'
import { t, word } from '@/text'
import { day, instant } from '@/text/date'
import { FlowSteps } from './flow'
import { Status } from './status'

/** Progress without log-in, by number and query code. The code stays out of the address bar. */
export function ProgressPage() {
  const { search } = usePlace()
  const [typed, setTyped] = useState({ number: search.get('number') ?? '', code: '' })
  const [asked, setAsked] = useState<{ number: string; queryCode: string } | null>(null)
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const progress = useQuery(CaseProgressDocument, asked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const missing: Record<string, string> = {}
    if (!typed.number.trim()) missing.number = t('progress.needNumber')
    if (!typed.code.trim()) missing.code = t('progress.needCode')
    setWrong(missing)
    if (Object.keys(missing).length > 0) return
    setAsked({ number: typed.number.trim(), queryCode: typed.code.trim() })
    progress.reload()
  }
  return (
    <Page title={t('progress.title')}>
      <p className="lead">{t('progress.lead')}</p>
      <form onSubmit={submit} noValidate className="narrow">
        <ErrorSummary errors={Object.entries(wrong).map(([target, message]) => ({ target, message }))} />
        <TextBox id="number" label={t('done.number')} error={wrong.number} value={typed.number} onChange={(number) => setTyped({ ...typed, number })} autoComplete="off" />
        <TextBox id="code" label={t('done.queryCode')} hint={t('progress.codeHint')} error={wrong.code} value={typed.code} onChange={(code) => setTyped({ ...typed, code })} autoComplete="off" />
        <Button type="submit">{t('progress.submit')}</Button>
      </form>
      {asked && (
        <div aria-live="polite">
          <Show loaded={progress}>{(data) => <Result data={data} />}</Show>
        </div>
      )}
    </Page>
  )
}

function Result({ data: { caseProgress } }: { data: CaseProgressQuery }) {
  if (!caseProgress) return <Notice tone="warning" title={t('progress.none')} />
  const rows = [
    { name: t('done.number'), value: caseProgress.number },
    { name: t('case.handler'), value: [caseProgress.tenantTitle, caseProgress.departmentTitle].filter(Boolean).join(' ') },
    { name: t('done.receivedAt'), value: instant(caseProgress.receivedAt) },
    { name: t('case.acceptedOn'), value: caseProgress.acceptedOn && day(caseProgress.acceptedOn) },
    { name: t('progress.promised'), value: caseProgress.promisedDueOn && day(caseProgress.promisedDueOn) },
    { name: t('progress.waitingFor'), value: caseProgress.waitingFor && word('waitingFor', caseProgress.waitingFor) },
    { name: t('case.outcome'), value: caseProgress.outcome && word('outcome', caseProgress.outcome) },
  ].filter((row) => row.value)
  return (
    <section>
      <h2>
        {caseProgress.matterTitle} <Status status={caseProgress.status} text={caseProgress.statusText} />
      </h2>
      <SummaryList rows={rows} />
      <FlowSteps steps={caseProgress.flow} />
      <h2>{t('case.timeline')}</h2>
      <Timeline items={caseProgress.steps.toReversed().map((step, i) => ({ key: i, title: step.title, when: instant(step.at) }))} />
    </section>
  )
}
