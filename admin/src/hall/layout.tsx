import { useEffect, useState, type ReactNode } from 'react'
import { Phone } from '@/features/matter/sections'
import { useSession } from '@/features/session/viewer'
import { useTenant } from '@/features/tenant/tenant'
import { go, Link, usePlace } from '@/route/route'
import { locale, setLocale, t } from '@/text'
import { careOn, setCare } from './care'

const pages = [
  { to: '/', title: 'nav.matters' },
  { to: '/halls', title: 'nav.halls' },
  { to: '/my', title: 'nav.my' },
  { to: '/progress', title: 'nav.progress' },
  { to: '/verify', title: 'nav.verify' },
] as const

/** Paints the hall in the colour of the place: its dark and pale shades follow from it. */
function usePaint(colour?: string | null) {
  useEffect(() => {
    if (!colour) return
    const { style } = document.documentElement
    style.setProperty('--blue', colour)
    style.setProperty('--blue-deep', `color-mix(in srgb, ${colour} 70%, #000)`)
    style.setProperty('--blue-wash', `color-mix(in srgb, ${colour} 10%, #fff)`)
    return () => ['--blue', '--blue-deep', '--blue-wash'].forEach((name) => style.removeProperty(name))
  }, [colour])
}

/** The frame of every page of the hall. */
export function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  )
}

function Header() {
  const { tenant } = useTenant()
  const { path } = usePlace()
  usePaint(tenant?.portal?.colour)
  return (
    <header className="header no-print">
      <div className="header-top">
        <Link to="/" className="brand">
          <img src="/emblem.svg" alt="" width="36" height="36" />
          <span>{tenant?.portal?.title ?? t('hall.name')}</span>
        </Link>
        <Tools />
      </div>
      <nav className="nav" aria-label={t('nav.main')}>
        <ul>
          {pages.map(({ to, title }) => (
            <li key={to}>
              <Link to={to} aria-current={path === to ? 'page' : undefined}>
                {t(title)}
              </Link>
            </li>
          ))}
          {tenant?.portal?.menu.map(({ id, title, url }) => (
            <li key={id}>
              <a href={url}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}

function Tools() {
  const { tenant } = useTenant()
  const { viewer, signOut } = useSession()
  const place = usePlace()
  const [care, setCareShown] = useState(careOn())
  const toggle = () => {
    setCare(!care)
    setCareShown(!care)
  }
  const leave = async () => {
    await signOut()
    go('/')
  }
  return (
    <ul className="tools" aria-label={t('nav.tools')}>
      <li>
        <Link to="/tenants">{tenant ? t('nav.change', { title: tenant.title }) : t('nav.choose')}</Link>
      </li>
      <li>
        <button type="button" className="tool" aria-pressed={care} onClick={toggle}>
          {t('nav.care')}
        </button>
      </li>
      <li>
        <button type="button" className="tool" lang={locale() === 'en' ? 'zh-CN' : 'en'} onClick={() => setLocale(locale() === 'en' ? 'zh-CN' : 'en')}>
          {locale() === 'en' ? '中文' : 'English'}
        </button>
      </li>
      {viewer ? (
        <li>
          <span className="who">{viewer.account.name}</span>{' '}
          <button type="button" className="tool" onClick={() => void leave()}>
            {t('nav.signOut')}
          </button>
        </li>
      ) : (
        <li>
          <Link to={'/sign-in?next=' + encodeURIComponent(place.path + (place.search.size > 0 ? '?' + place.search : ''))}>{t('nav.signIn')}</Link>
        </li>
      )}
    </ul>
  )
}

function Footer() {
  const { tenant } = useTenant()
  const portal = tenant?.portal
  return (
    <footer className="footer no-print">
      <div className="footer-inner">
        {portal?.hotline && (
          <p>
            {t('footer.hotline')} <Phone number={portal.hotline} />
          </p>
        )}
        {portal?.supervisionPhone && (
          <p>
            {t('footer.supervision')} <Phone number={portal.supervisionPhone} />
          </p>
        )}
        <p>
          <a href="/desk">{t('footer.desk')}</a>
        </p>
      </div>
    </footer>
  )
}
