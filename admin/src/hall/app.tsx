import { lazy, Suspense } from 'react'
import { ButtonLink } from '@/components/button'
import { Page } from '@/components/page'
import { Empty, Waiting } from '@/components/state'
import { MatterHome } from '@/features/matter/list'
import { SignInPage } from '@/features/session/sign-in'
import { SessionProvider } from '@/features/session/viewer'
import { TenantPicker } from '@/features/tenant/picker'
import { TenantProvider, useTenant } from '@/features/tenant/tenant'
import { Routes, type Route } from '@/route/route'
import { t } from '@/text'
import { Layout } from './layout'

const MatterGuide = lazy(async () => ({ default: (await import('@/features/matter/guide')).MatterGuide }))
const HallsPage = lazy(async () => ({ default: (await import('@/features/hall/halls')).HallsPage }))
const HallPage = lazy(async () => ({ default: (await import('@/features/hall/hall')).HallPage }))
const Apply = lazy(async () => ({ default: (await import('@/features/application/apply')).Apply }))
const DonePage = lazy(async () => ({ default: (await import('@/features/application/done')).DonePage }))
const MyCases = lazy(async () => ({ default: (await import('@/features/progress/my-cases')).MyCases }))
const CasePage = lazy(async () => ({ default: (await import('@/features/progress/case')).CasePage }))
const CorrectPage = lazy(async () => ({ default: (await import('@/features/progress/correct')).CorrectPage }))
const ProgressPage = lazy(async () => ({ default: (await import('@/features/progress/public-progress')).ProgressPage }))
const VerifyPage = lazy(async () => ({ default: (await import('@/features/licence/verify')).VerifyPage }))

const routes: Route[] = [
  { pattern: '/', page: () => <Home /> },
  { pattern: '/tenants', page: () => <TenantPicker /> },
  { pattern: '/sign-in', page: () => <SignInPage /> },
  { pattern: '/matters/:name', page: ({ name = '' }) => <MatterGuide key={name} name={name} /> },
  { pattern: '/halls', page: () => <HallsPage /> },
  { pattern: '/halls/:name', page: ({ name = '' }) => <HallPage key={name} name={name} /> },
  { pattern: '/apply/:matter/done', page: () => <DonePage /> },
  { pattern: '/apply/:matter', page: ({ matter = '' }) => <Apply matter={matter} step={{ name: 'tasks' }} /> },
  { pattern: '/apply/:matter/materials', page: ({ matter = '' }) => <Apply matter={matter} step={{ name: 'materials' }} /> },
  { pattern: '/apply/:matter/check', page: ({ matter = '' }) => <Apply matter={matter} step={{ name: 'check' }} /> },
  { pattern: '/apply/:matter/section/:n', page: ({ matter = '', n = '' }) => <Apply matter={matter} step={{ name: 'section', index: Number(n) }} /> },
  { pattern: '/my', page: () => <MyCases /> },
  { pattern: '/cases/:id', page: ({ id = '' }) => <CasePage id={id} /> },
  { pattern: '/cases/:id/correct', page: ({ id = '' }) => <CorrectPage id={id} /> },
  { pattern: '/progress', page: () => <ProgressPage /> },
  { pattern: '/verify', page: () => <VerifyPage /> },
]

/** The hall (办事大厅). */
export function HallApp() {
  return (
    <TenantProvider>
      <SessionProvider>
        <Layout>
          <Suspense fallback={<Waiting />}>
            <Routes routes={routes} lost={<Lost />} />
          </Suspense>
        </Layout>
      </SessionProvider>
    </TenantProvider>
  )
}

function Home() {
  const { code } = useTenant()
  return code ? <MatterHome key={code} /> : <TenantPicker />
}

function Lost() {
  return (
    <Page title={t('page.lost')}>
      <Empty title={t('page.lostHint')}>
        <ButtonLink to="/">{t('page.home')}</ButtonLink>
      </Empty>
    </Page>
  )
}
