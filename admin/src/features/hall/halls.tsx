import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { inTenant, useTenant } from '@/features/tenant/tenant'
import { HallsDocument, type HallsQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { Link } from '@/route/route'
import { t } from '@/text'
import { HallPlaces } from './places'

/** The service halls of a place (办事大厅), each with the departments that are present. */
export function HallsPage() {
  const { code, tenant } = useTenant()
  const halls = useQuery(HallsDocument, {}, { tenant: code })
  return (
    <Show loaded={halls} page>
      {(data) => (
        <Page title={t('halls.title')} caption={tenant?.title} back={{ to: '/', label: t('guide.back') }}>
          {data.halls.length === 0 && <Empty title={t('halls.none')} />}
          {data.halls.map((hall) => (
            <HallCard key={hall.name} hall={hall} tenant={code} />
          ))}
        </Page>
      )}
    </Show>
  )
}

function HallCard({ hall, tenant }: { hall: HallsQuery['halls'][number]; tenant?: string }) {
  return (
    <section>
      <h2>
        <Link to={inTenant(`/halls/${encodeURIComponent(hall.name)}`, tenant)}>{hall.title}</Link>
      </h2>
      <HallPlaces places={hall.places} />
      {hall.residents.length > 0 && <p>{t('halls.residents', { titles: hall.residents.map((one) => one.title).join('、') })}</p>}
    </section>
  )
}
