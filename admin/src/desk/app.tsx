import { lazy, Suspense } from 'react'
import { App as Messages, Button, ConfigProvider, Result } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import { SessionProvider, useSession } from '@/features/session/viewer'
import { DeskSignIn } from '@/features/session/desk-sign-in'
import { Waiting } from './state'
import { go, Routes, usePlace, type Route } from '@/route/route'
import { t } from '@/text'
import { DeskLayout } from './layout'
import { nonce, theme } from './theme'

const TodoPage = lazy(async () => ({ default: (await import('@/features/task/todo')).TodoPage }))
const HandlingPage = lazy(async () => ({ default: (await import('@/features/handling/page')).HandlingPage }))
const LinkedPage = lazy(async () => ({ default: (await import('@/features/oversight/linked')).LinkedPage }))

const routes: Route[] = [
  { pattern: '/desk', page: () => <TodoPage /> },
  { pattern: '/desk/cases/:id', page: ({ id = '' }) => <HandlingPage key={id} id={id} /> },
  { pattern: '/desk/linked', page: () => <LinkedPage /> },
]

/** The desk (工作台). */
export function DeskApp() {
  return (
    <ConfigProvider csp={{ nonce: nonce() }} locale={zhCN} theme={theme} button={{ autoInsertSpace: false }}>
      <Messages>
        <SessionProvider>
          <Inside />
        </SessionProvider>
      </Messages>
    </ConfigProvider>
  )
}

function Inside() {
  const { viewer, loading, signOut } = useSession()
  const { path } = usePlace()
  if (loading) return <main><Waiting /></main>
  if (!viewer || path === '/desk/sign-in') return <DeskSignIn />
  if (viewer.account.type !== 'staff') {
    const leave = <Button onClick={() => void signOut()}>{t('nav.signOut')}</Button>
    return <main><Result status="403" title={<h1>{t('desk.notStaff')}</h1>} subTitle={t('desk.notStaffHint', { name: viewer.account.name })} extra={leave} /></main>
  }
  return (
    <DeskLayout viewer={viewer}>
      <Suspense fallback={<Waiting />}>
        <Routes routes={routes} lost={<Result status="404" title={<h1>{t('page.lost')}</h1>} extra={<Button onClick={() => go('/desk')}>{t('desk.todo')}</Button>} />} />
      </Suspense>
    </DeskLayout>
  )
}
