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

/** Draws the state of a query, and its data when they are there. */
export function Show<Result>({ loaded, children }: { loaded: Loaded<Result>; children: (data: Result) => ReactNode }) {
  if (loaded.data !== undefined) return <>{children(loaded.data)}</>
  if (loaded.error) return <Failed error={loaded.error} retry={loaded.reload} />
  return <Loading />
}
