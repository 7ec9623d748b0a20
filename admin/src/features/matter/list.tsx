import { useEffect, useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { More, useMore } from '@/components/more'
import { Tag } from '@/components/notice'
import { Empty, Show } from '@/components/state'
import { inTenant, useTenant } from '@/features/tenant/tenant'
import { MattersDocument, type MatterRowFragment, type MattersQuery, type MattersQueryVariables } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { go, Link, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'

/** Whom services are for, as the tabs of the list. */
const audiences = ['', 'natural_person', 'enterprise'] as const

/** The home of the hall: find a matter by words, pinyin or initials. */
export function MatterHome() {
  const { code, tenant } = useTenant()
  const place = usePlace()
  const text = place.search.get('q') ?? ''
  const audience = place.search.get('for') ?? ''
  const variables: MattersQueryVariables = { text: text || undefined, filter: audience ? { serviceObject: audience } : undefined }
  const matters = useQuery(MattersDocument, variables, { tenant: code })
  const title = tenant?.portal?.title ?? t('home.title', { title: tenant?.title ?? '' })
  useEffect(() => {
    document.title = title
  }, [title])
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
        <h2>{text ? t('home.found', { text }) : t('home.matters')}</h2>
        <Show loaded={matters}>{(data) => <MatterList key={JSON.stringify(variables)} first={data} variables={variables} tenant={code} />}</Show>
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
      <input id="search" className="input" type="search" enterKeyHint="search" placeholder={t('home.searchHint')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <Button type="submit">{t('home.submit')}</Button>
    </form>
  )
}

const pick = (data: MattersQuery) => data.matters

function MatterList({ first, variables, tenant }: { first: MattersQuery; variables: MattersQueryVariables; tenant?: string }) {
  const list = useMore(first.matters, MattersDocument, variables, pick, { tenant })
  if (list.nodes.length === 0) {
    return (
      <Empty title={t('home.none')}>
        <p>{t('home.noneHint')}</p>
      </Empty>
    )
  }
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

function MatterCard({ matter, tenant }: { matter: MatterRowFragment; tenant?: string }) {
  return (
    <li className="matter">
      <div className="matter-head">
        <h3>
          <Link to={inTenant(`/matters/${encodeURIComponent(matter.name)}`, tenant)}>{matter.title}</Link>
        </h3>
        <Tag tone="blue">{word('itemType', matter.itemType)}</Tag>
        {!matter.open && <Tag>{t('matter.closed')}</Tag>}
      </div>
      <p className="matter-facts">
        {matter.department && <span>{matter.department.title}</span>}
        {matter.promisedLimit && <span>{t('matter.promisedShort', { limit: matter.promisedLimit.text })}</span>}
        {matter.visits !== null && matter.visits !== undefined && <span>{t('matter.visitsShort', { n: matter.visits })}</span>}
      </p>
    </li>
  )
}
