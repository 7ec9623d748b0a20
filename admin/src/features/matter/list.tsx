import { useEffect, useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { More, useMore } from '@/components/more'
import { Tag } from '@/components/notice'
import { Empty, Show } from '@/components/state'
import { useSession } from '@/features/session/viewer'
import { inTenant, useTenant } from '@/features/tenant/tenant'
import { HotMattersDocument, MattersDocument, type MatterRowFragment, type MattersQuery, type MattersQueryVariables } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { go, Link, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'
import { audiences, filterOf, Filters, isNarrowed, withoutFilters } from './filters'
import { Themes } from './themes'

/** The home of the hall: find a matter by words, pinyin or initials, and narrow what was found. All of it is in the address. */
export function MatterHome() {
  const { code, tenant } = useTenant()
  const themes = useSession().viewer?.themes ?? []
  const place = usePlace()
  const text = place.search.get('q') ?? ''
  const audience = place.search.get('for') ?? ''
  const variables: MattersQueryVariables = { text: text || undefined, filter: filterOf(place), first: 20, facets: true }
  const matters = useQuery(MattersDocument, variables, { tenant: code })
  const title = tenant?.portal?.title ?? t('home.title', { title: tenant?.title ?? '' })
  useEffect(() => {
    document.title = text ? t('home.found', { text }) : title
  }, [title, text])
  return (
    <>
      <section className="hero">
        <div className="hero-inner">
          <h1>{title}</h1>
          <p>{t('home.lead')}</p>
          <SearchBox key={text} text={text} />
        </div>
      </section>
      <div className="page page-wide">
        <nav className="tabs" aria-label={t('home.audience')}>
          {audiences.map((one) => (
            <Link key={one} to={withSearch(place, { for: one || undefined })} aria-current={audience === one ? 'page' : undefined}>
              {word('audience', one || 'all')}
            </Link>
          ))}
        </nav>
        {!text && !isNarrowed(place) && <Hot key={themes.join('\n')} tenant={code} mine={themes.length > 0} />}
        <h2>{text ? t('home.found', { text }) : t('home.matters')}</h2>
        <Show loaded={matters}>
          {(data) => (
            <>
              <Filters facets={data.matters.facets ?? []} />
              {!text && <Themes facets={data.matters.facets ?? []} />}
              <MatterList key={JSON.stringify(variables)} first={data} variables={{ ...variables, facets: false }} tenant={code} />
            </>
          )}
        </Show>
      </div>
    </>
  )
}

function SearchBox({ text }: { text: string }) {
  const place = usePlace()
  const [typed, setTyped] = useState(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(withSearch(place, { q: typed.trim() || undefined }))
  }
  return (
    <form role="search" className="search" onSubmit={submit}>
      <label className="visually-hidden" htmlFor="search">
        {t('home.search')}
      </label>
      <input id="search" className="input" type="search" enterKeyHint="search" maxLength={200} placeholder={t('home.searchHint')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <Button type="submit">{t('home.submit')}</Button>
    </form>
  )
}

/** What is applied for most. The page does without it while it is on its way or fails. */
function Hot({ tenant, mine }: { tenant?: string; mine: boolean }) {
  const { data } = useQuery(HotMattersDocument, {}, { tenant })
  if (!data || data.matters.edges.length === 0) return null
  return (
    <section className="hot" aria-labelledby="hot">
      <h2 id="hot">{t(mine ? 'home.forYou' : 'home.hot')}</h2>
      <ul className="filter-values">
        {data.matters.edges.map(({ node }) => (
          <li key={node.name}>
            <Link to={pathOf(node.name, tenant)}>{node.title}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const pathOf = (name: string, tenant?: string) => inTenant(`/matters/${encodeURIComponent(name)}`, tenant)

type Found = MatterRowFragment & { titleParts: { text: string; matched: boolean }[] }

/** The page of a connection, the parts of each title with its matter. */
const pick = ({ matters }: MattersQuery) => ({ pageInfo: matters.pageInfo, edges: matters.edges.map(({ node, titleParts }) => ({ node: { ...node, titleParts } })) })

function MatterList({ first, variables, tenant }: { first: MattersQuery; variables: MattersQueryVariables; tenant?: string }) {
  const list = useMore(pick(first), MattersDocument, variables, pick, { tenant })
  if (list.nodes.length === 0) return <Nothing text={variables.text ?? ''} tenant={tenant} />
  return (
    <>
      <ul className="matters">
        {list.nodes.map((matter) => (
          <MatterCard key={matter.id} matter={matter} tenant={tenant} />
        ))}
      </ul>
      <More list={list} />
    </>
  )
}

/** Nothing was found: what to try next. */
function Nothing({ text, tenant }: { text: string; tenant?: string }) {
  const place = usePlace()
  return (
    <Empty title={t('home.none')}>
      <p>{t('home.noneHint')}</p>
      <p className="empty-next">
        {isNarrowed(place) && <Link to={withoutFilters(place)}>{t('home.widen')}</Link>}
        {text && <Link to={inTenant('/', tenant)}>{t('home.seeAll')}</Link>}
        <Link to="/tenants">{t('home.elsewhere')}</Link>
      </p>
    </Empty>
  )
}

function MatterCard({ matter, tenant }: { matter: Found; tenant?: string }) {
  const above = tenant !== undefined && matter.tenant.code !== tenant
  return (
    <li className="matter">
      <div className="matter-head">
        <h3>
          <Link to={pathOf(matter.name, above ? matter.tenant.code : tenant)}>
            {matter.titleParts.map((part, i) => (part.matched ? <mark key={i}>{part.text}</mark> : part.text))}
          </Link>
        </h3>
        <Tag tone="blue">{word('itemType', matter.itemType)}</Tag>
        <Tag tone={matter.caseType === 'instant' ? 'green' : 'plain'}>{word('caseType', matter.caseType)}</Tag>
        {matter.joint && <Tag>{t('matter.joint')}</Tag>}
        {!matter.open && <Tag>{t('matter.closed')}</Tag>}
        {above && <Tag tone="yellow">{t('matter.above', { tenant: matter.tenant.title })}</Tag>}
      </div>
      <p className="matter-facts">
        {matter.department && <span>{matter.department.title}</span>}
        {matter.promisedLimit && <span>{t('matter.promisedShort', { limit: matter.promisedLimit.text })}</span>}
        {matter.visits !== null && matter.visits !== undefined && <span>{t('matter.visitsShort', { n: matter.visits })}</span>}
      </p>
    </li>
  )
}
