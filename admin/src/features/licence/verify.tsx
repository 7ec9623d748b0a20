import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary } from '@/components/error-summary'
import { TextBox } from '@/components/field'
import { SummaryList } from '@/components/list'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { Show } from '@/components/state'
import { VerifyLicenceDocument, type VerifyLicenceQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { go, usePlace } from '@/route/route'
import { t, word } from '@/text'
import { day, instant } from '@/text/date'

type Verification = VerifyLicenceQuery['verifyLicence']

/** Checking a licence, by its identifier or by the text of its QR code (`?t=`). Public. */
export function VerifyPage() {
  const { search } = usePlace()
  const [identifier, token] = [search.get('id') ?? '', search.get('t') ?? '']
  const asked = token ? { qr: token } : identifier ? { identifier } : null
  const answer = useQuery(VerifyLicenceDocument, asked)
  return (
    <Page title={t('verify.title')}>
      <p className="lead">{t('verify.lead')}</p>
      <VerifyForm key={identifier} identifier={identifier} />
      {asked && <div aria-live="polite"><Show loaded={answer}>{(data) => <Verdict verification={data.verifyLicence} />}</Show></div>}
    </Page>
  )
}

function VerifyForm({ identifier }: { identifier: string }) {
  const [typed, setTyped] = useState(identifier)
  const [wrong, setWrong] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const id = typed.trim()
    setWrong(id ? undefined : t('verify.need'))
    if (id) go('/verify?id=' + encodeURIComponent(id))
  }
  return (
    <form onSubmit={submit} noValidate className="narrow">
      <ErrorSummary errors={wrong ? [{ target: 'identifier', message: wrong }] : []} />
      <TextBox id="identifier" label={t('verify.identifier')} hint={t('verify.hint')} error={wrong} value={typed} onChange={setTyped} autoComplete="off" spellCheck={false} />
      <Button type="submit">{t('verify.submit')}</Button>
    </form>
  )
}

const tones = { valid: 'success', not_valid: 'warning', forged: 'error', unknown: 'warning' } as const

function Verdict({ verification }: { verification: Verification }) {
  const rows = [
    { name: t('verify.name'), value: verification.title },
    { name: t('verify.no'), value: verification.licenceNo },
    { name: t('verify.identifier'), value: verification.identifier },
    { name: t('verify.status'), value: verification.status && word('licenceStatus', verification.status) },
    { name: t('verify.issuer'), value: verification.issuer },
    { name: t('verify.from'), value: verification.validFrom && day(verification.validFrom) },
    { name: t('verify.to'), value: verification.validFrom && (verification.validTo ? day(verification.validTo) : t('verify.forever')) },
    ...verification.fields.map((field) => ({ name: field.title, value: field.value })),
    { name: t('verify.signature'), value: typeof verification.signatureValid === 'boolean' && t(verification.signatureValid ? 'verify.signed' : 'verify.unsigned') },
    { name: t('verify.at'), value: instant(verification.checkedAt) },
  ].filter((row) => row.value)
  return (
    <>
      <Notice tone={tones[verification.verdict]} title={word('verdict', verification.verdict)}>
        <p>{verification.message}</p>
      </Notice>
      <SummaryList rows={rows} />
    </>
  )
}
