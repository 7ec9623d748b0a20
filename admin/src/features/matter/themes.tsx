import { Failed } from '@/components/state'
import { useSession } from '@/features/session/viewer'
import { SubscribeThemesDocument, type MattersQuery } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { t } from '@/text'

type Facet = NonNullable<MattersQuery['matters']['facets']>[number]

/** The themes that an applicant follows (主题订阅); nothing for anybody else, or where no matter has a theme. */
export function Themes({ facets }: { facets: Facet[] }) {
  const { viewer, reload } = useSession()
  const subscribe = useMutation(SubscribeThemesDocument)
  const offered = facets.find((one) => one.name === 'theme')?.values.map(({ value }) => value) ?? []
  if (!viewer || viewer.account.type === 'staff') return null
  const followed = viewer.themes
  const all = [...new Set([...followed, ...offered])]
  if (all.length === 0) return null
  const toggle = async (theme: string) => {
    const themes = followed.includes(theme) ? followed.filter((one) => one !== theme) : [...followed, theme]
    if (await subscribe.run({ input: { themes } })) reload()
  }
  return (
    <details className="themes">
      <summary>{t('themes.title', { n: followed.length })}</summary>
      <p className="muted">{t('themes.hint')}</p>
      {subscribe.error && <Failed error={subscribe.error} />}
      <ul className="filter-values" aria-label={t('themes.list')}>
        {all.map((theme) => (
          <li key={theme}>
            <button type="button" aria-pressed={followed.includes(theme)} aria-disabled={subscribe.busy || undefined} onClick={() => !subscribe.busy && void toggle(theme)}>
              {theme}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
