import { Button, ButtonLink } from '@/components/button'
import { SummaryList } from '@/components/list'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { SignedIn } from '@/features/session/sign-in'
import { ReceiptDocument, type ReceiptQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { usePlace } from '@/route/route'
import { t } from '@/text'
import { dueDay, instant } from '@/text/date'

type Receipt = NonNullable<ReceiptQuery['case']>

/** The confirmation: number, query code, and what happens next. Prints as a receipt. */
export function DonePage() {
  const { search } = usePlace()
  const receipt = useQuery(ReceiptDocument, { id: search.get('case') ?? '' }, { tenant: search.get('tenant') ?? undefined })
  return (
    <SignedIn title={t('done.title')}>
      <Show loaded={receipt} page>{(data) => (data.case ? <Confirmation receipt={data.case} /> : <Empty title={t('case.absent')} />)}</Show>
    </SignedIn>
  )
}

function Confirmation({ receipt }: { receipt: Receipt }) {
  const acceptance = receipt.clocks.find((clock) => clock.kind === 'acceptance')
  const matter = receipt.matter
  const next = [
    acceptance ? t('done.acceptanceBy', { day: dueDay(acceptance.dueOn) }) : matter.acceptanceWindow && t('done.acceptance', { limit: matter.acceptanceWindow.text }),
    matter.promisedLimit && t('done.promised', { limit: matter.promisedLimit.text }),
    t('done.correction'),
    matter.places?.phone && t('done.phone', { phone: matter.places.phone }),
  ].filter((text): text is string => Boolean(text))
  return (
    <Page title={t('done.title')}>
      <div className="confirmation" role="status">
        <p>{t('done.number')}</p>
        <p className="confirmation-number">{receipt.number}</p>
      </div>
      <SummaryList
        rows={[
          { name: t('done.matter'), value: matter.title },
          { name: t('done.queryCode'), value: <span className="code">{receipt.queryCode}</span> },
          { name: t('done.receivedAt'), value: instant(receipt.receivedAt) },
          { name: t('done.handler'), value: `${receipt.tenant.title} ${matter.department?.title ?? ''}` },
        ]}
      />
      <p className="muted">{t('done.keep')}</p>
      <h2>{t('done.next')}</h2>
      <ol className="steps">
        {next.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <div className="actions no-print">
        <ButtonLink to={`/cases/${encodeURIComponent(receipt.id)}?tenant=${receipt.tenant.code}`}>{t('done.follow')}</ButtonLink>
        <Button look="secondary" onClick={() => print()}>
          {t('done.print')}
        </Button>
      </div>
    </Page>
  )
}
