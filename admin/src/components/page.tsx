import { useEffect, useRef, type ReactNode } from 'react'
import { Link, moved } from '@/route/route'
import { t } from '@/text'

/** A page of the hall: names the window, moves the focus to its heading when it is entered from another; the first page leaves the focus where the browser put it. */
export function Page({ title, back, caption, children, wide = false }: { title: string; back?: { to: string; label?: string }; caption?: ReactNode; children: ReactNode; wide?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('hall.name')}`
    if (moved()) heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={wide ? 'page page-wide' : 'page'}>
      {back && (
        <Link className="back" to={back.to}>
          {back.label ?? t('page.back')}
        </Link>
      )}
      {caption && <p className="caption">{caption}</p>}
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </div>
  )
}
