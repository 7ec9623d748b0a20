import { ButtonLink } from '@/components/button'
import { More, useMore } from '@/components/more'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { SignedIn } from '@/features/session/sign-in'
import { MyCasesDocument, type MyCasesQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { Link } from '@/route/route'
import { t } from '@/text'
import { day, instant } from '@/text/date'
import { Status } from './status'

/** The applicant's cases in all places, newest first. */
export function MyCases() {
  return (
    <SignedIn title={t('my.title')}>
      <Page title={t('my.title')}>
        <Loader />
      </Page>
    </SignedIn>
  )
}

function Loader() {
  const cases = useQuery(MyCasesDocument, {})
  return <Show loaded={cases}>{(data) => <CaseList first={data} />}</Show>
}

const pick = (data: MyCasesQuery) => data.myCases

function CaseList({ first }: { first: MyCasesQuery }) {
  const list = useMore(first.myCases, MyCasesDocument, {}, pick)
  if (list.nodes.length === 0) {
    return (
      <Empty title={t('my.none')}>
        <ButtonLink to="/">{t('my.find')}</ButtonLink>
      </Empty>
    )
  }
  return (
    <>
      <ul className="matters">
        {list.nodes.map((one) => (
          <li className="matter" key={one.id}>
            <div className="matter-head">
              <h2>
                <Link to={`/cases/${encodeURIComponent(one.id)}?tenant=${one.tenant.code}`}>{one.matter.title}</Link>
              </h2>
              <Status status={one.status} text={one.statusText} />
            </div>
            <p className="matter-facts">
              <span>{one.number}</span>
              <span>{one.tenant.title}</span>
              <span>{t('my.received', { at: instant(one.receivedAt) })}</span>
              {one.promisedDueOn && <span>{t('my.promised', { day: day(one.promisedDueOn) })}</span>}
            </p>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  )
}
