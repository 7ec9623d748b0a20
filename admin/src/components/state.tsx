import type { ReactNode } from 'react'
import type { Loaded } from '@/graphql/hooks'
import type { Refusal } from '@/graphql/refusal'
import { t } from '@/text'
import { Button } from './button'
import { Notice } from './notice'

/** Shows that something is on its way. */
export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="loading-spinner" aria-hidden="true" />
      {t('state.loading')}
    </div>
  )
}

/** Shows that there is nothing, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  )
}

/** Shows why there is nothing to see: denied, absent or failed. */
export function Failed({ error, retry }: { error: Refusal; retry?: () => void }) {
  const title = { FORBIDDEN: t('state.denied'), UNAUTHENTICATED: t('state.signedOut'), NOT_FOUND: t('state.absent') }[error.code as string] ?? t('state.failed')
  return (
    <Notice tone={error.code === 'FORBIDDEN' ? 'warning' : 'error'} title={title}>
      <p>{error.message}</p>
      {error.reference && <p className="muted">{t('state.reference', { reference: error.reference })}</p>}
      {retry && (
        <Button look="secondary" onClick={retry}>
          {t('state.retry')}
        </Button>
      )}
    </Notice>
  )
}

/** A page that has nothing of its own to show yet: it still has a heading for those who move by headings. */
export function Waiting({ title = t('state.loading'), children = <Loading /> }: { title?: string; children?: ReactNode }) {
  return (
    <div className="page">
      <h1 className="visually-hidden">{title}</h1>
      {children}
    </div>
  )
}

/** Draws the state of a query, and its data when they are there; `page` when the data bring the page's heading. */
export function Show<Result>({ loaded, page = false, children }: { loaded: Loaded<Result>; page?: boolean; children: (data: Result) => ReactNode }) {
  if (loaded.data !== undefined) return <>{children(loaded.data)}</>
  const state = loaded.error ? <Failed error={loaded.error} retry={loaded.reload} /> : <Loading />
  if (!page) return state
  return <Waiting title={loaded.error ? t('state.failed') : undefined}>{state}</Waiting>
}
