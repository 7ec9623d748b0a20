import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary } from '@/components/error-summary'
import { TextBox } from '@/components/field'
import { WithdrawCaseDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { t } from '@/text'
import type { MyCase } from './case'

/** Taking an application back, while that is offered. */
export function Withdraw({ found, done }: { found: MyCase; done: () => void }) {
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState<string>()
  const withdraw = useMutation(WithdrawCaseDocument, { tenant: found.tenant.code })
  const verb = found.verbs.find((one) => one.id === 'withdraw' && one.permitted)
  if (!verb) return null
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setWrong(reason.trim() ? undefined : t('withdraw.need'))
    if (!reason.trim()) return
    if (await withdraw.run({ input: { case: found.id, reason: reason.trim(), version: found.version } })) done()
  }
  const errors = wrong ?? withdraw.error?.message
  return (
    <details className="no-print">
      <summary>{verb.title}</summary>
      <form onSubmit={submit} noValidate>
        <ErrorSummary errors={errors ? [{ target: 'withdraw-reason', message: errors }] : []} />
        <TextBox id="withdraw-reason" label={t('withdraw.reason')} hint={t('withdraw.hint')} error={wrong} value={reason} onChange={setReason} />
        <Button type="submit" look="danger" busy={withdraw.busy}>
          {t('withdraw.submit')}
        </Button>
      </form>
    </details>
  )
}
