import { useState } from 'react'
import { Button, Checkbox, Tag } from 'antd'
import { Failed } from '@/desk/state'
import { DecideSpecialDocument, RecordSpecialResultDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { useSession } from '@/features/session/viewer'
import { t, word } from '@/text'
import { day } from '@/text/date'
import { errorsByField, Inputs, missing, type Values } from './input'
import type { Handled } from './page'
import { Pairs, Panel } from './panel'

type Run = Handled['specials'][number]

/** Special procedures (特别程序): what they do to the clocks, and recording their result. */
export function Specials({ found, reload }: { found: Handled; reload: () => void }) {
  if (found.specials.length === 0) return null
  return (
    <Panel title={t('special.title')}>
      {found.specials.map((run) => (
        <div key={run.id}>
          <h3>
            {run.title} <Tag>{word('specialStatus', run.status)}</Tag>
          </h3>
          <Pairs
            rows={[
              { name: t('special.started'), value: run.startedOn && day(run.startedOn) },
              { name: t('special.expected'), value: run.expectedOn && day(run.expectedOn) },
              { name: t('special.effect'), value: t('special.effects', { promised: word('effect', run.promisedEffect), statutory: word('effect', run.statutoryEffect) }) },
              { name: t('special.reason'), value: run.reason },
              { name: t('special.result'), value: run.result && (run.inputs.find((field) => field.name === 'result')?.options.find((option) => option.value === run.result)?.title ?? run.result) },
              { name: t('special.executors'), value: run.executors.map((one) => one.name).join('、') },
            ]}
          />
          {run.decidable && <Decide run={run} reload={reload} />}
          {run.recordable && <Record found={found} run={run} reload={reload} />}
        </div>
      ))}
    </Panel>
  )
}

function Decide({ run, reload }: { run: Run; reload: () => void }) {
  const decide = useMutation(DecideSpecialDocument)
  const put = async (approve: boolean) => (await decide.run({ input: { special: run.id, approve } })) && reload()
  return (
    <>
      {decide.error && <Failed error={decide.error} />}
      <div className="desk-actions">
        <Button type="primary" loading={decide.busy} onClick={() => void put(true)}>
          {t('special.approve')}
        </Button>
        <Button danger loading={decide.busy} onClick={() => void put(false)}>
          {t('special.reject')}
        </Button>
      </div>
    </>
  )
}

/** The report: its fields, and who carried it out (two or more, 行政许可法 art. 34). */
function Record({ found, run, reload }: { found: Handled; run: Run; reload: () => void }) {
  const { viewer } = useSession()
  const [values, setValues] = useState<Values>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const people = new Map(found.tasks.filter((task) => task.node === run.procedure).flatMap((task) => task.candidates).map((one) => [one.id, one.name]))
  if (viewer) people.set(viewer.account.id, viewer.account.name)
  const [executors, setExecutors] = useState<string[]>(viewer ? [viewer.account.id] : [])
  const record = useMutation(RecordSpecialResultDocument)
  const submit = async () => {
    const wrong = missing(run.inputs, values)
    setErrors(wrong)
    if (Object.keys(wrong).length > 0) return
    if (await record.run({ input: { special: run.id, report: values, executors } })) reload()
  }
  return (
    <>
      {record.error && <Failed error={record.error} />}
      <fieldset className="desk-field">
        <legend>{t('special.who', { n: run.minimumPersons })}</legend>
        <Checkbox.Group value={executors} onChange={setExecutors} options={[...people].map(([value, label]) => ({ value, label }))} />
      </fieldset>
      <Inputs fields={run.inputs} context={{ prefix: run.id + '-', owner: found.id, materials: [] }} values={values} onChange={setValues} errors={{ ...errors, ...errorsByField(record.error?.problems ?? []) }} />
      <Button type="primary" loading={record.busy} onClick={() => void submit()}>
        {t('special.record')}
      </Button>
    </>
  )
}
