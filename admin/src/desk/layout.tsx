import { useEffect, type ReactNode } from 'react'
import { Button } from 'antd'
import { useSession, type Viewer } from '@/features/session/viewer'
import { Link, usePlace } from '@/route/route'
import { t } from '@/text'

/** The frame of every page of the desk. */
export function DeskLayout({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const { path } = usePlace()
  const { signOut } = useSession()
  const pages = [
    { to: '/desk', title: t('desk.todo'), show: true },
    { to: '/desk/linked', title: t('desk.linked'), show: viewer.permissions.includes('supervision.linked') },
  ].filter((page) => page.show)
  return (
    <>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="desk-header">
        <Link to="/desk" className="desk-brand">
          <img src="/emblem.svg" alt="" width="28" height="28" />
          <span>{t('desk.name')}</span>
        </Link>
        <nav aria-label={t('nav.main')}>
          {pages.map(({ to, title }) => (
            <Link key={to} to={to} aria-current={path === to ? 'page' : undefined}>
              {title}
            </Link>
          ))}
        </nav>
        <div className="desk-who">
          <span>
            {viewer.actingTenant.title} · {viewer.account.name}
            {viewer.roles.length > 0 && <span className="desk-roles">（{viewer.roles.map((role) => role.title).join('、')}）</span>}
          </span>
          <Button type="link" className="desk-out" onClick={() => void signOut()}>
            {t('nav.signOut')}
          </Button>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="desk-main">
        {children}
      </main>
    </>
  )
}

/** Names the window after the page. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ${t('desk.name')}`
  }, [title])
}
