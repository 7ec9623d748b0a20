import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { TextBox } from '@/components/field'
import type { MatterFilter, MattersQuery } from '@/gql/graphql'
import { go, Link, type Place, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'

/** Filters that stand in the address, in the order of the page, with the prefix of their words. */
const shown = { theme: '', department: '', itemType: 'itemType', caseType: 'caseType', joint: 'joint', channel: 'channel', delivery: 'delivery', onlineDepth: 'onlineDepth', level: 'level', crossArea: 'crossArea', step: '' } as const
type Name = keyof typeof shown
const names = Object.keys(shown) as Name[]

/** Classes of applicants, as the tabs of the list; the first is everybody. */
export const audiences = ['', 'citizen', 'enterprise', 'government'] as const

type Facet = NonNullable<MattersQuery['matters']['facets']>[number]

/** The filter that the address asks for. */
export function filterOf({ search }: Place): MatterFilter {
  const filter: MatterFilter = {}
  for (const name of names) {
    const value = search.get(name)
    if (value && name === 'joint') filter.joint = value === 'true'
    else if (value && name !== 'joint') filter[name] = value
  }
  const audience = search.get('for')
  if (audience) filter.serviceGroup = audience
  return filter
}

/** The address without its filters; words stay. */
export const withoutFilters = (place: Place) => withSearch(place, Object.fromEntries([...names, 'for'].map((name) => [name, undefined])))

/** Whether the address narrows the list, by filters or a class of applicants. */
export const isNarrowed = (place: Place) => [...names, 'for'].some((name) => place.search.has(name))

/** What the list may be narrowed by, as links; what it is narrowed by is on top, to take away. */
export function Filters({ facets }: { facets: Facet[] }) {
  const place = usePlace()
  const chosen = names.filter((name) => place.search.has(name))
  const offered = names.flatMap((name) => {
    const facet = facets.find((one) => one.name === name)
    return facet && (facet.values.length > 1 || chosen.includes(name)) ? [{ ...facet, name }] : []
  })
  const titleOf = (name: Name, value: string) => facets.find((one) => one.name === name)?.values.find((one) => one.value === value)?.title ?? (shown[name] ? word(shown[name], value) : value)
  if (chosen.length === 0 && facets.every((facet) => facet.values.length === 0)) return null // nothing is listed
  return (
    <section className="filters" aria-label={t('filter.title')}>
      {chosen.length > 0 && (
        <ul className="filter-values filter-chosen" aria-label={t('filter.chosen')}>
          {chosen.map((name) => (
            <li key={name}>
              <Link to={withSearch(place, { [name]: undefined })} aria-label={t('filter.remove', { value: titleOf(name, place.search.get(name) ?? '') })}>
                {titleOf(name, place.search.get(name) ?? '')} <span aria-hidden="true">×</span>
              </Link>
            </li>
          ))}
          <li>
            <Link to={withoutFilters(place)}>{t('filter.clear')}</Link>
          </li>
        </ul>
      )}
      <details>
        <summary>{t('filter.title')}</summary>
        {offered.map((facet) => (
          <div className="filter" key={facet.name}>
            <h3 id={`filter-${facet.name}`}>{word('filter', facet.name)}</h3>
            <ul className="filter-values" aria-labelledby={`filter-${facet.name}`}>
              {facet.values.map(({ value, count }) => {
                const is = place.search.get(facet.name) === value
                return (
                  <li key={value}>
                    <Link to={withSearch(place, { [facet.name]: is ? undefined : value })} aria-current={is || undefined}>
                      {titleOf(facet.name, value)} <span className="muted">{count}</span>
                    </Link>
                  </li>
                )
              })}
            </ul>
          </div>
        ))}
        <StepBox key={place.search.get('step')} place={place} />
      </details>
    </section>
  )
}

/** Narrows by what the flow holds (办理流程): steps are too many to list. */
function StepBox({ place }: { place: Place }) {
  const [typed, setTyped] = useState(place.search.get('step') ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(withSearch(place, { step: typed.trim() || undefined }))
  }
  return (
    <form className="filter" onSubmit={submit}>
      <TextBox id="filter-step" label={t('filter.step')} hint={t('filter.stepHint')} maxLength={100} value={typed} onChange={setTyped} />
      <Button type="submit" look="quiet">
        {t('filter.apply')}
      </Button>
    </form>
  )
}
