import { useState } from 'react'
import { Alert, App, Button } from 'antd'
import { Failed } from '@/desk/state'
import { ActOnTaskDocument, IssueDocumentDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { t } from '@/text'
import { errorsByField, Inputs, missing, type Values } from './input'
import type { Handled } from './page'
import type { HandledTask } from './task'

type Action = HandledTask['actions'][number]

/** One action, in the order of the law: fill in, issue the document, then act (I7 notice before action). */
export function ActionPanel({ found, task, action, reload }: { found: Handled; task: HandledTask; action: Action; reload: () => void }) {
  const { message } = App.useApp()
  const [values, setValues] = useState<Values>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const issue = useMutation(IssueDocumentDocument)
  const act = useMutation(ActOnTaskDocument)
  const refusal = issue.error ?? act.error
  const fields = { ...Object.fromEntries(action.inputs.filter((field) => field.default !== null).map((field) => [field.name, field.default])), ...values }
  const ready = () => {
    const wrong = missing(action.inputs, values)
    setErrors(wrong)
    return Object.keys(wrong).length === 0
  }
  const issueIt = async () => {
    act.clear()
    if (!ready()) return
    const result = await issue.run({ input: { task: task.id, action: action.id, fields } })
    if (!result) return
    message.success(t('action.issued', { title: result.issueDocument.document.title, number: result.issueDocument.document.number }))
    reload()
  }
  const actIt = async () => {
    issue.clear()
    if (!ready()) return
    const opinion = typeof fields.opinion === 'string' ? fields.opinion : undefined
    const result = await act.run({ input: { task: task.id, action: action.id, fields, opinion, version: found.version } })
    if (!result) return
    message.success(t('action.done', { title: action.title, state: result.actOnTask.case.statusText }))
    reload()
  }
  const waiting = !action.unlocked && action.lockedReason === 'document_required'
  const context = { prefix: `${action.id}-`, owner: found.id, materials: found.materials }
  return (
    <>
      {refusal && <Failed error={refusal} retry={refusal.reason === 'stale_version' ? reload : undefined} />}
      {!action.unlocked && !waiting && <Alert type="warning" showIcon title={t('action.locked')} description={action.lockedMessage ?? action.lockedReason} />}
      <ol className="desk-steps">
        {action.inputs.length > 0 && (
          <li>
            <h3>{t('action.fill')}</h3>
            <Inputs fields={action.inputs} context={context} values={values} onChange={setValues} errors={{ ...errors, ...errorsByField(refusal?.problems ?? []) }} />
          </li>
        )}
        {action.document && (
          <li>
            <h3>{t('action.issue', { title: action.documentTitle ?? action.document })}</h3>
            {action.issued ? (
              <p>
                {t('action.issuedAs', { number: action.issued.number })} {action.issued.file?.url && <a href={action.issued.file.url} target="_blank" rel="noopener">{t('handling.print', { title: action.issued.title })}</a>}
              </p>
            ) : (
              <Button disabled={!waiting} loading={issue.busy} onClick={() => void issueIt()}>
                {t('action.issueNow')}
              </Button>
            )}
          </li>
        )}
        <li>
          <h3>{action.title}</h3>
          <Button type="primary" disabled={!action.unlocked} loading={act.busy} onClick={() => void actIt()} aria-describedby={action.unlocked ? undefined : action.id + '-locked'}>
            {t('action.confirm', { title: action.title })}
          </Button>
          {!action.unlocked && (
            <p className="muted" id={action.id + '-locked'}>
              {action.lockedMessage ?? action.lockedReason}
            </p>
          )}
        </li>
      </ol>
    </>
  )
}
