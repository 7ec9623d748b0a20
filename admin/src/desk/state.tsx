import type { ReactNode } from 'react'
import { Alert, Button, Spin } from 'antd'
import type { Loaded } from '@/graphql/hooks'
import type { Refusal } from '@/graphql/refusal'
import { t } from '@/text'

/** Shows that something is on its way. */
export function Loading() {
  return (
    <div className="desk-loading" role="status">
      <Spin />
      <span>{t('state.loading')}</span>
    </div>
  )
}

/** Shows why there is nothing to see: denied, absent or failed. */
export function Failed({ error, retry }: { error: Refusal; retry?: () => void }) {
  const title = { FORBIDDEN: t('state.denied'), UNAUTHENTICATED: t('state.signedOut'), NOT_FOUND: t('state.absent') }[error.code as string] ?? t('state.failed')
  const detail = (
    <>
      <p>{error.message}</p>
      {error.problems.length > 0 && (
        <ul>
          {error.problems.map((problem, i) => (
            <li key={i}>{problem.message}</li>
          ))}
        </ul>
      )}
      {error.reason === 'stale_version' && <p>{t('state.changed')}</p>}
      {error.reference && <p>{t('state.reference', { reference: error.reference })}</p>}
    </>
  )
  return <Alert type={error.code === 'FORBIDDEN' ? 'warning' : 'error'} showIcon title={title} description={detail} action={retry && <Button onClick={retry}>{t('state.retry')}</Button>} />
}

/** Draws the state of a query, and its data when they are there; `page` when the data bring the page's heading. */
export function Show<Result>({ loaded, page = false, children }: { loaded: Loaded<Result>; page?: boolean; children: (data: Result) => ReactNode }) {
  if (loaded.data !== undefined) return <>{children(loaded.data)}</>
  return (
    <>
      {page && <h1 className="visually-hidden">{t(loaded.error ? 'state.failed' : 'state.loading')}</h1>}
      {loaded.error ? <Failed error={loaded.error} retry={loaded.reload} /> : <Loading />}
    </>
  )
}

/** The whole window while it is not known who is there, or a page's script is on its way. */
export function Waiting() {
  return (
    <>
      <h1 className="visually-hidden">{t('desk.name')}</h1>
      <Loading />
    </>
  )
}
