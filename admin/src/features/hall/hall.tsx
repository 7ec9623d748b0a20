import { ButtonLink } from '@/components/button'
import { More, useMore } from '@/components/more'
import { Tag } from '@/components/notice'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { inTenant, useTenant } from '@/features/tenant/tenant'
import { HallPageDocument, type HallPageQuery, type HallPageQueryVariables } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { Link, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'
import { HallPlaces } from './places'

type Hall = NonNullable<HallPageQuery['hall']>

/** One service hall: windows, resident departments (进驻部门) and resident matters (进驻事项). */
export function HallPage({ name }: { name: string }) {
  const { code, tenant } = useTenant()
  const department = usePlace().search.get('department') ?? undefined
  const variables: HallPageQueryVariables = { name, department }
  const loaded = useQuery(HallPageDocument, variables, { tenant: code })
  return (
    <Show loaded={loaded} page>
      {({ hall }) =>
        hall ? (
          <Page title={hall.title} caption={tenant?.title} back={{ to: '/halls', label: t('halls.back') }}>
            <HallPlaces places={hall.places} />
            {hall.department && <p>{t('halls.runBy', { title: hall.department.title })}</p>}
            <Windows windows={hall.windows} />
            <Residents hall={hall} chosen={department} />
            <h2>{t('halls.matters')}</h2>
            <Matters key={department ?? ''} hall={hall} variables={variables} tenant={code} />
          </Page>
        ) : (
          <Page title={t('halls.absent')}>
            <Empty title={t('halls.absentHint')}>
              <ButtonLink to="/halls">{t('halls.back')}</ButtonLink>
            </Empty>
          </Page>
        )
      }
    </Show>
  )
}

function Windows({ windows }: { windows: Hall['windows'] }) {
  return (
    <>
      <h2>{t('halls.windows')}</h2>
      <ul>
        {windows.map((window) => (
          <li key={window.id}>
            <strong>{window.id}</strong> {window.title}
            {window.all && <span className="muted">（{t('halls.every')}）</span>}
            {window.functions.length > 0 && <span className="muted">（{window.functions.map((one) => word('windowFunction', one)).join('、')}）</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

function Residents({ hall, chosen }: { hall: Hall; chosen?: string }) {
  const place = usePlace()
  if (hall.residents.length === 0) return null
  return (
    <>
      <h2>{t('halls.departments')}</h2>
      <nav aria-label={t('halls.departments')}>
        <ul>
          <li>
            <Link to={withSearch(place, { department: undefined })} aria-current={chosen ? undefined : 'true'}>
              {t('halls.all')}
            </Link>
          </li>
          {hall.residents.map((one) => (
            <li key={one.name}>
              <Link to={withSearch(place, { department: one.name })} aria-current={chosen === one.name ? 'true' : undefined}>
                {t('halls.count', { title: one.title, n: one.matters })}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </>
  )
}

const pick = (data: HallPageQuery) => data.hall?.matters ?? { edges: [], pageInfo: { hasNextPage: false } }

function Matters({ hall, variables, tenant }: { hall: Hall; variables: HallPageQueryVariables; tenant?: string }) {
  const list = useMore(hall.matters, HallPageDocument, variables, pick, { tenant })
  if (list.nodes.length === 0) return <Empty title={t('halls.noMatters')} />
  return (
    <>
      <ul className="matters">
        {list.nodes.map((matter) => (
          <li className="matter" key={matter.id}>
            <div className="matter-head">
              <Link to={inTenant(`/matters/${encodeURIComponent(matter.name)}`, tenant)}>{matter.title}</Link>
              <Tag tone="blue">{word('itemType', matter.itemType)}</Tag>
            </div>
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  )
}
